from __future__ import annotations

import pytest

from extract.model import Char
from extract.ocr.figure_reader import OTHER, Difference, FigureReading, differences

KNOWN = frozenset("0123456789.,%\N{PER MILLE SIGN}-\N{EM DASH}/=个" + OTHER)


def chars(text: str, confidence: float = 0.9) -> tuple[Char, ...]:
    return tuple(Char(char, confidence) for char in text)


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        ("1,108", "1,108"),
        ("1,108", "1\uff0c108"),
        ("100%", "\uff11\uff10\uff10\uff05"),
        ("3-5", "3\N{EN DASH}5"),
        ("12.5", "12. 5"),
        (f"3{OTHER}", "3人员"),
        (f"{OTHER}{OTHER}3", "第3"),
        ("", ""),
    ],
)
def test_no_difference(own: str, theirs: str) -> None:
    assert differences(FigureReading(chars(own)), chars(theirs), KNOWN) == ()


def test_another_character_is_a_difference_with_its_place() -> None:
    found = differences(FigureReading(chars("1,108", 0.7)), chars("1.108"), KNOWN)
    assert found == (Difference(1, 2, ".", ",", 0.7),)


def test_what_only_the_reader_saw_stands_between_characters() -> None:
    found = differences(FigureReading(chars("1966812.24")), chars("196681224"), KNOWN)
    assert found == (Difference(7, 7, "", ".", 0.9),)


def test_what_only_the_reader_saw_may_stand_at_the_end() -> None:
    assert differences(FigureReading(chars("97%")), chars("97"), KNOWN) == (Difference(2, 2, "", "%", 0.9),)


def test_what_the_reader_did_not_see_is_as_sure_as_its_line() -> None:
    reading = FigureReading((Char("9", 0.95), Char("7", 0.6)))
    assert differences(reading, chars("9.7"), KNOWN) == (Difference(1, 2, ".", "", 0.6),)


def test_an_unknown_character_contradicts_a_known_one() -> None:
    assert differences(FigureReading(chars(f"1{OTHER}")), chars("10"), KNOWN) == (Difference(1, 2, "0", OTHER, 0.9),)


def test_places_count_white_space() -> None:
    assert differences(FigureReading(chars("12%")), chars("1 2\N{PER MILLE SIGN}"), KNOWN) == (
        Difference(3, 4, "\N{PER MILLE SIGN}", "%", 0.9),
    )


def test_several_unknown_characters_are_one_place() -> None:
    found = differences(FigureReading(chars("57")), chars("5人员"), KNOWN)
    assert found == (Difference(1, 3, "人员", "7", 0.9),)
