"""Words for what was read from a day list: its signs, letters, columns, and why a row is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from intake.interop.day_lists.letters import NAMES as LETTERS
from intake.interop.day_lists.reading import Column, OmissionReason, Order

if TYPE_CHECKING:
    from intake.workflow.desk.day_list import VisitChange

__all__ = ["COLUMNS", "FIELDS", "LETTERS", "ORDERS", "REASONS", "SEPARATORS", "what"]
SEPARATORS = {";": _("Semicolon ( ; )"), ",": _("Comma ( , )"), "\t": _("Tab"), "|": _("Bar ( | )")}
COLUMNS = {
    Column.DAY: _("Day"),
    Column.TIME: _("Time"),
    Column.BEGINS: _("Day and time"),
    Column.NAME: _("Name"),
    Column.FIRST_NAME: _("First name"),
    Column.LAST_NAME: _("Last name"),
    Column.BORN: _("Birth date"),
    Column.PHONE: _("Phone"),
    Column.EMAIL: _("E-mail"),
    Column.PRACTITIONER: _("With"),
    Column.PLACE: _("Place"),
    Column.KIND: _("Kind of visit"),
    Column.SOURCE: _("Number in that system"),
}
ORDERS = {Order.DAY_FIRST: _("Day first"), Order.MONTH_FIRST: _("Month first")}
REASONS = {
    OmissionReason.NO_NAME: _("No name."),
    OmissionReason.NO_DAY: _("No day."),
    OmissionReason.NO_TIME: _("No time. Add it by hand, or mend the list."),
    OmissionReason.NO_SUCH_DAY: _("There is no such day."),
    OmissionReason.NO_SUCH_TIME: _("There is no such time on that day."),
    OmissionReason.BORN_AHEAD: _("The birth date is ahead, or more than 120 years ago."),
    OmissionReason.FORMULA: _("A formula. It is shown as text and never run."),
    OmissionReason.HIDDEN_SIGNS: _("It holds signs that cannot be seen."),
    OmissionReason.TOO_LONG: _("The cell is too long."),
    OmissionReason.REPEATS: _("It repeats. Add each visit by hand."),
    OmissionReason.CANCELLED: _("It is cancelled in the calendar."),
    OmissionReason.TWICE: _("The same visit as row %(cell)s."),
}
FIELDS = {
    "time": _("Time"),
    **{column.value: word for column, word in COLUMNS.items() if column is not Column.TIME},
}


def what(change: VisitChange) -> str:
    """What of a visit changes."""
    return str(FIELDS.get(change.what, change.what))
