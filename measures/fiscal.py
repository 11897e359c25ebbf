"""The Thai fiscal year: B.E. year N runs from 1 October of N-1 to 30 September of N, in two rounds."""

from dataclasses import dataclass
from datetime import date

BE_OFFSET = 543
FIRST_YEAR, LAST_YEAR = 2500, 2700


@dataclass(frozen=True)
class Span:
    """Two C.E. days, both included."""

    start: date
    end: date


def check_year(year: int) -> int:
    """`year` when it is a plausible B.E. fiscal year. Raises ValueError (Thai) otherwise."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"ปีงบประมาณ {year} ไม่ถูกต้อง ให้ใช้ปี พ.ศ. เช่น 2566")
    return year


def fiscal_year(year: int) -> Span:
    """The days of B.E. fiscal year `year`."""
    return Span(date(year - BE_OFFSET - 1, 10, 1), date(year - BE_OFFSET, 9, 30))


def round_span(year: int, number: int) -> Span:
    """The days of round 1 (October to March) or 2 (April to September). Raises ValueError for another number."""
    whole = fiscal_year(year)
    if number == 1:
        return Span(whole.start, date(whole.end.year, 3, 31))
    if number == 2:
        return Span(date(whole.end.year, 4, 1), whole.end)
    raise ValueError(f"ไม่มีรอบที่ {number} มีเฉพาะรอบที่ 1 และรอบที่ 2")
