"""`needling-intake COMMAND`, or `python -m intake COMMAND`: every command of the product, from any folder."""

from __future__ import annotations

from flask.cli import FlaskGroup

from intake import create_app

main = FlaskGroup(
    name="needling-intake",
    create_app=create_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    help="The intake and triage questionnaire for IMS and dry needling. INTAKE_INSTANCE names the folder it works in.",
)

if __name__ == "__main__":
    main()
