from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from extract.errors import DeclarationError, ExitCode
from extract.forms.declaration.loader import load_form, load_forms
from extract.forms.declaration.schema_folder import declarations, schema_folder
from extract.forms.rules.parser import FUNCTIONS
from extract.forms.spec import Place, ValueType
from tests.paths import ROOT

BASE = """
id = "leave_request"
version = "1.0.0"
name = "请假单"

[identify]
titles = ["请假单", "请假条"]
labels = ["姓名", "事由", "天数"]
min_labels = 2

[[field]]
key = "person.name"
labels = ["姓名"]
type = "text"
required = true

[[field]]
key = "year"
place = "heading"
type = "year"

[[field]]
key = "kind"
labels = ["类别"]
type = "choice"
values = ["事假", "病假"]

[[side]]
labels = ["备注栏"]

[[matrix]]
key = "cost"
labels = ["费用"]
unit = { key = "currency", values = ["元"] }

  [[matrix.row]]
  key = "travel"
  labels = ["交通"]
  required = ["spent"]

  [[matrix.column]]
  key = "planned"
  labels = ["预算"]
  type = "amount"

  [[matrix.column]]
  key = "spent"
  labels = ["支出"]
  type = "amount"
  decimals = 2

[[table]]
key = "days"
min_rows = 1
placeholders = ['^…+$']

  [[table.column]]
  key = "group"
  labels = ["大类"]
  type = "label"
  level = 1

  [[table.column]]
  key = "hours"
  labels = ["小时"]
  type = "number"
  required = true

  [[table.column]]
  key = "goal"
  labels = ["目标"]
  type = "quantity"

  [[table.group]]
  label = "上午"
  labels = ["上午", "早"]

  [table.footer]
  key = "total"
  labels = ["合计"]
  columns = ["hours"]
  required = ["hours"]

[[check]]
id = "hours"
rule = "sum(days.hours) == total.hours"
message = "hours make the total"

[[check]]
id = "kind-known"
rule = "kind == band(total.hours)"
bands = { "事假" = 0, "病假" = "40.5" }
tolerance = 0.01
source = true
message = "long leave is sick leave"

[settings.check]
min_confidence = 0.75
"""

METASCHEMA = json.loads((schema_folder() / "metaschema.json").read_text("utf-8"))
SHIPPED = declarations(schema_folder())

# (what is replaced in BASE, by what, the fault it makes, whether the metaschema can know)
FAULTS: list[tuple[str, str, str, bool]] = [
    ('id = "leave_request"', "", "id: is missing", True),
    ('id = "leave_request"', 'id = "Leave request"', "id: “Leave request” is not a key", True),
    ('version = "1.0.0"', 'version = "1"', "version: “1” is not a version", True),
    ('name = "请假单"', "name = 3", "name: must be a text, not a number", True),
    ('name = "请假单"', 'name = ""', "name: is empty", True),
    ("min_labels = 2", "min_labels = 4", "identify.min_labels: is 4, but there are 3 labels", False),
    ("min_labels = 2", "min_labels = -1", "identify.min_labels: must not be negative", True),
    ("min_labels = 2", "min_labels = true", "identify.min_labels: must be a whole number, not a boolean", True),
    ("min_labels = 2", "min_label = 2", "identify.min_label: unknown key; did you mean “min_labels”?", True),
    ('["请假单", "请假条"]', "[]", "identify.titles: is empty", True),
    ('["请假单", "请假条"]', '["请假单", "请假单"]', "identify.titles[1]: “请假单” stands twice", True),
    ('["请假单", "请假条"]', '["请假单", 7]', "identify.titles[1]: must be a text that is not empty", True),
    ('type = "year"', 'type = "yaer"', "field[1].type: unknown type “yaer”; did you mean “year”?", True),
    ('type = "year"', "", "field[1].type: is missing", True),
    ('type = "year"', 'type = "label"', "field[1].type: “label” is for columns of a hierarchy", True),
    ('place = "heading"', 'place = "left"', "field[1].place: unknown place “left”; known are right", True),
    ('place = "heading"', 'place = "below"', "field[1].labels: is missing", True),
    ('place = "heading"', 'place = "title"\nlabels = ["年"]', "a value in the title has no label", True),
    ('key = "year"', 'key = "person"', "field[1].key: “person” clashes with “person.name” of field[0].key", False),
    ('key = "year"', 'key = "cost"', "matrix[0].key: “cost” clashes with “cost” of field[1].key", False),
    ('key = "year"', 'key = "from"', "field[1].key: “from” is reserved in rules", False),
    ('key = "year"', 'key = "total"', "table[0].footer.key: “total” clashes", False),
    ('labels = ["类别"]', 'labels = ["姓 名"]', "field[2].labels: “姓 名” stands in field[0].labels too", False),
    ('values = ["事假", "病假"]', "", "field[2].values: is missing: a choice needs its words", True),
    ('type = "choice"', 'type = "text"', "field[2].values: is for the type “choice” only", True),
    ('type = "quantity"', 'type = "quantity"\ndecimals = 11', "column[2].decimals: must be from 0 to 10", True),
    ('type = "choice"', 'decimals = 2\ntype = "choice"', "field[2].decimals: the type “choice” has none", True),
    ('labels = ["备注栏"]', "", "side[0].labels: is missing", True),
    ('labels = ["支出"]', 'labels = ["预算"]', "matrix[0].column[1].labels: “预算” stands in", False),
    ('labels = ["支出"]', "", "matrix[0].column[1].labels: is missing: only a single column", True),
    ('key = "spent"', 'key = "planned"', "matrix[0].column[1].key: “planned” stands in", False),
    ('required = ["spent"]', 'required = ["spend"]', "row[0].required[0]: unknown column “spend”; did you mean", False),
    ('key = "currency"', 'key = "travel"', "matrix[0].row[0].key: “travel” stands in matrix[0].unit.key", False),
    ("['^…+$']", "['^(…$']", "table[0].placeholders[0]: is not a regular expression", False),
    ("level = 1", "level = 3", "table[0].column[0].level: must be from 0 to 2", True),
    ("level = 1", "", "table[0].column[0].level: a column with a level has the type", True),
    ("level = 1", "level = 2", "level 2 stands without level 1", False),
    ('key = "goal"', 'key = "hours"', "table[0].column[2].key: “hours” stands in", False),
    ('key = "hours"', 'key = "goal_value"', "“goal_value” stands in table[0].column[1].key", False),
    ('label = "上午"', "", "table[0].group[0].label: is missing", True),
    ('["上午", "早"]', '["上午", "早"]\nchildren = [["八点"], ["八点"]]', "children[1]: “八点” stands in", False),
    ('["上午", "早"]', '["上午", "早"]\nchildren = ["八点"]', "children[0]: must be a list of texts", True),
    ('columns = ["hours"]', 'columns = ["hour"]', "footer.columns[0]: unknown column “hour”; did you mean", False),
    ('required = ["hours"]', 'required = ["goal"]', "footer.required[0]: unknown column “goal”", False),
    ('id = "kind-known"', 'id = "hours"', "check[1].id: “hours” stands twice", False),
    ("sum(days.hours) ==", "sum(days.hours =", "check[0].rule: does not parse", False),
    ("sum(days.hours) ==", "sum(days.hour) ==", "unknown path “days.hour”: did you mean “hours”?", False),
    ("sum(days.hours) ==", "days.hours ==", "“days.hours” leads through a list; put it in sum()", False),
    ("sum(days.hours) ==", "count(kind) ==", "“kind” is no list", False),
    ("sum(days.hours) ==", "sum(days.group) ==", "“days.group” is no number; its type is “label”", False),
    ("sum(days.hours) ==", "total ==", "“total” is no single value; it holds hours", False),
    ("sum(days.hours) ==", "sum(kind.hours) ==", "“kind.hours”: a single value has nothing below it", False),
    ("sum(days.hours) == total.hours", "sum(days.hours)", "check[0].rule: states nothing", False),
    ("tolerance = 0.01", 'tolerance = "much"', "check[1].tolerance: “much” is not a number", True),
    ("tolerance = 0.01", "tolerance = -1", "check[1].tolerance: must not be negative", False),
    ('bands = { "事假" = 0, "病假" = "40.5" }', "", "check[1].bands: is missing: band() needs it", False),
    ("band(total.hours)", "kind", "check[1].bands: is of no use", False),
    ("source = true", 'each = "day"', "check[1].each: unknown table “day”; did you mean “days”?", False),
    ("source = true", 'sauce = "yes"', "check[1].sauce: unknown key; did you mean “source”?", True),
    ("[settings.check]", "[setting.check]", "setting: unknown key; did you mean “settings”?", True),
    ("[settings.check]", "[settings.grid]", "settings.grid: the stages that run once a form is known are", True),
    ("min_confidence", "min_confidences", "settings.check: no setting is called 'check.min_confidences'", False),
    ("0.75", '"much"', "settings.check: check.min_confidence is float, not 'much'", False),
    ("[[side]]", "[side]", "side: must be a list of tables ([[side]]), not a table", True),
]


def write(folder: Path, text: str, name: str = "form.toml") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def schema_accepts(text: str) -> bool:
    return bool(jsonschema.Draft7Validator(METASCHEMA).is_valid(tomllib.loads(text)))


def test_reads_every_part(tmp_path: Path) -> None:
    form = load_form(write(tmp_path, BASE))
    assert (form.id, form.version, form.min_labels) == ("leave_request", "1.0.0", 2)
    assert form.fields[0].key == "person.name"
    assert form.fields[0].required
    assert (form.fields[1].place, form.fields[1].type) == (Place.HEADING, ValueType.YEAR)
    assert form.side_labels == ("备注栏",)
    assert form.matrices[0].unit is not None
    assert form.matrices[0].rows[0].required == ("spent",)
    assert [column.decimals for column in form.matrices[0].columns] == [None, 2]
    assert form.tables[0].columns[0].level == 1
    assert form.tables[0].footer is not None
    assert str(form.checks[1].bands) == "{'事假': Decimal('0'), '病假': Decimal('40.5')}"
    assert str(form.checks[1].tolerance) == "0.01"
    assert form.settings == {"check": {"min_confidence": Decimal("0.75")}}
    assert len(form.digest) == 64


@pytest.mark.parametrize(("old", "new", "fault", "schema_knows"), FAULTS, ids=[f[2] for f in FAULTS])
def test_names_each_fault(tmp_path: Path, old: str, new: str, fault: str, schema_knows: bool) -> None:
    assert BASE.count(old) >= 1
    text = BASE.replace(old, new, 1)
    with pytest.raises(DeclarationError) as caught:
        load_form(write(tmp_path, text))
    assert fault in str(caught.value)
    assert schema_accepts(text) is not schema_knows


def test_names_all_faults_at_once(tmp_path: Path) -> None:
    text = BASE.replace('type = "year"', 'type = "yaer"').replace("columns =", "cols =").replace("days.hours", "x")
    with pytest.raises(DeclarationError) as caught:
        load_form(write(tmp_path, text))
    message = str(caught.value)
    for part in ("field[1].type", "table[0].footer.cols", "table[0].footer.columns: is missing", "check[0].rule"):
        assert part in message
    assert caught.value.exit_code is ExitCode.DECLARATION


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"id = ", "is not TOML"),
        (b'id = "a"\nid = "b"', "is not TOML"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"", "id: is missing"),
        (b"", "field: the form declares no value"),
    ],
)
def test_names_what_is_wrong_with_a_file(tmp_path: Path, content: bytes, fault: str) -> None:
    file = tmp_path / "form.toml"
    file.write_bytes(content)
    with pytest.raises(DeclarationError, match=r"form\.toml") as caught:
        load_form(file)
    assert fault in str(caught.value)


def test_missing_file_is_a_declaration_error(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="cannot be read"):
        load_form(tmp_path / "none.toml")


@pytest.mark.parametrize("file", SHIPPED, ids=[file.stem for file in SHIPPED])
def test_shipped_forms_satisfy_the_metaschema(file: Path) -> None:
    assert schema_accepts(file.read_text("utf-8"))
    assert load_form(file).id == file.stem


def test_metaschema_accepts_what_the_loader_accepts() -> None:
    jsonschema.Draft7Validator.check_schema(METASCHEMA)
    assert schema_accepts(BASE)


def test_shipped_forms_come_sorted() -> None:
    ids = [form.id for form in load_forms()]
    assert ids == sorted(ids)
    assert {"project_self_evaluation", "project_expense_target"} <= set(ids)


def test_folder_adds_and_replaces(tmp_path: Path) -> None:
    shipped = len(load_forms())
    write(tmp_path, BASE)
    assert len(load_forms([tmp_path])) == shipped + 1
    other = tmp_path / "other"
    write(other, BASE.replace("1.0.0", "2.0.0"))
    forms = {form.id: form for form in load_forms([tmp_path, other])}
    assert len(forms) == shipped + 1
    assert forms["leave_request"].version == "2.0.0"


def test_folders_with_faults_are_all_named(tmp_path: Path) -> None:
    write(tmp_path, BASE)
    write(tmp_path, BASE, "twin.toml")
    write(tmp_path, BASE.replace('"leave_request"', '"leave_form"').replace("band(", "bend("), "bad.toml")
    write(tmp_path, BASE.replace('"leave_request"', '"leave_slip"'), "slip.toml")
    with pytest.raises(DeclarationError) as caught:
        load_forms([tmp_path, tmp_path / "none"])
    message = str(caught.value)
    assert "twin.toml: id: “leave_request” is declared in form.toml too" in message
    assert "unknown function `bend`" in message
    assert "“请假单” is a title of leave_request too" in message
    assert "is not a folder" in message


def test_example_of_the_guide_is_sound_and_its_faults_are_as_it_says(tmp_path: Path) -> None:
    guide = (ROOT / "docs/adding-a-form.md").read_text("utf-8")
    example = guide.split("```toml\n")[1].split("```")[0]
    assert load_form(write(tmp_path, example)).id == "equipment_loan"
    with pytest.raises(DeclarationError) as caught:
        load_form(write(tmp_path, example.replace('"date"', '"dat"').replace("items.amount", "items.amont")))
    assert all(line in guide for line in str(caught.value).splitlines()[1:])


def test_guide_names_every_key_and_type() -> None:
    guide = (ROOT / "docs/adding-a-form.md").read_text("utf-8")
    for definition in (METASCHEMA, *METASCHEMA["definitions"].values()):
        for key in definition["properties"]:
            assert re.search(rf"\b{key}\b", guide), key
    for value_type in ValueType:
        assert f"`{value_type}`" in guide
    for function in FUNCTIONS:
        assert f"{function}(" in guide
