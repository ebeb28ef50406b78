import base64
import json
from pathlib import Path

from lxml import html

from extract.errors import EncryptedFile, NotAForm
from extract.records import outcomes
from extract.records.outcomes import Entry, RecordSummary, Tally
from extract.review.html_report.article import MOST_DOUBTS
from extract.review.html_report.page import MOST_FILES, MOST_ROWS, page
from extract.review.issues import doubts
from extract.storage.ledger import Ledger
from extract.storage.ledger_rows import LedgerRow
from extract.storage.output_dir import OutputDir

NASTY = '<script>alert("1")</script>&\'"/../a b.tif'


def written(root: Path, *entries: Entry) -> html.HtmlElement:
    tally = Tally()
    for entry in entries:
        tally.add(entry)
    root.mkdir(exist_ok=True)
    text = "".join(page(OutputDir(root), tally, iter(entries), tally.pages_read, 2.0))
    (root / "report.html").write_text(text, encoding="utf-8")
    return html.document_fromstring(text)


def record(root: Path, name: str, issues: int, severity: str = "error") -> RecordSummary:
    path = f"records/{name}.1.json"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    issue = {"code": "c", "severity": severity, "message": NASTY, "actual": "1<b>"}
    found = {
        "issues": [{**issue, "pointer": f"/<b>/{n}"} for n in range(issues)],
        "evidence": {"/<b>/0": {"page": 2}},
        "source": {"pages": [1, 2]},
    }
    (root / path).write_text(json.dumps(found), encoding="utf-8")
    return RecordSummary(path, "f", "review", 9, issues)


def names(document: html.HtmlElement) -> list[str]:
    return [heading.text_content() for heading in document.findall(".//article//h3//bdi")]


def test_the_worst_come_first_and_the_good_last(tmp_path: Path) -> None:
    document = written(
        tmp_path,
        outcomes.completed("few", [record(tmp_path, "few", 1)]),
        outcomes.completed("good", [RecordSummary("records/good.1.json", "f", "accepted", 9, 0)]),
        outcomes.failed("broken", EncryptedFile("It asks for a password.")),
        outcomes.completed("many", [record(tmp_path, "many", 3)]),
    )
    assert names(document) == ["broken", "many", "few"]
    assert [row.text_content()[:6] for row in document.iter("li")] == ["okgood"]
    assert "4 files: 1 ok, 2 review, 1 failed" in document.text_content()
    assert "It asks for a password. Save a copy" in document.text_content()


def test_nothing_from_outside_gets_into_the_page(tmp_path: Path) -> None:
    entry = outcomes.completed(NASTY, [record(tmp_path, "a b%?#", 1)], warnings=(NASTY,))
    document = written(tmp_path, entry, outcomes.failed(NASTY, NotAForm(NASTY)))
    assert not list(document.iter("b", "link"))
    (script,) = document.iter("script")
    assert NASTY not in script.text
    assert {tag.get("src") for tag in document.iter("img")} == set()
    (link,) = document.iter("a")
    assert link.get("href") == "records/a%20b%25%3F%23.1.json"
    assert names(document) == [NASTY, NASTY]


def test_it_is_bounded(tmp_path: Path) -> None:
    many = (outcomes.failed(f"{n:05}", NotAForm("x")) for n in range(MOST_FILES + MOST_ROWS + 5))
    document = written(tmp_path, *many, outcomes.completed("a", [record(tmp_path, "a", 2)]))
    assert len(names(document)) == MOST_FILES
    assert len(list(document.iter("li"))) == MOST_ROWS
    assert "The worst 10,500 of 10,506 files; report.json has them all." in document.text_content()


def test_of_one_file_it_shows_some_doubts_with_their_page_and_reading(tmp_path: Path) -> None:
    document = written(tmp_path, outcomes.completed("a", [record(tmp_path, "a", MOST_DOUBTS + 3)]))
    rows = [[cell.text_content() for cell in row] for row in document.findall(".//tbody/tr")]
    assert len(rows) == MOST_DOUBTS
    assert [row[:3] for row in rows[:2]] == [["2", "<b>, row 1", "1<b>"], ["", "<b>, row 2", "1<b>"]]
    assert "and 3 more" in document.text_content()


def test_scans_are_linked(tmp_path: Path) -> None:
    scan = tmp_path / "in" / "a #%?.tif"
    store = OutputDir(tmp_path / "out")
    store.prepare()
    entry = outcomes.failed("a #%?.tif", NotAForm("x"))
    ledger = Ledger(store.ledger)
    ledger.add(LedgerRow("", "", scan, None, entry))
    (link,) = written(store.root, entry).iter("a")
    assert link.get("href") == "../in/a%20%23%25%3F.tif"
    ledger.add(LedgerRow("", "", Path("/elsewhere/a.tif"), None, entry))
    (link,) = written(store.root, entry).iter("a")
    assert link.get("href") == "file:///elsewhere/a.tif"
    ledger.add(LedgerRow("", "", Path("/elsewhere/\udcb5.tif"), None, entry))
    (link,) = written(store.root, entry).iter("a")
    assert link.get("href") == "file:///elsewhere/%B5.tif"
    ledger.close()


def test_it_says_how_fast_the_run_was(tmp_path: Path) -> None:
    again = outcomes.unchanged(outcomes.completed("b", [RecordSummary("b", "f", "accepted", 1, 0)], pages=5))
    said = written(tmp_path, outcomes.completed("a", [record(tmp_path, "a", 1)], pages=3), again).text_content()
    assert "3 pages read in 2 s, 1.5 a second" in said


def test_thumbnails_are_inside(tmp_path: Path) -> None:
    store = OutputDir(tmp_path)
    store.write_picture("a", b"jpeg")
    (picture,) = written(tmp_path, outcomes.failed("a", NotAForm("x"))).iter("img")
    assert picture.get("src") == "data:image/jpeg;base64," + base64.b64encode(b"jpeg").decode()
    store.write_picture("a", None)
    assert store.picture("a") is None


def test_no_file_needs_a_person(tmp_path: Path) -> None:
    assert "No file needs a person." in written(tmp_path).text_content()


def test_doubts_gravest_first_and_none_of_what_is_gone(tmp_path: Path) -> None:
    slight, grave = record(tmp_path, "a", 1, "warning"), record(tmp_path, "b", 1)
    calm, gone = record(tmp_path, "c", 1, "info"), RecordSummary("records/d.1.json", "f", "review", 1, 1)
    found = doubts(OutputDir(tmp_path), outcomes.completed("x", [slight, grave, calm, gone]))
    assert [(doubt.severity, doubt.record) for doubt in found] == [("error", grave.path), ("warning", slight.path)]
