"""The golden files: what was published once, renewed by `make golden`, which adds and never takes away.

`vocabulary.json` is the public contract of the vocabulary: stored answers, exports and other programs speak in its
names and codes, so that each of them stays, with its meaning. Their order is free.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from intake.engine.read.load import load_vocabulary
from intake.settings import VOCABULARY_PATH

VOCABULARY = Path(__file__).parents[1] / "golden" / "vocabulary.json"
SECTIONS = ("regions", "region_groups", "facts")
KEYS = ("kind", "codes", "also", "unit", "narrows")
LISTS = ("codes", "also")

Contract: TypeAlias = Mapping[str, Mapping[str, Any]]


def published() -> Contract:
    """The contract as it was recorded last."""
    contract: Contract = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    return contract


def present(content: Contract) -> Contract:
    """What is public in the content of a vocabulary file."""
    facts = {name: {key: spec[key] for key in KEYS if key in spec} for name, spec in content["facts"].items()}
    return {"regions": content["regions"], "region_groups": content["region_groups"], "facts": facts}


def lost(before: Contract, now: Contract) -> Iterator[str]:
    """Each thing that was published and is gone or means something else, one line each."""
    for section in SECTIONS:
        for name, spec in before[section].items():
            if name not in now[section]:
                yield f"{section}: `{name}` is gone"
            else:
                yield from (f"{section}: `{name}` {change}" for change in _changes(section, spec, now[section][name]))


def _changes(section: str, was: Any, now: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if section == "regions":
        yield from () if was == now else [f"was {was}"]
    elif section == "region_groups":
        yield from () if set(was) == set(now) else [f"was {was}"]
    else:
        yield from _fact_changes(was, now)


def _fact_changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for key in KEYS:
        before, after = was.get(key), now.get(key)
        if key in LISTS and isinstance(before, list) and isinstance(after, list):
            yield from (f"has lost the code `{code}`" for code in before if code not in after)
        elif before != after and not (key in LISTS and before is None):
            yield f"had {key} {before}, and has {after}"


def added(before: Contract, now: Contract) -> list[str]:
    """The names of what is public now and was not recorded."""
    return [
        name
        for section in SECTIONS
        for name, spec in now[section].items()
        if name not in before[section] or (section == "facts" and list(_fact_changes(spec, before[section][name])))
    ]


def _written(contract: Contract) -> str:
    """One line an entry, so that a change reads well."""
    sections = (
        f"{json.dumps(section)}: {{\n"
        + ",\n".join(f"  {json.dumps(name)}: {json.dumps(spec)}" for name, spec in contract[section].items())
        + "\n}"
        for section in SECTIONS
    )
    return "{\n" + ",\n".join(sections) + "\n}\n"


def main() -> None:
    """Record the vocabulary; exit with what would be lost if anything would be."""
    contract = present(json.loads(load_vocabulary(VOCABULARY_PATH).content))
    gone = list(lost(published(), contract))
    if gone:
        sys.exit("\n".join((*gone, "What was published stays: put it back, or add beside it.")))
    VOCABULARY.write_text(_written(contract), encoding="utf-8")


if __name__ == "__main__":
    main()
