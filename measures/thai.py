"""Thai text and numbers: digits, B.E. dates, normal form, comparison, codes. Pure functions."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlsplit

from measures.fiscal import BE_OFFSET

ARABIC, THAI = "0123456789", "๐๑๒๓๔๕๖๗๘๙"
_TO_THAI = str.maketrans(ARABIC, THAI)
_TO_ARABIC = str.maketrans(THAI, ARABIC)

MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
SHORT_MONTHS = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
]

# A token that has Latin letters beside its digits keeps them: URLs, e-mail addresses, COVID-19. OIT and question
# codes are the exception the forms ask for: o12 is printed o๑๒.
_TOKEN = re.compile(r"\S+")
_LATIN = re.compile(r"[A-Za-z]")
_CODE = re.compile(r"(?<![A-Za-z0-9])([oOiIeE])(\d{1,2})(?![A-Za-z0-9])")
_RUN = re.compile(r"[!-~๐-๙]+")

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")
_TONES = "\u0e48\u0e49\u0e4a\u0e4b"
_SPLIT_AM = re.compile(f"\u0e4d([{_TONES}]?)\u0e32")
_AM_BEFORE_TONES = re.compile(f"\u0e33[\u0e33{_TONES}]*[{_TONES}]")

# Thai sorts by consonant: a vowel written before its consonant counts after it, and marks count only between
# words that are otherwise the same.
_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_MARKS = re.compile("[\u0e47-\u0e4e]")

_OIT_CODE = re.compile(r"^\s*(?:ข้อ\s*)?[oO0๐]\s*([0-9๐-๙]{1,2})\s*$")


def to_thai_digits(text: str) -> str:
    """All Arabic digits of `text` as Thai digits."""
    return text.translate(_TO_THAI)


def to_arabic_digits(text: str) -> str:
    """All Thai digits of `text` as Arabic digits."""
    return text.translate(_TO_ARABIC)


def show_digits(text: str, thai: bool) -> str:
    """`text` as shown under the agency's digit switch.

    Digits joined to Latin letters (URLs, e-mail addresses, COVID-19) stay as typed, except in the codes o1, i12, e7.
    """
    if not thai:
        return to_arabic_digits(text)
    return _RUN.sub(lambda match: _show_run(match.group()), text)


def _show_run(run: str) -> str:
    if _CODE.fullmatch(run.strip(".,;:()[]\"'/-")) or not _LATIN.search(run):
        return to_thai_digits(run)
    return run


def normalise(text: str) -> str:
    """The stored form of typed or read text.

    น้ำ, นํ้า and น้ํา become one, เเ becomes แ, invisible and control characters go, line ends are \\n, trailing
    blanks of lines go. Never NFKC: it would tear every ำ apart.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    text = _CONTROL.sub("", text).translate(_INVISIBLE)
    text = unicodedata.normalize("NFC", text)
    text = text.replace("\u0e40\u0e40", "\u0e41")
    text = _SPLIT_AM.sub("\\1\u0e33", text)
    text = _AM_BEFORE_TONES.sub(lambda run: "".join(sorted(run.group(), key="\u0e33".__eq__)), text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def fold(text: str) -> str:
    """`text` for comparison and search: normal form, Arabic digits, lower case, no white space."""
    return "".join(to_arabic_digits(normalise(text)).lower().split())


def sort_key(text: str) -> tuple[str, str, str]:
    """A key that puts words in the order of the Royal Institute dictionary, as ICU's `th` collation does."""
    swapped = _LEADING_VOWEL.sub(r"\2\1", to_arabic_digits(text))
    bare = _MARKS.sub("", swapped).casefold()
    return bare, swapped.casefold(), text


def thai_date(day: date, thai: bool = True, short: bool = False) -> str:
    """A C.E. day as shown: ๓๑ มีนาคม ๒๕๖๓, or ๓๑ มี.ค. ๖๓ when `short`."""
    year = day.year + BE_OFFSET
    text = (
        f"{day.day} {SHORT_MONTHS[day.month - 1]} {year % 100:02}"
        if short
        else f"{day.day} {MONTHS[day.month - 1]} {year}"
    )
    return to_thai_digits(text) if thai else text


def thai_month(day: date, thai: bool = True) -> str:
    """The month of a C.E. day as shown: มีนาคม ๒๕๖๓."""
    text = f"{MONTHS[day.month - 1]} {day.year + BE_OFFSET}"
    return to_thai_digits(text) if thai else text


def format_score(score: Decimal) -> str:
    """A score as the forms print it, Arabic digits: 0 and 100 bare, otherwise two decimals, rounded half up."""
    rounded = score.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return str(int(rounded)) if rounded in (0, 100) else str(rounded)


def percent(part: int, whole: int) -> int:
    """`part` of `whole` in per cent, rounded half up; 0 of nothing is 0. The one place where shares are rounded."""
    return int((Decimal(part * 100) / whole).quantize(Decimal(1), ROUND_HALF_UP)) if whole else 0


def parse_oit_code(text: str) -> str | None:
    """o1, O1, 01, ๐๑ or o๑ as 'o1'; None when `text` is not such a code."""
    match = _OIT_CODE.match(text)
    number = int(to_arabic_digits(match[1])) if match else 0
    return f"o{number}" if number else None


def is_http_url(text: str) -> bool:
    """Whether `text` is an absolute http or https address without user name, control characters or blanks."""
    if any(char.isspace() for char in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
