"""What a setting may be: kinds of numbers with their ranges, and a sentence on each field.

A setting's annotation holds all of it, for `msgspec` to check and for docs/settings.md to be written from.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from msgspec import Meta

Amount = Annotated[float, Meta(gt=0, le=1e9)]
"""More than nothing: seconds, pixels, megabytes, multiples of a character's height."""

Count = Annotated[int, Meta(gt=0, le=1_000_000_000)]

Share = Annotated[float, Meta(ge=0, le=1)]
"""A share of a whole, a confidence, or the response of a filter."""

Slope = Annotated[float, Meta(ge=0, le=1)]

Angle = Annotated[float, Meta(ge=0, le=45)]
"""Degrees; a skew of more than 45 is one of another edge."""

Grey = Annotated[float, Meta(ge=0, le=255)]

Threads = Annotated[int, Meta(ge=1, le=1024)]


def about(description: str) -> Meta:
    """Say what a setting does, in one sentence."""
    return Meta(description=description)


def speed(description: str) -> Meta:
    """Say what a setting does that changes how fast a result comes, not what it is."""
    return Meta(description=description, extra={"speed": True})


def metas(hint: Any) -> tuple[Meta, ...]:
    """Return what an annotation says, the kind of number first."""
    return tuple(meta for meta in get_args(hint)[1:] if isinstance(meta, Meta))


def description_of(hint: Any) -> str:
    """Return the sentence on a setting; empty where there is none."""
    return next((meta.description for meta in metas(hint) if meta.description), "")


def is_speed(hint: Any) -> bool:
    """Tell whether a setting changes no result."""
    return any((meta.extra or {}).get("speed", False) for meta in metas(hint))


def range_of(hint: Any) -> str:
    """Return the range of a number in words; empty where it has none."""
    for meta in metas(hint):
        if meta.gt is not None:
            return f"more than {meta.gt:.0f}, up to {meta.le:.0f}"
        if meta.ge is not None:
            return f"{meta.ge:.0f} to {meta.le:.0f}"
    return ""
