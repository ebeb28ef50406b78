from __future__ import annotations

import pytest

from extract.model import Char, Doubt
from extract.ocr.characters import line_confidence


def line(text: str, *confidences: float) -> tuple[Char, ...]:
    return tuple(Char(c, p) for c, p in zip(text, confidences, strict=True))


def test_a_line_is_as_sure_as_its_most_doubtful_character() -> None:
    assert line_confidence.confidence(line("指标", 0.99, 0.7)) == 0.7
    assert line_confidence.confidence(()) == 0.0


def test_punctuation_counts_little_unless_between_digits() -> None:
    assert line_confidence.confidence(line("完成，后", 1, 1, 0.6, 1)) > 0.9
    assert line_confidence.confidence(line("1,6", 1, 0.6, 1)) == 0.6
    assert line_confidence.confidence(line("，", 0.6)) == 0.6


def test_spaces_do_not_count_but_between_digits() -> None:
    assert line_confidence.confidence(line("a b", 1, 0.2, 1)) == 1


def test_a_space_between_digits_may_be_a_lost_point() -> None:
    parted = line("7 00", 1, 1, 1, 1)
    assert line_confidence.is_parted(parted)
    assert not line_confidence.is_parted(line("7 a", 1, 1, 1))
    doubts = [char.doubts for char in line_confidence.with_parted_doubted(parted)]
    assert doubts == [set(), {Doubt.LOST_POINT}, set(), set()]


def test_dust_in_front_goes_and_a_point_leaves_a_doubt() -> None:
    assert [c.text for c in line_confidence.without_flecks(line("，3", 0.4, 1))] == ["3"]
    (eight,) = line_confidence.without_flecks(line(".8", 0.6, 1))
    assert eight.text == "8"
    assert (eight.doubts, eight.confidence) == ({Doubt.LOST_POINT}, 1)
    assert len(line_confidence.without_flecks(line("，3", 0.95, 1))) == 2


@pytest.mark.parametrize(("text", "kept"), [(" a b ", "a b"), ("  ", "")])
def test_white_space_at_the_ends_goes(text: str, kept: str) -> None:
    assert "".join(c.text for c in line_confidence.trimmed(tuple(Char(c, 1.0) for c in text))) == kept
