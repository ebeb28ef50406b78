from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from extract.batch.session import Session, source_of
from extract.errors import UsageError
from extract.pipeline import Pipeline
from extract.settings.defaults import Settings
from extract.settings.layers import layered
from tests.paths import ROOT

SCAN = ROOT / "fixtures" / "scans" / "fax" / "fax-01.tif"
FORM = "project_self_evaluation"


def declared(folder: Path, settings: str) -> Session:
    """A session whose only form has settings of its own, below `command` and above `file`."""
    shipped = ROOT / "schemas" / f"{FORM}.toml"
    folder.mkdir(exist_ok=True)
    (folder / shipped.name).write_text(f"{shipped.read_text(encoding='utf-8')}\n{settings}", encoding="utf-8")
    return Session(forms_dirs=(folder,), form=FORM)


def test_layers_of_settings(tmp_path: Path) -> None:
    """Defaults, then the file, then the form, then the command line."""
    session = declared(tmp_path / "forms", "[settings.check]\nmin_confidence = 0.3\nsure_confidence = 0.4\n")
    session = replace(
        session,
        file={"check": {"min_confidence": 0.1, "sure_confidence": 0.2}, "load": {"max_pages": 7}},
        command={"check": {"sure_confidence": "0.5"}},
    )
    (form,) = session.forms
    settings = layered((form.settings,), session.settings)
    assert (settings.load.max_pages, settings.load.max_cells) == (7, Settings().load.max_cells)
    assert (settings.check.min_confidence, settings.check.sure_confidence) == (0.3, 0.5)


def test_a_forms_own_settings_are_part_of_the_identity(tmp_path: Path) -> None:
    plain = declared(tmp_path / "a", "").identity
    assert declared(tmp_path / "b", "").identity == plain
    assert declared(tmp_path / "c", "[settings.check]\nmin_confidence = 0.3\n").identity != plain


def test_a_forms_own_settings_decide_what_is_doubted() -> None:
    (form,) = Session(form=FORM).forms
    keys = ("min_confidence", "sure_confidence")
    trusting, strict = (
        Pipeline((replace(form, settings={"check": dict.fromkeys(keys, level)}),), Settings())
        for level in (Decimal(0), Decimal(1))
    )
    (calm,) = trusting.digitise(SCAN, source_of(SCAN)).records
    (nervous,) = strict.digitise(SCAN, source_of(SCAN)).records
    doubted = {issue.pointer for issue in calm.issues if issue.code == "low-confidence"}
    # What speaks against a reading for a reason of its own stays a doubt, however low the thresholds are.
    assert all(calm.evidence[pointer].doubts for pointer in doubted)
    assert doubted < {issue.pointer for issue in nervous.issues if issue.code == "low-confidence"}
    assert calm.data == nervous.data


def test_forms_that_are_not_declared() -> None:
    with pytest.raises(UsageError, match=FORM):
        _ = Session(form="nonsense").forms
