"""Addresses of our pages as people outside type them, or hold a camera over them: of the host that patients reach."""

from __future__ import annotations

from flask import request

from intake.web.services import services


def public(path: str) -> str:
    """The whole address of a path of ours; the proxy's prefix stands in what patients reach already."""
    return services().clinic.duty.base + path.removeprefix(request.script_root)


def typed(path: str) -> str:
    """The same without `https://`, as people type it."""
    return public(path).partition("://")[2]
