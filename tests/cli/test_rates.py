"""`rules triage-rate` prints what it drew, and ends with 1 where a rule that holds many gives no reason."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result

from intake.settings import RULEBOOK_PATH
from tests.support import terminal
from tests.test_cases import book

FEW = "60"


def rate(*words: str | Path) -> Result:
    return terminal.run("rules", "triage-rate", *words, books=terminal.own(book()))


def without_reasons(path: Path) -> Path:
    """The shipped rule book, with every `often:` taken out."""
    lines, kept, inside = RULEBOOK_PATH.read_text(encoding="utf-8").splitlines(), [], False
    for line in lines:
        inside = line.startswith("  often:") or (inside and line.startswith("    "))
        if not inside:
            kept.append(line)
    file = path / "rules.yaml"
    file.write_text("\n".join(kept), encoding="utf-8")
    return file


def test_it_prints_the_share_in_all_by_label_and_by_rule() -> None:
    result = rate("--number", FEW, "--seed", "1")
    lines = result.stdout.splitlines()
    assert lines[0].endswith(f"of {FEW} ordinary patients come out above precaution:")
    assert lines[1].endswith("by no row of the evidence")
    assert any(line.endswith(" precaution") for line in lines)
    assert rate("--number", FEW, "--seed", "1").stdout == result.stdout != rate("--number", FEW, "--seed", "2").stdout


def test_a_rule_that_holds_many_without_a_reason_ends_it_with_1(tmp_path: Path) -> None:
    result = rate(without_reasons(tmp_path), "--number", "200")
    assert result.exit_code == 1, result.output
    assert "rule `spine-pain-and-sweats` holds more than 1% and gives no reason" in result.stdout


def test_frequencies_with_a_fault_are_refused_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "ordinary.yaml"
    file.write_text("sources: {}\nsides: {right: 40, left: 40, both: 20, consensus: x}\ndraws:\n- {fact: nose}\n")
    result = rate("--frequencies", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file}:4: unknown fact `nose`" in result.stderr
