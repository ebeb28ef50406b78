from __future__ import annotations

from extract.model import Char
from extract.ocr.characters import line_confidence, reading_merge


def line(text: str, *confidences: float) -> tuple[Char, ...]:
    return tuple(Char(c, p) for c, p in zip(text, confidences, strict=True))


def text(chars: tuple[Char, ...]) -> str:
    return "".join(c.text for c in chars)


def test_agreement_raises_a_low_confidence() -> None:
    merged = reading_merge.merge(line("10", 0.99, 0.6), line("10", 0.99, 0.98))
    assert text(merged) == "10"
    assert 0.6 < line_confidence.confidence(merged) < 0.98


def test_disagreement_takes_the_surer_and_keeps_the_other() -> None:
    merged = reading_merge.merge(line("13", 0.99, 0.5), line("18", 0.99, 0.8))
    assert text(merged) == "18"
    assert merged[1].confidence < 0.8
    assert "3" in [option for option, _ in merged[1].alternatives]


def test_a_character_only_one_look_saw_is_doubted() -> None:
    merged = reading_merge.merge(line("6", 0.9), line("65", 0.9, 0.8))
    assert line_confidence.confidence(merged) < 0.7
    assert "65" in [option for option, _ in merged[0].alternatives] or text(merged) == "65"


def test_against_nothing() -> None:
    assert text(reading_merge.merge((), line("7", 0.8))) == "7"
    assert reading_merge.merge((), ()) == ()


def test_white_space_at_the_ends_goes() -> None:
    assert text(line_confidence.trimmed(line(" a b ", 1, 1, 1, 1, 1))) == "a b"


def test_of_a_traditional_and_a_simplified_form_the_simplified_one_is_kept() -> None:
    assert text(reading_merge.checked(line("\u9805\u76ee", 0.9, 1), line("\u9879\u76ee", 0.98, 1))) == "\u9879\u76ee"
    assert text(reading_merge.checked(line("\u9879\u76ee", 0.9, 1), line("\u9805\u76ee", 0.98, 1))) == "\u9879\u76ee"
