from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.contest import BARE, OURS, SMALL, Answer, Contest
from bench.sets import COMMITTED, Case, load_set
from bench.speed import faults, ratios, readers_table, sample, stages_table


def case(kind: str, name: str, pages: int = 1) -> Case:
    return Case(Path(name), name, kind, 200.0, pages, (), ())


def answer(reader: str, number: int, seconds: float, **told: Any) -> Answer:
    return Answer(reader, number, Path("a.jpg"), seconds, seconds / 2, told)


OWN = {
    "stages": {"read": 1.0},
    "networks": {"detection": 0.5},
    "runs": {"detection": 1},
    "inputs": {"detection": 1},
    "text_px": 7000,
}
HELD = Contest(
    {OURS: "ours", BARE: "alone", SMALL: "small alone", "slow": "slow 1.0"},
    (
        answer(OURS, 1, 2.0, **OWN), answer(BARE, 1, 1.0), answer(SMALL, 1, 2.0), answer(SMALL, 2, 2.0),
        answer("slow", 1, 8.0, texts=3),
        answer(OURS, 2, 1.0, **OWN), answer(BARE, 2, 1.0), answer("slow", 2, 5.0, fault="ValueError: no"),
    ),
    {OURS: 0.5, BARE: 0.5, SMALL: 0.5, "slow": 2.0},
    {OURS: 500.0, BARE: 400.0, SMALL: 400.0, "slow": 900.0},
)  # fmt: skip


def test_kinds_take_turns() -> None:
    cases = [case("a", "1.jpg"), case("a", "2.png"), case("a", "3.pdf"), case("b", "4.jpg", 2), case("b", "5.jpg")]
    assert [path.name for path in sample(cases, 3)] == ["1.jpg", "5.jpg", "2.png"]
    assert [path.name for path in sample(cases, 9)] == ["1.jpg", "5.jpg", "2.png"]


def test_the_usual_sample_has_every_kind() -> None:
    pages = sample(load_set(COMMITTED), 12)
    assert len({page.parent.name for page in pages}) == 8
    assert len(set(pages)) == 12


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios(HELD, "slow", OURS, lambda a: a.seconds) == [4.0, 5.0]
    assert ratios(HELD, OURS, BARE, lambda a: a.cpu) == [2.0, 1.0]


def test_tables() -> None:
    cells = [cell.strip() for cell in readers_table(HELD).splitlines()[-1].split("|")[1:-1]]
    assert cells == ["slow 1.0", "2", "6.50", "3.25", "4.50", "4.00", "5.00", "4.50", "2.00", "900"]
    stages = stages_table(HELD)
    assert "Whole / its networks alone: 1.50 (1.00 to 2.00), in CPU time 1.50; 7000 px of text a page" in stages
    assert stages.endswith("Whole / the small networks alone on all lines: 0.75 (0.50 to 1.00), in CPU time 0.75")
    row = next(line for line in stages.splitlines() if "inside detection (1.0 inputs in 1.0 runs)" in line)
    assert [cell.strip() for cell in row.split("|")[2:4]] == ["0.50", "33.33"]
    assert faults(HELD) == "- slow, a.jpg: ValueError: no"


def test_faults_are_not_made_up() -> None:
    assert faults(Contest({}, (answer(OURS, 1, 1.0),), {}, {})) == ""


def test_no_ratio_without_the_other_reader() -> None:
    with pytest.raises(ZeroDivisionError):
        ratios(HELD, OURS, "absent", lambda a: a.seconds)
