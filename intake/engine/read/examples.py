"""`examples:` of a rule -> raw answers that make it fire, stay quiet and ask, each checked against the vocabulary."""

from __future__ import annotations

from intake.engine.book.rulebook import NO_EXAMPLES, Examples
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary
from intake.engine.read import values
from intake.engine.read.answers import parse_value
from intake.engine.read.nodes import Node, Sequence, plain
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section
from intake.errors import AnswerError

KEYS = ("fires", "quiet", "asks")


def read_examples(owner: Section, vocabulary: Vocabulary) -> Examples:
    """The examples of the rule, note or raise."""
    section = owner.section("examples", required=KEYS)
    if section is None:
        return NO_EXAMPLES
    for key in KEYS:
        if key in section and not section.items(key):
            section.problems.add(section.line_of(key), f"`{key}` needs at least one example")
    return Examples(**{key: _several(section.node(key), vocabulary, section.problems) for key in KEYS})


def _several(node: Node | None, vocabulary: Vocabulary, problems: Problems) -> tuple[dict[str, object], ...]:
    return tuple(_example(item, vocabulary, problems) for item in (node.items if isinstance(node, Sequence) else ()))


def _example(node: Node, vocabulary: Vocabulary, problems: Problems) -> dict[str, object]:
    answers = values.mapping(node, "an example", problems)
    example: dict[str, object] = {}
    for name, value in answers.entries.items():
        if name not in vocabulary.facts:
            problems.unknown(answers.key_lines[name], "fact", name, vocabulary.facts)
        else:
            example[name] = _raw_answer(vocabulary.facts[name], value, problems)
    return example


def _raw_answer(fact: Fact, node: Node, problems: Problems) -> object:
    number = values.to_number(node) if fact.kind in {Kind.NUMBER, Kind.SCORE} else None
    value = plain(node) if number is None else number
    try:
        parse_value(fact, value)
    except AnswerError as error:
        problems.add(node.line, str(error))
    return value
