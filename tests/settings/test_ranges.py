import msgspec
import pytest

from extract.errors import UsageError
from extract.settings import ranges
from extract.settings.layers import SettingEntry, entries, layered, parse_assignments

NUMBERS = [entry for entry in entries() if isinstance(entry.value, int | float) and not isinstance(entry.value, bool)]
NAMES = [entry.name for entry in NUMBERS]


@pytest.mark.parametrize("entry", NUMBERS, ids=NAMES)
def test_every_number_has_a_range_that_holds_its_default(entry: SettingEntry) -> None:
    assert ranges.range_of(entry.hint)
    assert msgspec.convert(entry.value, entry.hint) == entry.value


@pytest.mark.parametrize("entry", list(entries()), ids=lambda entry: entry.name)
def test_every_setting_says_what_it_does(entry: SettingEntry) -> None:
    assert ranges.description_of(entry.hint).endswith(".")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", ["nan", "inf", "-inf", "-1", "1e10"])
def test_no_number_may_be_anything(name: str, wrong: str) -> None:
    with pytest.raises(UsageError, match=name):
        layered([parse_assignments([f"{name}={wrong}"])])


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("batch.max_seconds=0", "batch.max_seconds must be more than 0, up to 1000000000, not 0"),
        ("ocr.threads=0", "ocr.threads must be 1 to 1024, not 0"),
        ("ocr.batch_px=0", "more than 0"),
        ("ocr.first_sure=2", "ocr.first_sure must be 0 to 1, not 2"),
        ("clean.max_skew_deg=46", "0 to 45"),
    ],
)
def test_what_is_wrong_is_said(assignment: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        layered([parse_assignments([assignment])])


@pytest.mark.parametrize("assignment", ["ocr.first_sure=1", "ocr.first_sure=0", "batch.max_seconds=0.5"])
def test_the_ends_of_a_range_may_be_used(assignment: str) -> None:
    layered([parse_assignments([assignment])])
