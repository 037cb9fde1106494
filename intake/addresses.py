"""What an address must look like: of this machine, of a site, of a person's mail, of a webhook, of a database."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PLAIN_PATH = re.compile(r"(/[a-z0-9_-]+)*/?", re.ASCII)
MAIL_ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@[\w-]+(\.[\w-]+)*", re.ASCII)


def is_mail(address: str) -> bool:
    """Whether this is one person's or list's mail address, without a name or anything else beside it."""
    return MAIL_ADDRESS.fullmatch(address) is not None and address.isascii()


def is_public(address: str) -> bool:
    """Whether an address names a host, with a port or without, and behind it nothing but a plain path."""
    try:
        parts = urlsplit(address)
        rest = parts.username or parts.password or parts.query or parts.fragment
        return bool(parts.hostname) and parts.port != 0 and not rest and PLAIN_PATH.fullmatch(parts.path) is not None
    except ValueError:
        return False


def is_safe_receiver(address: str) -> bool:
    """Whether a webhook may go there: over https, or to this machine."""
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and parts.port != 0 and not (parts.username or parts.password or parts.fragment)
    except ValueError:
        return False
    return named and _is_plain(address) and (parts.scheme == "https" or _is_here(parts))


def _is_plain(address: str) -> bool:
    return address.isascii() and address.isprintable() and " " not in address


def _is_here(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def names_database(address: str) -> bool:
    """Whether this is nothing (the file in the instance), or the address of a database that we know."""
    try:
        return not address or make_url(address).get_backend_name() in ("sqlite", "postgresql")
    except ArgumentError:
        return False
