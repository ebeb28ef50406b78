"""Rules as text, and the trees that they come to."""

import pytest

from extract.forms.rules.parser import (
    Binary,
    Call,
    Compare,
    Constant,
    Logic,
    Negative,
    Not,
    Path,
    RuleError,
    compile_rule,
    is_condition,
    paths,
    walk,
)


def test_a_sum_against_a_total() -> None:
    rule = compile_rule("sum(rows.score) == total.score")
    assert rule.root == Compare(("==",), (Call("sum", (Path(("rows", "score")),)), Path(("total", "score"))))
    assert not rule.rates


def test_what_multiplies_or_divides_is_a_rate() -> None:
    assert compile_rule("rate == part / whole * 100").rates
    assert not compile_rule("a - b == c + d").rates


def test_products_bind_closer_than_sums_and_brackets_closest() -> None:
    a, b, c = (Path((name,)) for name in "abc")
    assert compile_rule("a + b * c == 0").root.items[0] == Binary("+", a, Binary("*", b, c))
    assert compile_rule("(a + b) * c == 0").root.items[0] == Binary("*", Binary("+", a, b), c)


def test_a_chain_of_comparisons_is_one_node() -> None:
    assert compile_rule("0 <= score <= weight").root == Compare(
        ("<=", "<="), (Constant("0", True), Path(("score",)), Path(("weight",)))
    )


def test_and_or_not_and_signs() -> None:
    root = compile_rule("not given(a) or -b < 1 and grade == '优'").root
    assert root == Logic(
        "or",
        (
            Not(Call("given", (Path(("a",)),))),
            Logic(
                "and",
                (
                    Compare(("<",), (Negative(Path(("b",))), Constant("1", True))),
                    Compare(("==",), (Path(("grade",)), Constant("优", False))),
                ),
            ),
        ),
    )


def test_numbers_keep_their_printed_decimals() -> None:
    root = compile_rule("a == 9.50").root
    assert isinstance(root, Compare)
    assert root.items[1] == Constant("9.50", True)


def test_the_paths_of_a_rule_and_the_nodes_below_it() -> None:
    rule = compile_rule("sum(rows.score) + extra == total.score")
    assert set(paths(rule)) == {("rows", "score"), ("extra",), ("total", "score")}
    assert [type(node).__name__ for node in walk(rule.root)] == ["Compare", "Binary", "Call", "Path", "Path", "Path"]
    assert is_condition(rule.root)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a ==",
        "a = b",
        "a",
        "a + b",
        "sum(rows.score)",
        "nosuch(a) == 1",
        "round(a, 1, 2) == 1",
        "a.b() == 1",
        "[a] == 1",
        "a if b else c",
        "__import__('os') == 1",
        "a == True",
        "(a == b) + 1 == 2",
    ],
)
def test_what_is_outside_of_the_language(text: str) -> None:
    with pytest.raises(RuleError):
        compile_rule(text)
