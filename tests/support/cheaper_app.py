"""What each application of a run would pay for again: templates and routes, compiled once; passwords, made cheap."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import TYPE_CHECKING, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from werkzeug.routing import Rule

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Templates by name and content, for every application of this process."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was compiled from the same words."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        assert bucket.code is not None
        self.kept[bucket.key, bucket.checksum] = bucket.code


class Route(Rule):
    """A route whose addresses are made by code that is compiled once a process: it follows from how the route reads."""

    kept: ClassVar[dict[tuple[str, str, bool], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT002 - as Werkzeug has it
        reads = (self.rule, repr(self.defaults), append_unknown)
        if reads not in self.kept:
            self.kept[reads] = super()._compile_builder(append_unknown)
        return self.kept[reads]


COMPILED = Compiled()
Flask.url_rule_class = Route  # of every application that is made from now on; most of making one


def cheaper(app: Flask, *, cheap_passwords: bool = True) -> Flask:
    """The application, sparing; passwords stay argon2id, with one pass over little memory if they may be cheap."""
    app.jinja_env.bytecode_cache = COMPILED
    if cheap_passwords:
        app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=64)
    return app
