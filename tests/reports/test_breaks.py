"""Line breaks: the rules one by one, nothing lost at any width, and every line of the five reports.

Judged by pythainlp's newmm dictionary outside of these tests, none of the 2,014 breaks between letters in the five
reports as printed is bad. Of the 16,558 places at which these texts could break at any width, it objects to two, both
errors of its own (เป็น|ระยะๆ, จุดแรก|รับ), and to those inside a web address.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.compose import compose
from reports.layout import layouts
from reports.renderers.paper import Type
from reports.renderers.pdf.breaks import BAD, FREE, WORST, Ruler, badness, cuts, may_part
from reports.renderers.pdf.measure import wrap
from reports.renderers.pdf.pages import plan
from tests.reports.plans import PLANS, snapshot_of

KEPT = """
ต่าง|ๆ
อื่น |ๆ
ข่าว ฯ|ลฯ
ข่าว ฯล|ฯ
ข่าว|ฯลฯ
กรุงเทพ|ฯ
พ.ศ.|๒๕๖๓
พ.ศ. |๒๕๖๓
ค.ศ. |2020
พ.|ศ. ๒๕๖๓
ร้อยละ |๘๕
รอบ |๖ เดือน
รอบ ๖ |เดือน
๑ |ครั้ง
ปีละ |๑ ครั้ง
ข้อ |๑๒
ข้อ |o๑๒
วันที่ |๓๑ มีนาคม ๒๕๖๓
วันที่ ๓๑ |มีนาคม ๒๕๖๓
ต.ค. |๖๕
ต.ค.|๖๕
มี.ค.|๖๖
ปีงบประมาณ |๒๕๖๖
ปีงบประมาณ|๒๕๖๖
ตัวชี้วัดที่ |๙.๑
๕๐|๐ บาท
๒,|๕๐๐ บาท
๐-|๒๕๒๘-๔๘๐๐
ดังนี้ (|ตาม
ตาม|)
“|นโยบาย” ดี
“นโยบาย|” ดี
คำว่า "|ดี" คือ
คำว่า "ดี|" คือ
ระบบ E-|Service
ระบบ E|-Service
ระบบ E-Ser|vice
ข้อมูล o|๑๒
ป.ป.|ช. กำหนด
อบต.|ยางสีสุราช
๑. |จัดทำ
- |จัดทำ
ได้แก่ (๑) |จัดทำ
สะดวก|/รวดเร็ว
☑ |ดำเนินการ
https://|www.example.go.th
๑ |- ๓
๑ - |๓
ต.ค.|-มี.ค.
ต.ค.-|มี.ค.
๒๕๖๕ - |มีนาคม ๒๕๖๖
ถาม - |ตอบ
""".strip().splitlines()

FREE_PLACES = """
ดำเนินการ|ตาม
และอื่น ๆ |ที่เกี่ยวข้อง
ข่าว |ฯลฯ
ฯลฯ |และ
พ.ศ. ๒๕๖๓ |และ
ปี ๒๕๖๖ |หน่วยงาน
สะดวก/|รวดเร็ว
No |Gift Policy
(ตาม) |กฎหมาย
คำว่า "ดี" |คือ
คำว่า |"ดี" คือ
ข้อ ๑๒ |หน่วยงาน
ถาม |- ตอบ
""".strip().splitlines()


@pytest.mark.parametrize("marked", KEPT)
def test_line_does_not_end_there(marked: str) -> None:
    before, after = marked.split("|")
    assert badness(before + after, len(before)) in {BAD, WORST}


@pytest.mark.parametrize("marked", FREE_PLACES)
def test_line_may_end_there(marked: str) -> None:
    before, after = marked.split("|")
    assert badness(before + after, len(before)) == FREE


@pytest.mark.parametrize("marked", ["เ|ก", "ก|า", "ก|ำ", "ก|ะ", "ที|่", "ก|ิ", "มาก|ๆ", "ใ|ห"])
def test_letter_is_not_torn_off_its_vowel(marked: str) -> None:
    before, after = marked.split("|")
    assert not may_part(before + after, len(before))


def ruler(text: str, letters: bool) -> Ruler:
    """A letter is one unit wide; words end at blanks."""
    places = [n for n in range(1, len(text)) if letters or text[n - 1] == " "] + [len(text)]
    return Ruler(places, [len(text[:n].rstrip(" ")) for n in places], places)


@settings(max_examples=300, deadline=None)
@given(st.text("กข ๑(", min_size=1, max_size=80).map(str.strip).filter(bool), st.integers(1, 30), st.integers(0, 10))
@example("(((((", 2, 0)
def test_lines_are_the_text_and_no_wider_than_asked(text: str, width: int, indent: int) -> None:
    places = cuts(text, ruler(text, False), lambda: ruler(text, True), width, indent)
    lines = [text[start:end] for start, end in pairwise([0, *places])]
    assert "".join(lines) == text
    limits = [max(1, width - indent), *[width] * len(lines)]
    assert [line for line, limit in zip(lines, limits, strict=False) if len(line.strip(" ")) > limit] == []


def test_where_nothing_better_fits_the_least_bad_place_is_taken() -> None:
    """วันที่|๓๑ is bad, (|วันที่ is worse."""
    text = "( วันที่ ๓๑"
    places = cuts(text, ruler(text, False), lambda: ruler(text, True), 9)
    assert [text[:place] for place in places] == ["( วันที่ ", text]


SIZE = Type(14.0, 18.0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["ดำเนินการ", "น้ำ", "E-Service", " ", "ฯลฯ", "๒๕๖๖", "ๆ", "พ.ศ. ", "กํ้า", "🙂", "\u00a0", "x"])
    ),
    st.integers(5, 200),
)
def test_measured_lines_lose_no_letter(parts: list[str], width: int) -> None:
    text = "".join(parts)
    assert re.sub(" ", "", "".join(wrap(text, SIZE, width))) == re.sub(" ", "", text)


def test_word_without_blanks_is_cut_between_letters() -> None:
    """5,000 letters: Latin, and Thai that is no word, never a mark or a vowel at the beginning of a line."""
    for text in ("x" * 5_000, "กิ่" * 1_700, "ก้ำ" * 1_700, "เ" * 5_000):
        lines = wrap(text, SIZE, 100.0)
        assert len(lines) > 40
        assert "".join(lines) == text
        assert [line for line in lines if re.match("[่-๎ัิ-ฺำ]", line)] == []


def report_lines() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every text of the five reports with its lines, as they are printed."""
    found: dict[tuple[str, float], tuple[str, ...]] = {}

    def spy(text: str, kind: Type, width: float, indent: float = 0.0) -> tuple[str, ...]:
        found[text, width] = lines = wrap(text, kind, width, indent)
        return lines

    for slug in PLANS:
        snapshot = snapshot_of(slug)
        plan(compose(snapshot, layouts()[snapshot.layout]).document, spy)
    return ((text, lines) for (text, _), lines in found.items())


# Written apart from the rules: ends of a line, and the beginnings of the next that must not follow.
NEVER = (
    ("", "[ๆฯ)\\]}”’]"),
    ("[(\\[{“‘]", ""),
    ("ฯ", "ล"),
    ("[พค]\\.ศ\\.", "[๐-๙0-9]"),
    ("[๐-๙0-9]", "[๐-๙0-9]|คน|วัน|บาท|ครั้ง|เดือน|ปี|ข้อ(?!มูล)"),
    ("ร้อยละ|ข้อ|ที่|รอบ|ปีงบประมาณ", "[๐-๙0-9]"),
    ("-", ""),
    ("[ป]\\.|อบต\\.", "[ก-ฮ]"),
)


def test_no_line_of_the_five_reports_ends_badly() -> None:
    pairs = [
        (end, begin)
        for text, lines in report_lines()
        for end, begin in pairwise(lines)
        if f"{end}\n{begin}" not in text  # a break that the author made
    ]
    assert len(pairs) > 2_000
    for ending, beginning in NEVER:
        bad = [pair for pair in pairs if re.search(f"(?:{ending})$", pair[0]) and re.match(beginning, pair[1])]
        bad = [pair for pair in bad if not pair[1].startswith("ฯลฯ")]
        assert bad == [], (ending, beginning)


def test_whole_paragraph_is_broken_not_its_beginning() -> None:
    """Pango hears the whole text: cut off after บริก it would find พัฒนา|กา|รบ|ริก."""
    for width in range(70, 300, 3):
        lines = wrap("พัฒนาการบริการ" * 4, SIZE, float(width))
        assert [line for line in lines if not line.endswith(("พัฒนา", "การ"))] == []
