"""Forms declared in a few lines for one test, and what matching makes of sheets of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.declaration.loader import load_form
from extract.forms.matching.align import align
from extract.forms.matching.match import Alignment
from extract.forms.spec import FormSpec
from extract.forms.values.data import data_of
from extract.forms.values.parse import parse
from extract.model import PageContent
from tests.forms.builders import sheet_of

LEXICON = load_lexicon()
HEAD = """
id = "probe"
version = "1.0.0"
name = "登记表"
[identify]
titles = ["登记自评表"]
labels = ["单位"]
"""


def declared(folder: Path, text: str, head: str = HEAD) -> FormSpec:
    """The form that a head and the tables below it declare."""
    file = folder / "probe.toml"
    file.write_text(head + text, encoding="utf-8")
    return load_form(file)


def matched(form: FormSpec, *pages: PageContent) -> Alignment:
    """What matching gives for the one sheet that some pages make."""
    return align(sheet_of(*pages), form, LEXICON)


def data(form: FormSpec, *pages: PageContent) -> Any:
    """The data of the one sheet that some pages make."""
    found = matched(form, *pages)
    return data_of(form, {m.pointer: parse(m, LEXICON) for m in found.matches}, found.lists)


def issues(form: FormSpec, *pages: PageContent) -> list[tuple[str, str, str | None]]:
    """Code, pointer and the text that is meant of every issue that matching leaves; all of them block acceptance."""
    found = matched(form, *pages).issues
    assert all(issue.severity == "error" for issue in found)
    return [(issue.code, issue.pointer, issue.actual) for issue in found]
