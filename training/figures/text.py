"""What the drawn lines say: figures in every printed shape, and what stands beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from training.figures.alphabet import DIGITS, UNITS

Rng = np.random.Generator

_COUNTED = "个次人项天家户份台套件起场处名条座亩幅块批册篇种班期本间门节辆株只头所级位例"
_MEASURES = (
    "元",
    "万元",
    "亿元",
    "平方米",
    "公里",
    "万平方米",
    "吨",
    "千克",
    "小时",
    "分钟",
    "万人次",
    "人次",
    "个工作日",
    "年",
    "月",
    "天",
)
_BEFORE = ("第", "约", "共", "前", "上", "下", "", "")
_AFTER = ("以上", "以下", "以内", "内", "前", "余人", "及以上", "左右", "。", "、")
_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_NEAR_UNITS = (
    "大太夫犬曰目白旦尸广平评泛千干于万方无天夭入八又个介丫吹欠顷顶午牛玉主王问闻间用肉丹西四而右石古吉占告户卢几凡九丸力刀"
    "一二三五六七八十土士工干口"
)
"""Characters that are taken for unit characters, digits or signs, with some of those that they are taken for."""

_SENTENCE_MARKS = "，；！？《》“”（）：、。…"


@lru_cache(maxsize=1)
def common() -> str:
    """The 3755 common characters of GB 2312, level 1."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in rows)


def line(rng: Rng) -> str:
    """What one line says, drawn from all kinds of figures and words."""
    kinds, shares = zip(*_KINDS, strict=True)
    return kinds[rng.choice(len(kinds), p=np.array(shares) / sum(shares))](rng)


def _pick(rng: Rng, options: str | tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


def _digits(rng: Rng, count: int) -> str:
    if rng.random() < 0.12:  # runs of equal digits are where CTC loses one
        return _pick(rng, DIGITS) * count
    return "".join(_pick(rng, DIGITS) for _ in range(count))


def _number(rng: Rng, most: int = 8) -> str:
    whole = _digits(rng, int(rng.integers(1, most)))
    if rng.random() < 0.4 and len(whole) > 3:
        whole = _grouped(whole)
    return whole + ("." + _digits(rng, int(rng.choice([1, 2, 2, 2, 3, 4]))) if rng.random() < 0.5 else "")


def _grouped(whole: str) -> str:
    first = len(whole) % 3 or 3
    return ",".join([whole[:first], *(whole[i : i + 3] for i in range(first, len(whole), 3))])


def _amount(rng: Rng) -> str:
    number = _number(rng, 10)
    turned = rng.random()
    if turned < 0.08:
        return f"({number})"
    return ("-" + number) if turned < 0.15 else number + (_pick(rng, ("元", "万元")) if turned > 0.85 else "")


def _percent(rng: Rng) -> str:
    number = _pick(
        rng, ("100", "95", "90", "98", "0", "85", "5", "3", _number(rng, 4), _number(rng, 4), _number(rng, 3))
    )
    sign = "%" if rng.random() < 0.68 else "\N{PER MILLE SIGN}"
    return (
        (_pick(rng, ("\u2265", "\u2264", ">", "<", "=", "\u00b1", "+", "-", ">=", "<=")) if rng.random() < 0.5 else "")
        + number
        + sign
    )


def _compared(rng: Rng) -> str:
    sign = _pick(
        rng, ("\u2265", "\u2264", ">", "<", "=", "\u2265", "\u2264", ">", "<", "=", "\u00b1", "+", ">=", "<=", "~")
    )
    return sign + _number(rng, 5) + _unit(rng)


def _unit(rng: Rng) -> str:
    turned = rng.random()
    return "" if turned < 0.35 else _pick(rng, _COUNTED) if turned < 0.7 else _pick(rng, _MEASURES)


def _counted(rng: Rng) -> str:
    return _pick(rng, _BEFORE) + _number(rng, 6) + _unit(rng) + (_pick(rng, _AFTER) if rng.random() < 0.2 else "")


def _range(rng: Rng) -> str:
    mark = _pick(rng, ("-", "~", "\N{EM DASH}", "/", ":", "\u00d7", "-", "/"))
    return (
        _number(rng, 4)
        + mark
        + _number(rng, 4)
        + (_unit(rng) if rng.random() < 0.5 else _pick(rng, ("%", "", "\N{DEGREE CELSIUS}")))
    )


def _date(rng: Rng) -> str:
    year, month, day = str(rng.integers(1990, 2040)), str(rng.integers(1, 13)), str(rng.integers(1, 32))
    shape = rng.integers(7)
    if shape == 0:
        return f"{year}年{month}月{day}日"
    if shape == 1:
        return f"{year}年" + (f"{month}月" if rng.random() < 0.5 else "度")
    if shape == 2:
        return f"{month}月{day}日"
    if shape == 3:
        return f"{year}年{month}月底前"
    if shape == 4:
        return f"{rng.integers(24)}:{rng.integers(60):02d}"
    mark = _pick(rng, "-./")
    return year + mark + (f"{month}{mark}{day}" if shape == 5 else f"{int(month):02d}{mark}{int(day):02d}")


def _degrees(rng: Rng) -> str:
    return _pick(rng, ("", "\u00b1", "-", "\u2264", "\u2265")) + _number(rng, 3) + "\N{DEGREE CELSIUS}"


def _lone(rng: Rng) -> str:
    return _pick(
        rng,
        (
            *DIGITS,
            "\N{EM DASH}",
            "\N{EM DASH}",
            "/",
            "/",
            "-",
            "0",
            "0.00",
            "100",
            "10",
            "10.00",
            "1",
            "\N{EM DASH}" * 2,
            "一",
            "二",
            "三",
            "日",
            "曰",
            "口",
            "工",
            "二十",
            "(一)",
            "。",
            "、",
            "%",
            "\N{PER MILLE SIGN}",
            "=",
            ">",
            "<",
            "\u2265",
            "\u2264",
            "无",
            "元",
            "是",
            "否",
        ),
    )


def _soup(rng: Rng) -> str:
    """Digits and marks with no sense in them: the reader must see, not guess."""
    marks = ".,.,.,%\N{PER MILLE SIGN}%\N{PER MILLE SIGN}-/:=<>\u2265\u2264+~()\N{EM DASH}\u00b1\u00b7\u3001"
    count = int(rng.integers(2, 12))
    return "".join(_pick(rng, DIGITS) if rng.random() < 0.68 else _pick(rng, marks) for _ in range(count))


def _units_soup(rng: Rng) -> str:
    count = int(rng.integers(1, 8))
    return "".join(_pick(rng, UNITS) if rng.random() < 0.6 else _pick(rng, DIGITS + _NEAR_UNITS) for _ in range(count))


def _words(rng: Rng) -> str:
    source = common()
    chars = [
        _pick(rng, _NEAR_UNITS)
        if rng.random() < 0.12
        else _pick(rng, _SENTENCE_MARKS)
        if rng.random() < 0.05
        else _pick(rng, source)
        for _ in range(int(rng.integers(1, 11)))
    ]
    return "".join(chars)


def _sentence(rng: Rng) -> str:
    """A figure inside of words."""
    before, after = _words(rng)[: int(rng.integers(0, 6))], _words(rng)[: int(rng.integers(0, 6))]
    return before + _pick(rng, (_number(rng, 5), _percent(rng), _counted(rng), _date(rng), _compared(rng))) + after


def _latin(rng: Rng) -> str:
    word = "".join(_pick(rng, _LATIN) for _ in range(int(rng.integers(3, 8))))
    return word + (_digits(rng, int(rng.integers(1, 5))) if rng.random() < 0.4 else "")


_KINDS: tuple[tuple[Callable[[Rng], str], float], ...] = (
    (_amount, 20),
    (_percent, 15),
    (_compared, 9),
    (_counted, 7),
    (_range, 5),
    (_date, 5),
    (_degrees, 1.5),
    (_lone, 7),
    (_soup, 15),
    (_units_soup, 5),
    (_words, 5),
    (_sentence, 7),
    (_latin, 1.5),
)
