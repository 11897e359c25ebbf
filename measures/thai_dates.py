"""Days, months and ranges of them written in Thai prose: where they stand and which days they mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from measures import thai
from measures.fiscal import BE_OFFSET, Span

MONTHS = {name: number for names in (thai.MONTHS, thai.SHORT_MONTHS) for number, name in enumerate(names, 1)}
CENTURY = 2500
"""What a year of two digits leaves out."""

CE_YEARS, BE_YEARS = range(1950, 2151), range(2450, 2701)
"""Four digits outside these are no year: a number that happens to follow a month."""

SHORT_YEARS = range(50, 100)
"""Two digits below these are no year, so that 'มีนาคม ๑๒ ครั้ง' is not one."""

# At most five blanks or line ends between the words of a date; \d takes Thai digits as well.
_GAP = r"\s{0,5}"
_DAY = r"(?<![\d./,])\d{1,2}"


def _spelled(name: str) -> str:
    """The pattern of a month: มี.ค. is also written มี. ค. and มี.ค without its last dot."""
    parts = [re.escape(part) for part in name.split(".") if part]
    return rf"\.{_GAP}".join(parts) + (r"\.?" if "." in name else "")


_MONTH = "|".join(_spelled(name) for name in sorted(MONTHS, key=len, reverse=True))
_YEAR = rf"(?:ปี{_GAP})?(?:พ{_GAP}\.{_GAP}ศ{_GAP}\.?{_GAP})?(?P<year%s>\d{{4}}|\d{{2}})(?![\d%%]|[.,/]\d)"
_UNTIL = rf"{_GAP}(?:-|–|—|(?:จน)?ถึง){_GAP}(?:สิ้น{_GAP})?"
_POINT = (
    rf"(?:วันที่{_GAP}(?P<long%s>\d{{1,2}}){_GAP}เดือน{_GAP}"
    rf"|(?:วันที่{_GAP})?(?P<day%s>{_DAY}){_GAP}|เดือน{_GAP})?(?P<month%s>{_MONTH})"
)


def _numbered(pattern: str, number: int) -> str:
    """The pattern with its groups named after the first or second end of a range."""
    return pattern.replace("%s", str(number)).replace("%%", "%")


_FIRST_POINT = rf"{_numbered(_POINT, 1)}(?:{_GAP}{_numbered(_YEAR, 1)})?"
_FIRST_DAY = rf"(?P<bare>{_DAY})(?={_UNTIL}\d)"
_DATE = re.compile(rf"(?:(?:{_FIRST_POINT}|{_FIRST_DAY}){_UNTIL})?{_numbered(_POINT, 2)}{_GAP}{_numbered(_YEAR, 2)}")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})\s?/\s?(\d{1,2})\s?/\s?(\d{4})(?![\d/])")


@dataclass(frozen=True)
class FoundDate:
    """text[start:end] and the C.E. days it names: one span, or one for each end of a range."""

    start: int
    end: int
    spans: tuple[Span, ...]

    def strays(self, within: Span) -> bool:
        """Whether a day, a month or one end of a range has no day in common with `within`."""
        return any(span.end < within.start or span.start > within.end for span in self.spans)


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Every date of `text` that says its year, in order: ๓๑ มีนาคม ๒๕๖๓, ต.ค. ๖๕, ต.ค.-ธ.ค.๖๕, ๓๑/๓/๒๕๖๓."""
    found = (*_worded(text), *_numeric(text))
    return tuple(sorted(found, key=lambda date_: date_.start))


def _worded(text: str) -> Iterator[FoundDate]:
    for match in _DATE.finditer(text):
        year = _year(match["year2"])
        if year is None:
            continue
        month = MONTHS[_key(match["month2"])]
        spans = [_span(year, month, match["long2"] or match["day2"])]
        if match["bare"]:
            spans.insert(0, _span(year, month, match["bare"]))
        elif match["month1"]:
            first = MONTHS[_key(match["month1"])]
            # ต.ค. - มี.ค. ๖๖ says one year for both ends; a first month after the last is of the year before.
            begun = (_year(match["year1"]) if match["year1"] else None) or year - (first > month)
            spans.insert(0, _span(begun, first, match["long1"] or match["day1"]))
        yield FoundDate(match.start(), match.end(), tuple(spans))


def _key(month: str) -> str:
    """A month as found, as it stands in MONTHS."""
    bare = "".join(month.split())
    return bare if bare in MONTHS else f"{bare}."


def _numeric(text: str) -> Iterator[FoundDate]:
    for match in _NUMERIC.finditer(text):
        day, month, year = int(match[1]), int(match[2]), _year(match[3])
        if year is not None and 1 <= month <= 12 and 1 <= day <= 31:
            yield FoundDate(match.start(), match.end(), (_span(year, month, match[1]),))


def _year(digits: str) -> int | None:
    """The C.E. year that two or four digits mean, None when they mean none."""
    number = int(digits)
    if len(digits) == 2:
        return number + CENTURY - BE_OFFSET if number in SHORT_YEARS else None
    if number in BE_YEARS:
        return number - BE_OFFSET
    return number if number in CE_YEARS else None


def _span(year: int, month: int, day: str | None) -> Span:
    """The day of the month; all of it without a day, or with one that the month does not have."""
    first = date(year, month, 1)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    if day and 1 <= int(day) <= last.day:
        return Span(first.replace(day=int(day)), first.replace(day=int(day)))
    return Span(first, last)
