"""What the figure reader tells apart, and the shapes in which each character is printed."""

from __future__ import annotations

OTHER = "\N{REPLACEMENT CHARACTER}"
"""The class of every character outside of the alphabet."""

DIGITS = "0123456789"
MARKS = ".,%\N{PER MILLE SIGN}\u2265\u2264><=+-\N{EM DASH}\u00b1~/:()\N{DEGREE CELSIUS}\u3001\u3002\u00b7\u00d7"
UNITS = (
    "万亿千百十元个次人项年月日天家户平方米公里吨克份台套件起场处名小时分钟条座亩幅块批册篇种班期度本间门节辆株只头所周级位例座工"
    "以上下内前底余第约共"
)
"""Unit characters and the words beside figures: those that stand at a figure in the forms' declared values and in the
public texts, most frequent first (counted over fixtures/truth, fixtures/forms and 19 texts of public forms)."""

CHARACTERS = (*dict.fromkeys(DIGITS + MARKS + UNITS), OTHER)
"""The classes in their order; class 0 of the network is CTC's blank, class n is CHARACTERS[n - 1]."""

WIDE = {char: chr(ord(char) + 0xFEE0) for char in DIGITS + ".,%><=+/:()~"}
"""Full-width forms; both forms of a character are one class."""

SHAPES = {
    "-": "-\u2010\u2212\u2013",
    "~": "~\uff5e",
    "\u00b7": "\u00b7\u30fb",
    "\u2265": "\u2265\u2267",
    "\u2264": "\u2264\u2266",
}
"""Other glyphs of a class, beside its full-width form."""
