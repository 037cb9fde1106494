"""What each application of a run would pay for again: templates, compiled once a process; passwords, made cheap."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from flask import Flask
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


COMPILED = Compiled()


def cheaper(app: Flask, *, cheap_passwords: bool = True) -> Flask:
    """The application, sparing; passwords stay argon2id, with one pass over little memory if they may be cheap."""
    app.jinja_env.bytecode_cache = COMPILED
    if cheap_passwords:
        app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=64)
    return app
