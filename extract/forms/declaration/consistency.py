"""Faults between the parts of a declaration, with their key paths: keys, labels, names in rules."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator

from extract.forms.declaration.toml_reader import suggest
from extract.forms.record_shape import types_of
from extract.forms.rules.parser import (
    AGGREGATES,
    Binary,
    Call,
    Negative,
    Node,
    Path,
    Rule,
    RuleError,
    children,
    compile_rule,
    walk,
)
from extract.forms.spec import (
    CheckSpec,
    ColumnSpec,
    FieldSpec,
    FormSpec,
    MatrixSpec,
    Place,
    TableSpec,
    ValueType,
)

Fault = tuple[str, str]
"""Key path and what is wrong there."""


def audit(form: FormSpec) -> list[str]:
    """All contradictions inside of a declaration, each as "key path: what is wrong"."""
    faults: list[Fault] = [*_identify(form), *_keys(form), *_fields(form)]
    for index, matrix in enumerate(form.matrices):
        faults += _matrix(matrix, f"matrix[{index}]")
    for index, table in enumerate(form.tables):
        faults += _table(table, f"table[{index}]")
    faults += _checks(form)
    return [f"{path}: {message}" for path, message in faults]


def _identify(form: FormSpec) -> Iterator[Fault]:
    if form.min_labels > len(form.must_labels) > 0:
        yield "identify.min_labels", f"is {form.min_labels}, but there are {len(form.must_labels)} labels"
    if not (form.fields or form.matrices or form.tables):
        yield "field", "the form declares no value; give it a [[field]], a [[matrix]] or a [[table]]"


# ---- keys ------------------------------------------------------------------------------------------------


def _keys(form: FormSpec) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for path, key in _top_keys(form):
        if not key:
            continue
        clash = next((other for other in taken if _overlap(key, other)), None)
        if clash is not None:
            yield path, f"“{key}” clashes with “{clash}” of {taken[clash]}"
        else:
            taken[key] = path
        yield from _reserved(path, key)


def _top_keys(form: FormSpec) -> Iterator[tuple[str, str]]:
    """The place and the name of every key of `data`, companions of quantities included."""
    for index, item in enumerate(form.fields):
        yield f"field[{index}].key", item.key
        if item.type is ValueType.QUANTITY and item.key:
            yield f"field[{index}].key", f"{item.key}_value"
    for index, matrix in enumerate(form.matrices):
        yield f"matrix[{index}].key", matrix.key
    for index, table in enumerate(form.tables):
        yield f"table[{index}].key", table.key
        if table.footer:
            yield f"table[{index}].footer.key", table.footer.key


def _overlap(key: str, other: str) -> bool:
    """Whether one key is the other, or leads through it."""
    return f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.")


def _reserved(path: str, key: str) -> Iterator[Fault]:
    for part in key.split("."):
        if keyword.iskeyword(part):
            yield path, f"“{part}” is reserved in rules; choose another key"


def _twice(path: str, keys: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """Keys that stand twice among siblings; `keys` are (place below path, key)."""
    seen: dict[str, str] = {}
    for place, key in keys:
        if key in seen:
            yield f"{path}.{place}", f"“{key}” stands in {path}.{seen[key]} too"
        elif key:
            seen[key] = place
            yield from _reserved(f"{path}.{place}", key)


# ---- labels ----------------------------------------------------------------------------------------------


def _folded(label: str) -> str:
    """A label as the matcher sees it: width folded, white space dropped."""
    return "".join(unicodedata.normalize("NFKC", label).split())


def _alike(labels: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Fault]:
    """Labels that stand in two places where nothing else tells them apart; `labels` are (place, labels)."""
    seen: dict[str, str] = {}
    for place, words in labels:
        for word in words:
            other = seen.setdefault(_folded(word), place)
            if other != place:
                yield place, f"“{word}” stands in {other} too; the two cannot be told apart"


def _fields(form: FormSpec) -> Iterator[Fault]:
    labels = [
        (f"field[{index}].labels", item.labels)
        for index, item in enumerate(form.fields)
        if item.place is not Place.NOTE and item.occurrence == 1
    ]
    yield from _alike(labels)
    for index, item in enumerate(form.fields):
        yield from _field(item, f"field[{index}]")
    titles = [item for item in form.fields if item.place is Place.TITLE]
    if len(titles) > 1:
        yield "field", "only one field can stand in the title"


def _field(item: FieldSpec, path: str) -> Iterator[Fault]:
    labelled = item.place in {Place.RIGHT, Place.BELOW, Place.NOTE}
    if labelled and not item.labels:
        yield f"{path}.labels", f"is missing: a value {item.place} of a label needs one"
    if not labelled and item.labels:
        yield f"{path}.labels", f"a value in the {item.place} has no label"
    if item.type is ValueType.LABEL:
        yield f"{path}.type", "“label” is for columns of a hierarchy"
    yield from _values(item, path)


def _values(item: FieldSpec | ColumnSpec, path: str) -> Iterator[Fault]:
    if item.type is ValueType.CHOICE and not item.values:
        yield f"{path}.values", "is missing: a choice needs its words"
    if item.type is not ValueType.CHOICE and item.values:
        yield f"{path}.values", "is for the type “choice” only"
    if item.decimals is not None and not item.type.fractional:
        yield f"{path}.decimals", f"the type “{item.type}” has none"


def _matrix(matrix: MatrixSpec, path: str) -> Iterator[Fault]:
    keys = [(f"row[{i}].key", row.key) for i, row in enumerate(matrix.rows)]
    unit = [("unit.key", matrix.unit.key)] if matrix.unit else []
    yield from _twice(path, unit + keys)
    yield from _columns(matrix.columns, path)
    yield from _alike((f"{path}.row[{i}].labels", row.labels) for i, row in enumerate(matrix.rows))
    for i, column in enumerate(matrix.columns):
        if not column.labels and len(matrix.columns) > 1:
            yield f"{path}.column[{i}].labels", "is missing: only a single column can do without a header"
        if column.type is ValueType.LABEL:
            yield f"{path}.column[{i}].type", "“label” is for columns of a hierarchy"
    names = [column.key for column in matrix.columns]
    for i, row in enumerate(matrix.rows):
        yield from _known(row.required, names, f"{path}.row[{i}].required")


def _columns(columns: tuple[ColumnSpec, ...], path: str) -> Iterator[Fault]:
    yield from _twice(path, _column_keys(columns))
    yield from _alike((f"{path}.column[{i}].labels", column.labels) for i, column in enumerate(columns))
    for i, column in enumerate(columns):
        yield from _values(column, f"{path}.column[{i}]")


def _column_keys(columns: tuple[ColumnSpec, ...]) -> Iterator[tuple[str, str]]:
    for i, column in enumerate(columns):
        yield f"column[{i}].key", column.key
        if column.type is ValueType.QUANTITY and column.key:
            yield f"column[{i}].key", f"{column.key}_value"


def _known(words: Iterable[str], known: list[str], path: str) -> Iterator[Fault]:
    for index, word in enumerate(words):
        if word not in known:
            yield f"{path}[{index}]", f"unknown column “{word}”; {suggest(word, known)}"


def _table(table: TableSpec, path: str) -> Iterator[Fault]:
    yield from _columns(table.columns, path)
    yield from _levels(table, path)
    yield from _inside(table, path)
    yield from _groups(table, path)
    for i, pattern in enumerate(table.placeholders):
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"{path}.placeholders[{i}]", f"is not a regular expression: {error}"
    if table.footer:
        yield from _known(table.footer.columns, [c.key for c in table.columns], f"{path}.footer.columns")
        yield from _known(table.footer.required, list(table.footer.columns), f"{path}.footer.required")


def _levels(table: TableSpec, path: str) -> Iterator[Fault]:
    seen: set[int] = set()
    for i, column in enumerate(table.columns):
        if (column.level > 0) is not (column.type is ValueType.LABEL):
            yield f"{path}.column[{i}].level", "a column with a level has the type “label”, and no other has"
        if column.level and column.level in seen:
            yield f"{path}.column[{i}].level", f"level {column.level} stands twice"
        seen.add(column.level)
    if 2 in seen and 1 not in seen:
        yield f"{path}.column", "level 2 stands without level 1"
    if table.groups and 1 not in seen:
        yield f"{path}.group", "no column has level 1; give the column of the upper labels `level = 1`"


def _inside(table: TableSpec, path: str) -> Iterator[Fault]:
    """Values in the brackets of another column's text: that column must be there."""
    names = [column.key for column in table.columns]
    for i, column in enumerate(table.columns):
        if column.inside:
            yield from _known([column.inside], names, f"{path}.column[{i}].inside")


def _groups(table: TableSpec, path: str) -> Iterator[Fault]:
    yield from _alike((f"{path}.group[{i}].labels", group.labels) for i, group in enumerate(table.groups))
    for i, group in enumerate(table.groups):
        place = f"{path}.group[{i}].children"
        yield from _alike((f"{place}[{j}]", child) for j, child in enumerate(group.children))
        if group.children and not any(column.level == 2 for column in table.columns):
            yield place, "no column has level 2"


# ---- rules -----------------------------------------------------------------------------------------------


def _checks(form: FormSpec) -> Iterator[Fault]:
    shape = types_of(form)
    seen: set[str] = set()
    for index, spec in enumerate(form.checks):
        path = f"check[{index}]"
        if spec.id in seen:
            yield f"{path}.id", f"“{spec.id}” stands twice"
        seen.add(spec.id or path)
        if spec.tolerance < 0:
            yield f"{path}.tolerance", "must not be negative"
        if spec.rule:
            yield from _rule(spec, shape, path)


def _rule(spec: CheckSpec, shape: dict[str, object], path: str) -> Iterator[Fault]:
    row: dict[str, object] = {}
    if spec.each is not None:
        rows = shape.get(spec.each)
        if not isinstance(rows, list):
            tables = [key for key, inner in shape.items() if isinstance(inner, list)]
            yield f"{path}.each", f"unknown table “{spec.each}”; {suggest(spec.each, tables)}"
            return
        row = rows[0]
    try:
        rule = compile_rule(spec.rule)
    except RuleError as error:
        yield f"{path}.rule", str(error)
        return
    yield from ((f"{path}.rule", message) for message in _names(rule, row, shape))
    uses_band = any(isinstance(node, Call) and node.name == "band" for node in walk(rule.root))
    if uses_band and not spec.bands:
        yield f"{path}.bands", "is missing: band() needs it"
    if spec.bands and not uses_band:
        yield f"{path}.bands", "is of no use: the rule has no band()"


def _names(rule: Rule, row: dict[str, object], shape: dict[str, object]) -> Iterator[str]:
    for node, above in _pairs(rule.root, None):
        if not isinstance(node, Path):
            continue
        scope = row if node.parts[0] in row else shape
        reached = _reach(scope, node.parts)
        if isinstance(reached, str) and not isinstance(reached, ValueType):
            yield f"unknown path “{node}”: {reached}"
            continue
        yield from _use(node, above, reached)


def _pairs(node: Node, above: Node | None) -> Iterator[tuple[Node, Node | None]]:
    yield node, above
    for child in children(node):
        yield from _pairs(child, node)


def _reach(scope: object, parts: tuple[str, ...]) -> object:
    """A ValueType, a dict, or a list of what stands in each row; a text says why the path leads nowhere."""
    if not parts:
        return scope
    if isinstance(scope, list):
        inner = _reach(scope[0], parts)
        return inner if isinstance(inner, str) and not isinstance(inner, ValueType) else [inner]
    if not isinstance(scope, dict):
        return "a single value has nothing below it"
    if parts[0] not in scope:
        return suggest(parts[0], [str(key) for key in scope if key])
    return _reach(scope[parts[0]], parts[1:])


def _use(path: Path, above: Node | None, reached: object) -> Iterator[str]:
    called = above.name if isinstance(above, Call) else ""
    if called == "count":
        if not isinstance(reached, list):
            yield f"“{path}” is no list; count() counts the rows of one"
        return
    if isinstance(reached, list):
        if called not in AGGREGATES and called != "given":
            yield f"“{path}” leads through a list; put it in sum(), min(), max() or count()"
            return
        reached = reached[0]
    if isinstance(reached, dict):
        yield f"“{path}” is no single value; it holds {', '.join(map(str, reached))}"
    elif isinstance(reached, ValueType) and not reached.numeric and _wants_number(above):
        yield f"“{path}” is no number; its type is “{reached}”"


def _wants_number(above: Node | None) -> bool:
    return isinstance(above, (Binary, Negative)) or (isinstance(above, Call) and above.name != "given")
