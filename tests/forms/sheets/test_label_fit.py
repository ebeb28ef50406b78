"""Forms of one family told apart by the labels that a sheet shows."""

from extract.forms.declaration.loader import load_forms
from extract.forms.sheets.label_fit import LabelFit, label_fit, shares
from extract.forms.spec import FormSpec

FORMS = {form.id: form for form in load_forms()}
SHARED = ["项目名称", "实施单位", "年初预算数", "全年执行数", "执行率", "一级指标", "二级指标", "三级指标"]


def test_shares_by_hand() -> None:
    first = LabelFit(frozenset("abcd"), unseen=2)
    other = LabelFit(frozenset("abc"), unseen=0)
    # Four labels in all, and one form of which all is shown: 4 - 0.5 * 2 = 3 of 4, and 3 of 4.
    assert shares([first, other]) == [0.75, 0.75]
    # Half of it is shown: 4 - 0.5 * 0.5 * 4 = 3 of 4.
    assert shares([LabelFit(frozenset("abcd"), unseen=4)]) == [0.75]
    assert shares([LabelFit(frozenset(), 3)]) == [0]


def test_a_label_counts_once_however_often_it_stands() -> None:
    fit = label_fit(["分值", "分值", "与此无关"], FORMS["project_self_evaluation"])
    assert fit.explained == {"分值"}


def test_the_variants_own_labels_decide() -> None:
    base, beijing = FORMS["project_self_evaluation"], FORMS["project_self_evaluation_beijing"]
    plain = [*SHARED, "全年预算数"]
    assert better(plain, base, beijing)
    assert not better([*SHARED, "得分计算方法"], base, beijing)


def better(texts: list[str], one: FormSpec, other: FormSpec) -> bool:
    first, second = shares([label_fit(texts, form) for form in (one, other)])
    return first > second
