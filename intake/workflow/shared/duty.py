"""Who is told of alarms outside the program, and what a message to them or to a patient may say of the clinic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Duty:
    """Where alarms go (each empty: nowhere), and what their messages hold: the clinic's name, and where staff look.

    `sender` is the address that mails come from (empty: none are sent), `base` where patients reach the form, without a
    slash at the end.
    """

    address: str = ""
    webhook: str = ""
    sender: str = ""
    clinic: str = ""
    page: str = ""
    base: str = ""
    phone: str = ""
    emergency_number: str = ""

    def message_id(self, identifier: str) -> str:
        """The Message-ID of a mail, which never changes: whoever gets it twice can tell."""
        return f"<{identifier}@{self.sender.rpartition('@')[2] or 'localhost'}>"


NOBODY = Duty()
