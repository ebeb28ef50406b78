from extract.cli.progress import Meter
from extract.errors import NotAForm
from extract.records import outcomes
from extract.records.outcomes import RecordSummary

GOOD = RecordSummary("records/a.1.json", "f", "accepted", 10, 0)


def test_rate_time_left_and_counts() -> None:
    now = [0.0]
    meter = Meter(10, lambda: now[0])
    now[0] = 30.0
    meter.add(outcomes.completed("a", [GOOD], pages=4))
    meter.add(outcomes.failed("b", NotAForm("x")))
    assert meter.line() == "2 of 10 files: 4 pages, 8 a minute, 2 min left; 1 ok, 1 failed"


def test_skipped_files_say_nothing_of_the_rate() -> None:
    now = [0.0]
    meter = Meter(4, lambda: now[0])
    now[0] = 10.0
    for name in "abc":
        meter.add(outcomes.unchanged(outcomes.completed(name, [GOOD], pages=3)))
    assert meter.line() == "3 of 4 files: 9 pages, 0 a minute; 3 skipped"
    now[0] = 20.0
    meter.add(outcomes.completed("d", [GOOD], pages=1))
    assert meter.line() == "4 of 4 files: 10 pages, 3 a minute; 1 ok, 3 skipped"
