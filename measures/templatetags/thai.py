"""Template tags of the screen: Thai digits and dates, icons, status pills."""

from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from measures import thai as thai_text
from measures.enums import Status
from measures.queries.rows import UNKNOWN, UNREPORTED

register = template.Library()


@dataclass(frozen=True)
class Face:
    """How a state of work looks: class, picture and word; the shape of the picture carries it without colour."""

    css: str
    icon: str
    label: str


FACES = {
    Status.DONE.value: Face("done", "done", Status.DONE.label),
    Status.IN_PROGRESS.value: Face("progress", "progress", Status.IN_PROGRESS.label),
    Status.NOT_STARTED.value: Face("todo", "todo", Status.NOT_STARTED.label),
    Status.NOT_APPLICABLE.value: Face("na", "na", Status.NOT_APPLICABLE.label),
    UNKNOWN: Face("unknown", "unknown", "ยังไม่ระบุสถานะ"),
    UNREPORTED: Face("late", "blank", "ยังไม่รายงาน"),
}


@register.filter
def digits(value: object, thai: bool = True) -> str:
    """`value` as shown under the agency's digit switch; nothing for None."""
    return "" if value is None else thai_text.show_digits(str(value), thai)


@register.filter
def thai_date(day: date | None, thai: bool = True) -> str:
    """A day in full: ๓๑ มีนาคม ๒๕๖๓."""
    return thai_text.thai_date(day, thai) if day else ""


@register.filter
def thai_day(day: date | None, thai: bool = True) -> str:
    """A day in short: ๓๑ มี.ค. ๖๓."""
    return thai_text.thai_date(day, thai, short=True) if day else ""


@register.filter
def thai_moment(moment: datetime | None, thai: bool = True) -> str:
    """A local day and time in short: ๓๑ มี.ค. ๖๓ เวลา ๑๔.๐๕ น."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{thai_day(local.date(), thai)} เวลา {digits(f'{local:%H.%M}', thai)} น."


@register.filter
def days_late(due: date, today: date) -> int:
    """How many days `due` lies before `today`."""
    return (today - due).days


@register.filter
def anchor(heading: str) -> str:
    """A stable element id for a heading, so that a figure elsewhere can point at its group."""
    return f"g{crc32(heading.encode()):08x}"


@register.filter
def percent_of(part: int, whole: int) -> int:
    """`part` of `whole` in per cent, rounded half up."""
    return thai_text.percent(part, whole)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A picture of the sprite, hidden from screen readers: the word beside it carries the meaning."""
    markup = '<svg class="ico {}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>'
    return format_html(markup, extra, name)


@register.filter
def face(state: str | None) -> Face:
    """How a state looks; the empty one is unknown."""
    return FACES[state or UNKNOWN]


@register.inclusion_tag("partials/status_pill.html")
def status_pill(state: str | None) -> dict[str, Face]:
    """Icon, word and tint of a state: a status, unknown or not reported."""
    return {"face": face(state)}
