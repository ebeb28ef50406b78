"""The shape of a form's data, computed once from its declaration; whoever walks the data walks this.

Checks of the declaration, the JSON Schema, the data itself, the required values and the bench's scoring derive from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extract.forms.spec import ColumnSpec, FieldSpec, FormSpec, MatrixSpec, TableSpec, UnitSpec, ValueType

COMPANION = "_value"
"""What follows the key of a quantity in the key of its parts."""
QUANTITY_PARTS = {"comparator": ValueType.TEXT, "number": ValueType.NUMBER, "unit": ValueType.TEXT}


@dataclass(frozen=True)
class Leaf:
    """A single value: its declaration, its type, whether an accepted record must hold it.

    `sought`: a record without a place for it needs review, a blank place does not.
    """

    spec: FieldSpec | ColumnSpec | UnitSpec
    type: ValueType
    required: bool = False
    sought: bool = False


@dataclass(frozen=True)
class Group:
    """An object with its members in the order of the declaration; `labels` are what the form prints for it."""

    members: dict[str, Leaf | Group | Rows] = field(default_factory=dict)
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """A list of objects of one shape."""

    row: Group
    min_rows: int


Node = Leaf | Group | Rows


def record_shape(form: FormSpec) -> Group:
    """The shape of `data`: an object per dotted key, matrix, matrix row and footer, a list per table.

    Of a declaration whose keys clash the first one stays.
    """
    return _shape(form.fields, form.matrices, form.tables)


@lru_cache(maxsize=256)
def _shape(fields: tuple[FieldSpec, ...], matrices: tuple[MatrixSpec, ...], tables: tuple[TableSpec, ...]) -> Group:
    root = Group()
    for item in fields:
        _put(root, item.key.split("."), Leaf(item, item.type, item.required))
    for matrix in matrices:
        root.members[matrix.key] = _matrix(matrix)
    for table in tables:
        row = Group({c.key: Leaf(c, c.type, c.required) for c in table.columns})
        root.members[table.key] = Rows(row, table.min_rows)
        if table.footer:
            own = [c for c in table.columns if c.key in table.footer.columns]
            leaves: dict[str, Node] = {c.key: Leaf(c, c.type, c.key in table.footer.required) for c in own}
            root.members[table.footer.key] = Group(leaves, table.footer.labels)
    return root


def _put(root: Group, path: Sequence[str], leaf: Leaf) -> None:
    for key in path[:-1]:
        inner = root.members.setdefault(key, Group())
        if not isinstance(inner, Group):
            return
        root = inner
    root.members[path[-1]] = leaf


def _matrix(matrix: MatrixSpec) -> Group:
    members: dict[str, Node] = {}
    if matrix.unit:
        members[matrix.unit.key] = Leaf(matrix.unit, ValueType.CHOICE, sought=True)
    for row in matrix.rows:
        leaves: dict[str, Node] = {c.key: Leaf(c, c.type, c.key in row.required) for c in matrix.columns}
        members[row.key] = Group(leaves, row.labels)
    return Group(members, matrix.labels)


def leaves_of(group: Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    """Every single value outside of lists, with the keys that lead to it."""
    for key, node in group.members.items():
        if isinstance(node, Leaf):
            yield (*path, key), node
        elif isinstance(node, Group):
            yield from leaves_of(node, (*path, key))


def lists_of(group: Group) -> Iterator[tuple[str, Rows]]:
    """Every list with its key."""
    return ((key, node) for key, node in group.members.items() if isinstance(node, Rows))


def types_of(form: FormSpec) -> dict[str, object]:
    """The keys of `data`, nested: a ValueType for a value, a dict for an object, a list of one dict for rows.

    Quantities come with their companion `<key>_value`.
    """
    return _types_of(record_shape(form))


def _types_of(group: Group) -> dict[str, object]:
    shape: dict[str, object] = {}
    for key, node in group.members.items():
        if isinstance(node, Group):
            shape[key] = _types_of(node)
        elif isinstance(node, Rows):
            shape[key] = [_types_of(node.row)]
        else:
            shape[key] = ValueType.TEXT if isinstance(node.spec, UnitSpec) else node.type
            if node.type is ValueType.QUANTITY:
                shape[f"{key}{COMPANION}"] = dict(QUANTITY_PARTS)
    return shape
