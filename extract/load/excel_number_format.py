"""Numbers as a spreadsheet prints them: the part of Excel's number formats that forms use (ECMA-376-1, 18.8.31)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

Number = int | float | Decimal

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_MAX_POWER = 308  # of a float

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<number>[0#?][0#?,.]*(?:E[+-][0#?]+)?|\.[0#?]+)"
    r"|(?P<general>General)|(?P<ampm>AM/PM|A/P|\u4e0a\u5348/\u4e0b\u5348)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_LOCAL_DATE = ("mm-dd-yy", "m/d/yy")
"""How libraries name format 14, which a sheet prints as its reader's country writes dates (here: 2021/3/5)."""
_DATE_LETTERS = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|_.|\*.', re.IGNORECASE)


def printed(value: object, code: str = "General") -> str:
    """A cell's value as the sheet shows it; text stays as it is, None is empty, an unknown format prints plainly."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return _number(value, code)
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, datetime | date | time):
        return _date(value, code)
    return str(value)


def is_date_format(code: str) -> bool:
    """Whether a format prints a serial number as a date or a time."""
    bare = _DATE_LETTERS.sub("", code.split(";")[0])
    return "general" not in bare.lower() and bool(re.search(r"[ymdhs]", bare, re.IGNORECASE)) and "0.0" not in bare


def _number(value: Number, code: str) -> str:
    try:
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        return str(value)
    if not exact.is_finite() or exact.adjusted() > _MAX_POWER:
        return str(value)
    section, exact = _section(exact, code)
    if section.strip().lower() in ("", "general", "@") or "/" in _DATE_LETTERS.sub("", section):
        return general(exact)
    return _fill(exact, section)


def _section(value: Decimal, code: str) -> tuple[str, Decimal]:
    """The part of `positive;negative;zero;text` that holds, and the value it prints (no sign in a negative part)."""
    parts = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    if value < 0 and len(parts) > 1:
        return parts[1], -value
    if value == 0 and len(parts) > 2:
        return parts[2], value
    return parts[0], value


def general(value: Decimal) -> str:
    """A number without a format: up to 15 digits, no exponent, no trailing zeros (Excel keeps 15)."""
    if value == 0:
        return "0"
    text = f"{value.quantize(Decimal(1).scaleb(value.adjusted() - 14), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fill(value: Decimal, section: str) -> str:
    """The section with its number written into it, literals kept, colours, conditions and padding dropped."""
    out, sign = [], "-" if value < 0 else ""
    percent = "%" in re.sub(r'"[^"]*"|\\.', "", section)
    amount = abs(value) * (100 if percent else 1)
    seen = False
    for match in _TOKEN.finditer(section):
        group = match.lastgroup
        text = match.group(group) if group else ""
        if group == "number" and not seen:
            out.append(_digits(amount, text))
            seen = True
        elif group == "general":
            out.append(general(amount))
        elif group == "bracket":
            out.append(_currency(text))
        elif group in ("quoted", "escaped", "other", "date", "ampm"):
            out.append(text)
    body = "".join(out).strip()
    return body if not any(char in "123456789" for char in body) else sign + body


def _currency(bracket: str) -> str:
    """The sign in `[$¥-804]`; colours and conditions in brackets print nothing."""
    return bracket[1:].split("-")[0] if bracket.startswith("$") else ""


def _digits(value: Decimal, pattern: str) -> str:
    """A number in a pattern such as `#,##0.00`, `0`, `0.0#`, `0.00E+00` or `#,##0,` (a trailing comma: thousands)."""
    mantissa, _, exponent = pattern.upper().partition("E")
    if exponent:
        return _scientific(value, mantissa, exponent)
    whole, _, fraction = mantissa.partition(".")
    scale = len(mantissa) - len(mantissa.rstrip(","))
    fraction = fraction.replace(",", "")
    value = value.scaleb(-3 * scale).quantize(Decimal(1).scaleb(-len(fraction)), context=_EXACT)
    integer, _, decimals = f"{value:f}".partition(".")
    needed = whole.replace(",", "").count("0")
    integer = integer.lstrip("0").rjust(needed, "0")
    if "," in whole.rstrip(","):
        integer = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", integer)
    kept = len(fraction.rstrip("#?"))
    decimals = decimals[:kept] + decimals[kept:].rstrip("0")
    return integer + ("." + decimals if "." in mantissa and (decimals or kept) else "")


def _scientific(value: Decimal, mantissa: str, exponent: str) -> str:
    power = value.adjusted() if value else 0
    digits = _digits(value.scaleb(-power), mantissa)
    if digits.startswith("10"):
        power, digits = power + 1, _digits(value.scaleb(-power - 1), mantissa)
    sign = "-" if power < 0 else "+" if exponent[0] == "+" else ""
    return f"{digits}E{sign}{str(abs(power)).rjust(len(exponent) - 1, '0')}"


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def _date(value: datetime | date | time, code: str) -> str:
    """A date in its format; minutes are the m beside hours or seconds; without a date format, as ISO 8601."""
    section = "yyyy/m/d" if code in _LOCAL_DATE else code.split(";")[0]
    if not is_date_format(section):
        return value.isoformat(sep=" ") if isinstance(value, datetime) and value.time() != time() else _iso(value)
    tokens = [(m.lastgroup, m.group(m.lastgroup)) for m in _TOKEN.finditer(section) if m.lastgroup]
    halves = any(group == "ampm" for group, _ in tokens)
    letters = [text[0].lower() if group == "date" else "" for group, text in tokens]
    out = []
    for index, (group, text) in enumerate(tokens):
        if group == "bracket" and text.lower() in ("h", "hh", "m", "mm", "s", "ss"):
            group = "date"
        before = next((x for x in reversed(letters[:index]) if x), "")
        after = next((x for x in letters[index + 1 :] if x), "")
        if group == "date":
            is_minute = text[0].lower() == "m" and (before == "h" or after == "s")
            out.append(_date_part(value, text.lower(), is_minute, halves))
        elif group == "ampm":
            first, second = text.split("/")
            out.append(second if getattr(value, "hour", 0) >= 12 else first)
        elif group != "bracket":
            out.append(text)
    return "".join(out)


def _iso(value: datetime | date | time) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()


def _date_part(value: datetime | date | time, token: str, is_minute: bool, halves: bool) -> str:
    letter, width = token[0], len(token)
    if letter in "ymd" and not is_minute:
        if isinstance(value, time):
            return ""
        return _day_part(value, letter, width)
    if isinstance(value, date) and not isinstance(value, datetime):
        return ""
    hour = (value.hour % 12 or 12) if halves else value.hour
    number = {"h": hour, "m": value.minute, "s": value.second}[letter]
    return str(number).rjust(min(width, 2), "0") if letter != "s" else str(number).rjust(2 if width > 1 else 1, "0")


def _day_part(value: date, letter: str, width: int) -> str:
    if letter == "y":
        return f"{value.year % 100:02}" if width <= 2 else f"{value.year:04}"
    if width >= 3:
        name = "%B" if width > 3 else "%b"
        return value.strftime(name if letter == "m" else name.replace("B", "A").replace("b", "a"))
    return str(value.month if letter == "m" else value.day).rjust(width, "0")
