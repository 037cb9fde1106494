"""Rule files made to exhaust the reader: refused within a second or two, with the line, in little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from intake.engine.read import parse
from intake.engine.read.load import load_rulebook
from intake.engine.read.overlay import read_overlay
from intake.engine.read.parse import parse_nodes
from intake.engine.read.problems import MOST, Problems
from intake.errors import DataFileError
from tests.support.visitor import vocabulary

SECONDS, MEGABYTES = 20, 300
HEAD = (
    "version: '1'\nreviewed: {by: A. Tester, on: 2026-01-01, next: 2027-01-01}\nconcepts: [x]\nsources: {}\nrules: []\n"
)
READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
from pathlib import Path
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.errors import DataFileError
from intake.settings import VOCABULARY_PATH
words = load_vocabulary(VOCABULARY_PATH)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load_rulebook(Path(sys.argv[1]), words)
except DataFileError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, "MB")
"""


def doubled(times: int) -> str:
    """Named conditions, each twice the one before."""
    lines = ["  c0: {danger_signs: {any_of: [fever]}}"]
    lines += [f"  c{n}: {{all: [{{condition: c{n - 1}}}, {{condition: c{n - 1}}}]}}" for n in range(1, times + 1)]
    return HEAD + "conditions:\n" + "\n".join(lines) + "\n"


def chain(length: int) -> str:
    """Named conditions that lead on from one to the next, the last first."""
    lines = [f"  c{n}: {{not: {{condition: c{n - 1}}}}}" for n in range(length, 0, -1)]
    return HEAD + "conditions:\n" + "\n".join([*lines, "  c0: {danger_signs: {any_of: [fever]}}"]) + "\n"


FILES = {
    "brackets": ("rules: " + "[" * 20_000, ":1: nested deeper than 40 levels"),
    "closed_brackets": ("a: 1\nrules: " + "[" * 20_000 + "]" * 20_000, ":2: nested deeper than 40 levels"),
    "braces": ("rules: " + "{a: " * 20_000, ":1: nested deeper than 40 levels"),
    "dashes": ("\n".join(" " * n + "-" for n in range(1000)), "nested deeper than 40 levels"),
    "doubled": (doubled(16), "this condition is too large"),
    "doubled_forty_times": (doubled(40), "this condition is too large"),
    "chain": (chain(5000), "more than 20 conditions lead on from one to the next"),
    "long_scalar": ("version: " + "x" * 20_000_000, ":1: larger than 2000000 bytes"),
    "long_value": ("a: 1\nversion: " + "x" * 1_000_000, ":2: longer than 10000 characters"),
    "many_values": ("rules: [" + "a, " * 400_000 + "]", "more than 250000 values and brackets"),
    "many_wrong_words": (
        HEAD + "conditions:\n" + "\n".join(f"  c{n}: {{fact{n}: x}}" for n in range(20_000)),
        "more than",
    ),
    "not_yaml_and_long": ("a: 'x\n" + "b: [\n" * 100_000, "not YAML"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_rule_book_is_refused_soon_with_its_line_and_in_little_memory(tmp_path: Path, name: str) -> None:
    text, expected = FILES[name]
    path = tmp_path / "rules.yaml"
    path.write_text(text)

    words = [sys.executable, "-c", READ, str(path), str(SECONDS)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=10 * SECONDS)

    assert f"{path}:" in done.stdout
    assert expected in done.stdout or name == "many_wrong_words"
    assert int(done.stdout.split()[-2]) < MEGABYTES


@pytest.mark.parametrize("name", ["brackets", "long_scalar", "many_values"])
def test_so_is_a_hostile_overlay(tmp_path: Path, name: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(FILES[name][0])

    with pytest.raises(DataFileError) as refused:
        read_overlay(path)

    assert FILES[name][1] in str(refused.value)


def test_the_limits_stand_just_beyond_what_is_allowed() -> None:
    for text, fine in (
        ("[" * parse.DEEPEST + "]" * parse.DEEPEST, True),
        ("[" * (parse.DEEPEST + 1) + "]" * (parse.DEEPEST + 1), False),
        ("x" * parse.LONGEST, True),
        ("x" * (parse.LONGEST + 1), False),
    ):
        problems = Problems("a file")
        assert (parse_nodes(text, problems) is not None) is fine
        assert (len(problems) == 0) is fine


def test_only_so_many_problems_are_told(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(FILES["many_wrong_words"][0])
    with pytest.raises(DataFileError) as refused:
        load_rulebook(path, vocabulary())
    assert len(refused.value.problems) <= MOST + 1
