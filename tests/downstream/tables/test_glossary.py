"""Words of columns that no form prints a label for."""

from extract.downstream.tables.glossary import word


def test_a_key_has_its_word() -> None:
    assert word("page") == "页码"


def test_a_key_without_a_word_stands_for_itself() -> None:
    assert word("no_such_key") == "no_such_key"
