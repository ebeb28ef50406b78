import base64
import json
from pathlib import Path

from lxml import html

from extract import report
from extract.doubts import doubts
from extract.errors import EncryptedFile, NotAForm
from extract.report import Entry, RecordSummary, Tally
from extract.report_page import MOST_DOUBTS, MOST_FILES, page
from extract.store import Store

NASTY = '<script>alert("1")</script>&\'"/../a b.tif'


def written(root: Path, *entries: Entry) -> html.HtmlElement:
    tally = Tally()
    for entry in entries:
        tally.add(entry)
    text = "".join(page(Store(root), tally, iter(entries)))
    (root / "report.html").write_text(text, encoding="utf-8")
    return html.document_fromstring(text)


def record(root: Path, name: str, issues: int, severity: str = "error") -> RecordSummary:
    path = f"records/{name}.1.json"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    found = [{"code": "c", "severity": severity, "pointer": f"/<b>/{n}", "message": NASTY} for n in range(issues)]
    (root / path).write_text(json.dumps({"issues": found}), encoding="utf-8")
    return RecordSummary(path, "f", "review", 9, issues)


def names(document: html.HtmlElement) -> list[str]:
    return [heading.text.strip() for heading in document.iter("h2")]


def test_the_worst_come_first_and_the_good_not_at_all(tmp_path: Path) -> None:
    document = written(
        tmp_path,
        report.read("few", [record(tmp_path, "few", 1)]),
        report.read("good", [RecordSummary("records/good.1.json", "f", "accepted", 9, 0)]),
        report.failed("broken", EncryptedFile("It asks for a password.")),
        report.read("many", [record(tmp_path, "many", 3)]),
    )
    assert names(document) == ["broken", "many", "few"]
    assert "4 files: 1 ok, 2 review, 1 failed" in document.text_content()
    assert "It asks for a password. Save a copy" in document.text_content()


def test_nothing_from_outside_gets_into_the_page(tmp_path: Path) -> None:
    entry = report.read(NASTY, [record(tmp_path, "a b%?#", 1)], warnings=(NASTY,))
    document = written(tmp_path, entry, report.failed(NASTY, NotAForm(NASTY)))
    assert not list(document.iter("script", "b", "link"))
    assert {tag.get("src") for tag in document.iter("img")} == set()
    (link,) = document.iter("a")
    assert link.get("href") == "records/a%20b%25%3F%23.1.json"
    assert names(document) == [NASTY, NASTY]


def test_it_is_bounded(tmp_path: Path) -> None:
    many = (report.failed(f"{n:04}", NotAForm("x")) for n in range(3 * MOST_FILES))
    assert len(names(written(tmp_path, *many, report.read("a", [record(tmp_path, "a", 2)])))) == MOST_FILES
    long = written(tmp_path, report.read("a", [record(tmp_path, "a", MOST_DOUBTS + 3)]))
    assert len(list(long.iter("li"))) == MOST_DOUBTS + 1
    assert "and 3 more" in long.text_content()


def test_thumbnails_are_inside(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write_picture("a", b"jpeg")
    (picture,) = written(tmp_path, report.failed("a", NotAForm("x"))).iter("img")
    assert picture.get("src") == "data:image/jpeg;base64," + base64.b64encode(b"jpeg").decode()
    store.write_picture("a", None)
    assert store.picture("a") is None


def test_no_file_needs_a_person(tmp_path: Path) -> None:
    assert "No file needs a person." in written(tmp_path).text_content()


def test_doubts_gravest_first_and_none_of_what_is_gone(tmp_path: Path) -> None:
    slight, grave = record(tmp_path, "a", 1, "warning"), record(tmp_path, "b", 1)
    calm, gone = record(tmp_path, "c", 1, "info"), RecordSummary("records/d.1.json", "f", "review", 1, 1)
    found = doubts(Store(tmp_path), report.read("x", [slight, grave, calm, gone]))
    assert [(doubt.severity, doubt.record) for doubt in found] == [("error", grave.path), ("warning", slight.path)]
