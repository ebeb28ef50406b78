from __future__ import annotations

import numpy as np
import pytest

from extract.ocr.characters.charset import SPACE, Alphabet
from extract.ocr.engines import ctc

LETTERS = Alphabet.of(("", "a", "b", "c"))


def steps(*rows: tuple[float, ...]) -> ctc.Probabilities:
    return np.array(rows, dtype=np.float32)


def text(probabilities: ctc.Probabilities) -> str:
    return "".join(char.text for char in ctc.decode(probabilities, LETTERS))


BLANK, A, B = (1.0, 0, 0, 0), (0, 1.0, 0, 0), (0, 0, 1.0, 0)


def test_runs_are_one_character_and_blanks_part_them() -> None:
    assert text(steps(A, A, BLANK, A, B)) == "aab"


def test_nothing_but_blanks_is_nothing() -> None:
    assert ctc.decode(steps(BLANK, BLANK), LETTERS) == ()


def test_confidence_and_alternatives() -> None:
    (char,) = ctc.decode(steps(BLANK, (0.05, 0.6, 0.3, 0.05), BLANK), LETTERS)
    assert char.confidence == pytest.approx(0.6)
    assert char.alternatives[0] == ("b", pytest.approx(0.3))
    assert ("", pytest.approx(0.05)) in char.alternatives


def test_a_half_seen_character_in_a_gap_is_a_doubt_on_its_neighbour() -> None:
    (char,) = ctc.decode(steps(A, (0.6, 0, 0.4, 0), BLANK), LETTERS)
    assert char.confidence == pytest.approx(0.6)
    assert ("ab", pytest.approx(0.4)) in char.alternatives


def test_a_half_seen_character_before_the_first() -> None:
    (char,) = ctc.decode(steps((0.7, 0, 0, 0.3), A), LETTERS)
    assert ("ca", pytest.approx(0.3)) in char.alternatives


def test_merged_twins_are_an_alternative() -> None:
    (char,) = ctc.decode(steps(A, (0.3, 0.7, 0, 0), A), LETTERS)
    assert ("aa", pytest.approx(0.3)) in char.alternatives


def test_places_are_shares_of_the_crop_not_of_its_padding() -> None:
    first, second = ctc.decode(steps(A, B, BLANK, BLANK), LETTERS, used=0.5)
    assert (first.x, second.x) == (pytest.approx(0.25), pytest.approx(0.75))


def test_classes_that_mean_the_same_share_one_confidence_and_the_likelier_is_printed() -> None:
    (char,) = ctc.decode(steps(BLANK, (0.02, 0.34, 0.6, 0.04), BLANK), Alphabet.of(("", ",", "，", "c")))
    assert char.text == "，"
    assert char.confidence == pytest.approx(0.94)
    assert char.alternatives[0] == ("c", pytest.approx(0.04))


def test_a_lost_space_is_no_doubt() -> None:
    (char,) = ctc.decode(steps(A, (0.6, 0, 0.4, 0), BLANK), Alphabet.of(("", "a", SPACE, "c")))
    assert char.confidence == pytest.approx(1.0)
    assert all(SPACE not in option for option, _ in char.alternatives)


@pytest.mark.parametrize(("traditional", "printed"), [(0.9, "\u9879"), (0.99, "\u9805")])
def test_a_traditional_character_is_printed_where_the_simplified_one_is_next_to_unseen(
    traditional: float, printed: str
) -> None:
    alphabet = Alphabet.of(("", "\u9805", "\u9879"))
    (char,) = ctc.decode(steps((1, 0, 0), (0, traditional, 1 - traditional), (1, 0, 0)), alphabet)
    assert (char.text, char.confidence) == (printed, pytest.approx(1))
