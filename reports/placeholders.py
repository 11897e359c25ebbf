"""The {names} that the texts of a layout may hold, and their values from a snapshot."""

import string
from collections.abc import Callable

from measures.fiscal import Span, fiscal_year
from measures.snapshot import Snapshot
from measures.thai import thai_date, thai_month


def _span(snapshot: Snapshot) -> Span:
    """The days that the report covers: its round, or the whole fiscal year."""
    return Span(snapshot.round.start, snapshot.round.end) if snapshot.round else fiscal_year(snapshot.year)


def _place(snapshot: Snapshot) -> str:
    """District and province, each only where it is known."""
    parts = (("อำเภอ", snapshot.agency.district), ("จังหวัด", snapshot.agency.province))
    return " ".join(prefix + name for prefix, name in parts if name)


def _round_months(snapshot: Snapshot) -> str:
    """เดือนตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖"""
    span = _span(snapshot)
    return f"เดือน{thai_month(span.start)} - {thai_month(span.end)}"


PLACEHOLDERS: dict[str, Callable[[Snapshot], str]] = {
    "agency": lambda snapshot: snapshot.agency.name,
    "agency_short": lambda snapshot: snapshot.agency.short_name,
    "district": lambda snapshot: snapshot.agency.district,
    "province": lambda snapshot: snapshot.agency.province,
    "place": _place,
    "year": lambda snapshot: str(snapshot.year),
    "analysed_year": lambda snapshot: str(snapshot.analysed_year or ""),
    "round_number": lambda snapshot: str(snapshot.round.number) if snapshot.round else "",
    "round_start": lambda snapshot: thai_date(_span(snapshot).start),
    "round_end": lambda snapshot: thai_date(_span(snapshot).end),
    "round_months": _round_months,
    "memo_number": lambda snapshot: snapshot.form.memo_number,
}


def names_in(text: str) -> list[str]:
    """The placeholders of `text`. Raises ValueError where braces do not match or hold more than a name."""
    names = []
    for _, name, spec, conversion in string.Formatter().parse(text):
        if spec or conversion:
            raise ValueError(text)
        if name is not None:
            names.append(name)
    return names


def fill(text: str, snapshot: Snapshot) -> str:
    """`text` with its placeholders replaced; the placeholders were checked when the layout was loaded."""
    values = {name: PLACEHOLDERS[name](snapshot) for name in names_in(text)}
    return text.format_map(values).strip()
