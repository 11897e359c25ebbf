"""Where a Thai line may end: rules of good print on top of the word boundaries that Pango knows. Pure."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_DIGIT = "0-9๐-๙"
_THAI = "ก-๎"
_LABELS = (  # "ที่" ends วันที่, ลำดับที่, ตัวชี้วัดที่
    "ร้อยละ|ข้อ|ที่|รอบ|จำนวน|ปีงบประมาณ|ปี|มาตรา|ไตรมาส|หมู่|ชั้น|หน้า|ระดับ|ภายใน|ไม่น้อยกว่า|อย่างน้อย|คะแนน|คะแนนเฉลี่ย"
    r"|(?:ปี|เดือน|สัปดาห์|วัน|ครั้ง|คน)ละ|โทร\.|โทรศัพท์|โทรสาร|เบอร์|เลข|ตอน|บท"
)
_UNITS = (
    r"คน|วัน|บาท|ล้านบาท|ครั้ง|เรื่อง|แห่ง|ปี|เดือน|สัปดาห์|ชั่วโมง|ชม\.|นาที|น\.|คะแนน|ฉบับ|โครงการ|ช่องทาง|ตัวชี้วัด|หมู่บ้าน"
    r"|(?:ข้อ|ราย|รายการ|ชุด|รอบ|ไตรมาส|กิจกรรม|ประเด็น|มาตรการ|ขั้นตอน|ด้าน|หน้า|แผ่น|เล่ม|เครื่อง|ระดับ|ประเภท|ท่าน|ชิ้น|เท่า)"
    rf"(?![{_THAI}])"
)
_MONTHS = (
    "มกรา|กุมภา|มีนา|เมษา|พฤษภา|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา"
    r"|ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค"
)
_SHORT = r"(?:เม|มี|มิ|[ก-ฮ]{1,4})\."  # part of an abbreviation: ป. of ป.ป.ช., อบต., มี. of มี.ค.

FREE, BAD, WORST = 0, 1, 2  # how bad it is to end a line at a place
WINDOW = 40  # letters on either side that the rules look at

# What stands before and after the place, "\n" between them; a blank at the place is part of what stands before.
_WORST = re.compile(
    "|".join(
        [
            r"\n(?:[ๆฯ](?!ลฯ)|(?<! \n)ฯลฯ)",  # what is repeated or cut short stays with its mark
            r"ฯล?\n[ลฯ]",
            r"[(\[{“‘«] ?\n",
            r"\n[)\]}”’»,;:.!?%…]",
            rf"[{_DIGIT}]\n[{_DIGIT}]",  # ๒,๕๐๐
            rf"[{_DIGIT}][.,:/]\n[{_DIGIT}]",
            rf"[พค]\.ศ\. ?\n[{_DIGIT}]",
        ]
    )
)
_BAD = re.compile(
    "|".join(
        [
            rf"(?:{_LABELS}) ?\n[oeiOEI]?[{_DIGIT}]",
            rf"(?<![2๒][45๔๕][{_DIGIT}])[{_DIGIT}] ?\n(?:{_UNITS})",  # a year has no unit
            rf"[{_DIGIT}] ?\n(?:{_MONTHS})",
            rf"(?:{_MONTHS})\. ?\n[{_DIGIT}]",
            rf"[{_DIGIT}.] ?\n[-–]",  # ๑ - ๓, ต.ค. - มี.ค.
            r"[-–] ?\n",  # readers of a PDF take a hyphen at the end of a line for a divided word
            rf"[A-Za-z{_DIGIT}]\n[A-Za-z{_DIGIT}]",  # o12
            r"[A-Za-z]\n-",
            rf"(?<![{_THAI}]){_SHORT}(?:{_SHORT})*\n[{_THAI}{_DIGIT}]",  # ป.ป.ช., อบต.ยางสีสุราช, ต.ค.๖๕
            r"://\n|\n/",
            rf"(?:^| )[(]?[{_DIGIT}]{{1,2}}[.)] ?\n",  # the number of an item stays with the item
            r"• ?\n",
            r"[☐☑] ?\n",
        ]
    )
)
# A letter is torn off its vowel: only where nothing else is left to do.
_CLUSTER = re.compile(r"[เแโใไ]\n|\n[ะาำๅๆฯ็-๎ัิ-ฺ]")


def badness(text: str, place: int) -> int:
    """How bad a line end before `text[place]` is: FREE, BAD or WORST."""
    start = max(0, place - WINDOW)
    window = f"{text[start:place]}\n{text[place : place + WINDOW]}"
    if _WORST.search(window):
        return WORST
    if '"' in window and _splits_quotation(text, place):
        return WORST
    # "^" in the rules means the beginning of the text.
    return BAD if _BAD.search(window if not start else f"…{window}") else FREE


def _splits_quotation(text: str, place: int) -> bool:
    """Whether the place is just inside a pair of straight quotation marks, which look the same on both sides."""
    before = text[:place]
    odd = before.count('"') % 2 == 1
    return odd and (text[place : place + 1] == '"' or before.rstrip().endswith('"'))


@dataclass(frozen=True)
class Ruler:
    """Places at which a text may be cut: where the text before ends, blanks left out, and where the next begins.

    The last place is the end of the text. All in the units of the one who measures.
    """

    places: Sequence[int]
    ends: Sequence[int]
    starts: Sequence[int]

    def widest(self, limit: int) -> int:
        """The index of the last place up to which the text ends at `limit` or before; -1 if there is none."""
        return bisect_right(self.ends, limit) - 1


def cuts(text: str, words: Ruler, letters: Callable[[], Ruler], width: int, indent: int = 0) -> list[int]:
    """The places at which lines of `width` end, the first one `indent` shorter; the last is the end of the text.

    As much as fits stands on a line; of the places that fit the last one that is not bad is taken. A word wider than
    a line is cut between letters with their marks.
    """
    found: list[int] = []
    ruler: Ruler | None = None
    place, origin, passed = 0, 0, 0  # `passed`: words' places up to and with the line's beginning
    while place < len(text):
        limit = origin + width - (0 if found else indent)
        last = words.widest(limit)
        if last >= passed:
            chosen = _best(text, words.places, passed, last)
            place, origin, passed = words.places[chosen], words.starts[chosen], chosen + 1
        else:
            ruler = ruler or letters()
            first = bisect_right(ruler.places, place)
            chosen = max(first, ruler.widest(limit))
            place, origin = ruler.places[chosen], ruler.starts[chosen]
            passed = bisect_right(words.places, place)
        found.append(place)
    return found


def _best(text: str, places: Sequence[int], first: int, last: int) -> int:
    """Of the places `first` to `last` the one at which to end the line: the last of the least bad ones."""
    best, least = last, WORST + 1
    for index in range(last, first - 1, -1):
        bad = FREE if places[index] == len(text) else badness(text, places[index])
        if bad < least:
            best, least = index, bad
        if least == FREE:
            break
    return best


def may_part(text: str, place: int) -> bool:
    """Whether a word too wide for its line may be cut here: not between a letter and what is written round it."""
    return not _CLUSTER.search(f"{text[place - 1]}\n{text[place : place + 1]}")
