"""The floor of the journey benchmark: plain Flask-WTF, its own widgets, one upsert a step on SQLite FULL.

python -m bench.plain_flask_wtf PORT DATABASE STEPS
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import sys
import threading

import waitress
from flask import Flask, redirect, render_template, session
from flask_wtf import FlaskForm
from jinja2 import DictLoader
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField, SubmitField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

OPTIONS = [(f"code_{index}", f"An answer with a few words, number {index}") for index in range(10)]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Step {{ step }}</title></head><body><main>
<h1>Step {{ step }}</h1><form method="post">{{ form.csrf_token }}
{% for field in (form.ticks, form.pick) %}<fieldset><legend>{{ field.label }}</legend>{{ field() }}
{% for error in field.errors %}<p>{{ error }}</p>{% endfor %}</fieldset>{% endfor %}
{{ form.send() }}</form></main></body></html>"""
UPSERT = """INSERT INTO answers (draft, step, value) VALUES (?, ?, ?)
ON CONFLICT (draft, step) DO UPDATE SET value = excluded.value"""


class StepForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A list of ten checkboxes and five radio buttons: about one of our pages."""

    ticks = SelectMultipleField(
        "Which of these?", choices=OPTIONS, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    pick = RadioField("Which one?", choices=OPTIONS[:5], validators=[InputRequired()])
    send = SubmitField("Continue")


def build(database: str, steps: int) -> Flask:
    """The application; `database` is a file that it creates."""
    app = Flask(__name__)
    app.secret_key = secrets.token_bytes(32)
    app.jinja_loader = DictLoader({"step.html": PAGE})  # compiled once, as the templates of any application are
    local = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(database, timeout=5, isolation_level=None)
            local.connection.execute("PRAGMA journal_mode=WAL")
            local.connection.execute("PRAGMA synchronous=FULL")
        found: sqlite3.Connection = local.connection
        return found

    connection().execute("CREATE TABLE answers (draft TEXT, step INTEGER, value TEXT, PRIMARY KEY (draft, step))")

    @app.get("/step/<int:step>")
    def show(step: int) -> str:
        return render_template("step.html", form=StepForm(), step=step)

    @app.post("/step/<int:step>")
    def save(step: int) -> Response | str:
        form = StepForm()
        if not form.validate_on_submit():
            return render_template("step.html", form=form, step=step)
        draft = session.setdefault("draft", secrets.token_hex(16))
        connection().execute(UPSERT, (draft, step, json.dumps([form.ticks.data, form.pick.data])))
        return redirect(f"/step/{step + 1}" if step < steps else "/done")

    @app.get("/done")
    def done() -> str:
        return "done"

    return app


if __name__ == "__main__":
    waitress.serve(build(sys.argv[2], int(sys.argv[3])), host="127.0.0.1", port=int(sys.argv[1]), threads=4)
