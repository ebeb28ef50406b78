"""Faults have a code, an exit code and a sentence on what to do."""

import inspect
import re

import pytest

from extract import errors
from extract.errors import ISSUE_CODES, ExitCode, InputError, TruncatedFile, ZhibiaoError, summed_up

CLASSES = [found for _, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, ZhibiaoError)]
SAID_IN_THE_MESSAGE = (ZhibiaoError, errors.UsageError, errors.DeclarationError)
"""What is wrong with a call or a declaration says what would be right: there is no remedy of the class."""


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_each_fault_says_what_to_do(error: type[ZhibiaoError]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)
    assert isinstance(error.exit_code, ExitCode)
    if error not in SAID_IN_THE_MESSAGE:
        assert error.remedy.endswith(".")


def test_codes_are_told_apart() -> None:
    codes = [error.code for error in CLASSES if error is not ZhibiaoError]
    assert len(codes) == len(set(codes))


def test_issue_codes_are_words_with_hyphens() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in ISSUE_CODES)


def test_damaged_pages_are_summed_up_as_the_first_of_them() -> None:
    one, two = TruncatedFile("Page 2 breaks off."), InputError("Page 5 is damaged.")
    assert summed_up([one]) is one
    assert type(summed_up([one, two])) is TruncatedFile
    assert str(summed_up([one, two, two])) == "Page 2 breaks off. 2 more pages of the file cannot be read either."
