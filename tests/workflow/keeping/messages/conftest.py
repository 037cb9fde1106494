"""A small clinic with somebody on duty, a mail server and a receiver of webhooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from intake.workflow.keeping.messages import courier
from intake.workflow.keeping.messages.smtp import MailServer
from intake.workflow.keeping.messages.webhook import Webhook
from intake.workflow.shared.duty import Duty
from tests.support.mail import Inbox
from tests.support.receiver import Receiver
from tests.support.small_clinic import SmallClinic

TO, SENDER, SECRET = "duty@harbour.example", "desk@harbour.example", "s3cret-of-the-webhook-0123456789-abcdef"
PAGE = "https://intake.example/review/alarms"
Deliver = Callable[[], int]


@pytest.fixture
def on_duty(clinic: SmallClinic, hook: Receiver) -> SmallClinic:
    """A clinic with somebody to tell."""
    return replace(clinic, duty=Duty(TO, hook.url, SENDER, "Harbour Lane Clinic", PAGE))


@pytest.fixture
def post(on_duty: SmallClinic, inbox: Inbox) -> Deliver:
    """Send the mails that are due, in one round."""
    way = MailServer(inbox.host, inbox.port, SENDER)
    return lambda: courier.deliver(on_duty, way)


@pytest.fixture
def ring(on_duty: SmallClinic, hook: Receiver) -> Deliver:
    """Call the webhook for what is due, in one round."""
    way = Webhook(hook.url, SECRET, on_duty.clock)
    return lambda: courier.deliver(on_duty, way)
