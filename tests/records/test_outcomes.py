from decimal import Decimal

from extract.errors import EncryptedFile, EngineError, ExitCode
from extract.records import outcomes
from extract.records.outcomes import Entry, Outcome, RecordSummary, Tally
from tests.records.test_encode import RECORD

GOOD = RecordSummary("records/a.1.json", "f", "accepted", 10, 0)
DOUBTFUL = RecordSummary("records/a.2.json", "f", "review", 9, 2)


def tally(*entries: Entry) -> Tally:
    made = Tally()
    for entry in entries:
        made.add(entry)
    return made


def test_worst_outcome_is_the_exit_code() -> None:
    ok = outcomes.completed("a", [GOOD])
    review = outcomes.completed("b", [GOOD, DOUBTFUL])
    failed = outcomes.failed("c", EncryptedFile("It asks for a password."))
    assert tally().exit_code == ExitCode.OK
    assert tally(ok).exit_code == ExitCode.OK
    assert tally(ok, review, ok).exit_code == ExitCode.REVIEW
    assert tally(review, failed, ok).exit_code == ExitCode.INPUT
    assert tally(failed, outcomes.failed("d", EngineError("x"))).exit_code == ExitCode.ENGINE


def test_a_warning_asks_for_review() -> None:
    assert outcomes.completed("a", [GOOD], warnings=("page 3 is broken",)).outcome is Outcome.REVIEW


def test_unchanged_keeps_what_it_was() -> None:
    entry = outcomes.unchanged(outcomes.completed("b", [DOUBTFUL], pages=2, seconds={"load": 1.0}))
    assert (entry.outcome, entry.exit_code, entry.fields, entry.seconds) == (Outcome.SKIPPED, ExitCode.REVIEW, 9, {})


def test_failures_say_what_to_do() -> None:
    entry = outcomes.failed("c", EncryptedFile("It asks for a password."))
    assert (entry.code, entry.message) == ("encrypted", "It asks for a password.")
    assert entry.remedy
    assert entry.plain()["records"] == []


def test_values_are_counted_where_they_are_not_blank() -> None:
    assert outcomes.count_values({"a": None, "b": [1, {"c": Decimal(0), "d": ""}], "e": False}) == 4
    assert outcomes.summarise("p", "hash", RECORD) == RecordSummary("p", "f", "accepted", 3, 1, "hash")


def test_forms_are_counted() -> None:
    assert outcomes.completed("a", [GOOD]).form == "f"
    assert outcomes.completed("a", [GOOD, DOUBTFUL]).form == "f x2"


def test_sentence() -> None:
    said = tally(outcomes.completed("a", [GOOD]), outcomes.completed("b", [DOUBTFUL])).sentence()
    assert said == "2 files: 1 ok, 1 review; 2 records, 2 doubts"
