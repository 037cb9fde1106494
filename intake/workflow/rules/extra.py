"""The extra `rules`: z3 and Polars, which proofs and replay need, and what serves the clinic does not."""

from __future__ import annotations

from importlib.util import find_spec

from intake.errors import MissingExtraError

MODULES = ("z3", "polars")
HOW_TO_GET = "`pip install 'needling-intake[rules]'` or `make rules`"


def has_rules_extra() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in MODULES)


def require_rules_extra() -> None:
    """Raise MissingExtraError, which says how to get the extra, unless it is installed."""
    if not has_rules_extra():
        raise MissingExtraError(f"This needs the extra `rules`: {HOW_TO_GET}.")
