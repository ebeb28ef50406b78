"""The page as a browser shows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extract.errors import EncryptedFile, NotAForm
from extract.records import outcomes
from extract.records.outcomes import Entry, RecordSummary
from extract.review.thumbnail import WIDTH_PX, thumbnail
from extract.settings.defaults import LoadSettings
from extract.storage.output_dir import OutputDir
from tests.browser import ask
from tests.paths import ROOT
from tests.review.html_report.test_page import record, written

SCAN = ROOT / "fixtures" / "scans" / "fax" / "fax-04.png"
SCRIPT = "a<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">.tif"
QUOTES = "\" onmouseover='document.title=1' x=\"&amp;'.jpg"
TURNED = "invoice\u202egnp.exe\n\u05d0\u05d1.pdf"

Ask = Callable[[str], Any]


@pytest.fixture
def asked(tmp_path: Path) -> Ask:
    """Answers of a page with two failed, two doubtful, two good files and a copy."""
    root = tmp_path / "out"
    OutputDir(root).write_picture(QUOTES, thumbnail(SCAN, [], LoadSettings()))
    entries: list[Entry] = [
        outcomes.failed(SCRIPT, NotAForm(SCRIPT)),
        outcomes.failed(TURNED, EncryptedFile("It asks for a password.")),
        outcomes.completed(QUOTES, [record(root, "many", 3)], warnings=(SCRIPT,)),
        outcomes.completed("few.png", [record(root, "few", 1)]),
        outcomes.completed("good.png", [RecordSummary("records/good.png.1.json", "f", "accepted", 9, 0)]),
        outcomes.completed("fine.png", [RecordSummary("records/fine.png.1.json", "f", "accepted", 9, 0)]),
        outcomes.duplicate("copy.png", "good.png"),
    ]
    written(root, *entries)
    return lambda script: ask(root / "report.html", tmp_path, script)


SHOWN = """
const shown = [...page.querySelectorAll("[data-state]")].filter(item => item.checkVisibility());
const names = shown.map(item => item.querySelector("bdi").textContent);
"""


def test_everything_is_shown_and_nothing_that_a_name_says_is_done(asked: Ask) -> None:
    found = asked(f"""{SHOWN} await Promise.all([...page.images].map(image => image.decode()));
        return {{ names, title: page.title, handlers: page.querySelectorAll("[onerror],[onmouseover]").length,
          widths: [...page.images].map(image => image.naturalWidth), scripts: page.scripts.length,
          wide: page.documentElement.scrollWidth, said: page.querySelector("output").value }};""")
    assert found["names"] == [
        *(SCRIPT, "invoice\\u202egnp.exe\\n\u05d0\u05d1.pdf"),
        *(QUOTES, "few.png", "good.png", "fine.png", "copy.png"),
    ]
    assert found["title"] == "Zhibiao: report"
    assert found["handlers"] == 0
    assert found["scripts"] == 1
    assert found["widths"] == [WIDTH_PX]
    assert found["wide"] <= 1280
    assert found["said"] == "7 of 7 shown"


def test_no_script_but_its_own_runs_on_it(asked: Ask) -> None:
    title = asked("""
        const image = new Image; page.body.append(image);
        image.setAttribute("onerror", "document.title = 'ran'"); image.src = "none.png";
        const script = page.createElement("script"); script.text = "document.title = 'ran'"; page.body.append(script);
        await new Promise(done => setTimeout(done, 500));
        return page.title;""")
    assert title == "Zhibiao: report"


def test_it_is_filtered_and_searched(asked: Ask) -> None:
    found = asked("""
        const form = page.querySelector("form"), found = {};
        const names = () => [...page.querySelectorAll("[data-state]")].filter(item => item.checkVisibility())
          .map(item => item.querySelector("bdi").textContent);
        for (const radio of form.elements.state) { radio.click(); found[radio.value] = names().length; }
        form.elements.state[0].click();
        form.elements.search.value = "FEW";
        form.elements.search.dispatchEvent(new Event("input", { bubbles: true }));
        return { ...found, searched: names(), said: form.querySelector("output").value,
          headings: [...page.querySelectorAll("h2")].filter(one => one.checkVisibility()).length };""")
    assert found == {
        "all": 7,
        "failed": 2,
        "review": 2,
        "ok": 2,
        "copy": 1,
        "searched": ["few.png"],
        "said": "1 of 7 shown",
        "headings": 1,
    }
