"""Inline SVG charts as template tags: the geometry is computed here, colour comes by class, the words by label."""

from dataclasses import dataclass
from math import pi
from typing import Any

from django import template

from measures.queries.rows import Counts
from measures.templatetags.thai import FACES, digits

register = template.Library()

RING_RADIUS = 70
RING_GAP = 2  # px of surface between two arcs, so that neighbours stay apart without colour


@dataclass(frozen=True)
class Segment:
    """One part of a bar: where it starts and how wide it is, in per cent of the bar."""

    css: str
    label: str
    count: int
    x: str
    width: str


@dataclass(frozen=True)
class Arc:
    """One part of the ring as a dash of its circumference, in px."""

    css: str
    length: str
    rest: str
    offset: str


def count_of(counts: Counts, state: str) -> int:
    """How many items of `counts` are in that state."""
    number: int = getattr(counts, state.lower())
    return number


def segments(counts: Counts) -> list[Segment]:
    """The parts of `counts` that are not nothing, in the order of FACES."""
    whole = counts.total or 1
    parts: list[Segment] = []
    start = 0
    for key, face in FACES.items():
        count = count_of(counts, key)
        if count:
            parts.append(Segment(face.css, face.label, count, _share(start, whole), _share(count, whole)))
            start += count
    return parts


def arcs(counts: Counts) -> list[Arc]:
    """The same parts round a ring, from twelve o'clock on (a circle's dashes begin at three)."""
    circle = 2 * pi * RING_RADIUS
    whole = counts.total or 1
    parts: list[Arc] = []
    start = 0.0
    for key, face in FACES.items():
        length = circle * count_of(counts, key) / whole
        if length:
            drawn = length if length > circle - RING_GAP else max(length - RING_GAP, 1)
            parts.append(Arc(face.css, f"{drawn:.1f}", f"{circle - drawn:.1f}", f"{circle / 4 - start:.1f}"))
            start += length
    return parts


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}"


def words(counts: Counts, thai: bool) -> str:
    """The counts as a sentence for those who do not see the chart."""
    told = " ".join(f"{part.label} {part.count}" for part in segments(counts))
    return digits(f"{told or 'ยังไม่มีรายการ'} จาก {counts.total} รายการ", thai)


@register.inclusion_tag("partials/charts/stacked_bar.html")
def stacked_bar(counts: Counts, thai: bool = True, height: int = 20, title: str = "") -> dict[str, Any]:
    """A bar of all statuses side by side; `title` names whose bar it is."""
    return {
        "segments": segments(counts),
        "height": height,
        "label": f"{digits(title, thai)} {words(counts, thai)}".strip(),
    }


@register.inclusion_tag("partials/charts/legend.html")
def legend(counts: Counts, thai: bool = True, row: bool = False) -> dict[str, Any]:
    """The key of a bar or ring with its figures: the data as text."""
    return {"segments": segments(counts), "thai": thai, "row": row}


@register.inclusion_tag("partials/charts/ring.html")
def ring(counts: Counts, thai: bool = True) -> dict[str, Any]:
    """The one figure of the dashboard: the share done in the middle of a ring of all states."""
    percent = counts.percent_done
    return {
        "arcs": arcs(counts),
        "figure": digits(percent, thai),
        "label": f"ร้อยละ {digits(percent, thai)} ดำเนินการแล้ว {words(counts, thai)}",
    }
