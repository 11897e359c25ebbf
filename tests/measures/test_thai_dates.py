"""Dates in Thai prose, in the words of the source documents: found where they stand, and only when they are dates."""

from datetime import date
from time import perf_counter

import pytest

from measures.fiscal import Span, round_span
from measures.thai_dates import find_dates


def day(year: int, month: int, number: int) -> tuple[date, date]:
    return (date(year, month, number), date(year, month, number))


def month(year: int, number: int, last: int) -> tuple[date, date]:
    return (date(year, number, 1), date(year, number, last))


def spans(text: str) -> list[tuple[str, list[tuple[date, date]]]]:
    return [(text[f.start : f.end], [(span.start, span.end) for span in f.spans]) for f in find_dates(text)]


@pytest.mark.parametrize(
    ("text", "found", "meant"),
    [
        ("ประกาศ ลงวันที่ ๑ ตุลาคม ๒๕๖๒ เรื่อง", "วันที่ ๑ ตุลาคม ๒๕๖๒", [day(2019, 10, 1)]),
        ("ณ วันที่ ๓๑ มีนาคม ๒๕๖๓", "วันที่ ๓๑ มีนาคม ๒๕๖๓", [day(2020, 3, 31)]),
        ("ภายใน ๓๑ มี.ค. ๖๓ นี้", "๓๑ มี.ค. ๖๓", [day(2020, 3, 31)]),
        ("เมื่อวันที่ ๑๖ กุมภาพันธ์ พ.ศ. ๒๕๖๗", "วันที่ ๑๖ กุมภาพันธ์ พ.ศ. ๒๕๖๗", [day(2024, 2, 16)]),
        ("วันที่ ๓๑ เดือนมีนาคม พ.ศ. ๒๕๖๖", "วันที่ ๓๑ เดือนมีนาคม พ.ศ. ๒๕๖๖", [day(2023, 3, 31)]),
        ("ภายในเดือนเมษายน ๒๕๖๖", "เดือนเมษายน ๒๕๖๖", [month(2023, 4, 30)]),
        ("ภายในเดือน กันยายน ๒๕๖๕", "เดือน กันยายน ๒๕๖๕", [month(2022, 9, 30)]),
        ("ต.ค. ๖๕", "ต.ค. ๖๕", [month(2022, 10, 31)]),
        ("ต.ค ๖๕- มี.ค.๖๖", "ต.ค ๖๕- มี.ค.๖๖", [month(2022, 10, 31), month(2023, 3, 31)]),
        ("ต.ค.-ธ.ค.๖๕และ", "ต.ค.-ธ.ค.๖๕", [month(2022, 10, 31), month(2022, 12, 31)]),
        ("และ ม.ค.-มี.ค. ๖๖", "ม.ค.-มี.ค. ๖๖", [month(2023, 1, 31), month(2023, 3, 31)]),
        ("ต.ค. - มี.ค. ๖๖", "ต.ค. - มี.ค. ๖๖", [month(2022, 10, 31), month(2023, 3, 31)]),
        ("ต.ค. ๖๕ ถึง ก.ย. ๖๖", "ต.ค. ๖๕ ถึง ก.ย. ๖๖", [month(2022, 10, 31), month(2023, 9, 30)]),
        (
            "(เดือนตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖)",
            "เดือนตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖",
            [month(2022, 10, 31), month(2023, 3, 31)],
        ),
        (
            "รอบ ๑ ตุลาคม ๒๕๖๒ ถึง ๓๑ มีนาคม ๒๕๖๓",
            "๑ ตุลาคม ๒๕๖๒ ถึง ๓๑ มีนาคม ๒๕๖๓",
            [day(2019, 10, 1), day(2020, 3, 31)],
        ),
        ("ดำเนินการถึงสิ้นเดือนมีนาคม ๒๕๖๖", "เดือนมีนาคม ๒๕๖๖", [month(2023, 3, 31)]),
        ("อบรม ๕-๗ มีนาคม ๒๕๖๓", "๕-๗ มีนาคม ๒๕๖๓", [day(2020, 3, 5), day(2020, 3, 7)]),
        ("อบรม 5 - 7 มี.ค. 2563", "5 - 7 มี.ค. 2563", [day(2020, 3, 5), day(2020, 3, 7)]),
        ("๑ ตุลาคม - ๓๑ ธันวาคม ๒๕๖๕", "๑ ตุลาคม - ๓๑ ธันวาคม ๒๕๖๕", [day(2022, 10, 1), day(2022, 12, 31)]),
        ("มีนาคม\nพ.ศ.๒๕๖๓", "มีนาคม\nพ.ศ.๒๕๖๓", [month(2020, 3, 31)]),
        ("เมื่อ ๓๑/๓/๒๕๖๓", "๓๑/๓/๒๕๖๓", [day(2020, 3, 31)]),
        ("มกราคม 2020", "มกราคม 2020", [month(2020, 1, 31)]),
        ("๓๑ กุมภาพันธ์ ๒๕๖๓", "๓๑ กุมภาพันธ์ ๒๕๖๓", [month(2020, 2, 29)]),
    ],
)
def test_a_date_is_found_where_it_stands(text: str, found: str, meant: list[tuple[date, date]]) -> None:
    assert spans(text) == [(found, meant)]


@pytest.mark.parametrize(
    "text",
    [
        "ประจำปีงบประมาณ พ.ศ.๒๕๖๓",
        "รอบ ๖ เดือน ภายในเดือนเมษายน และรอบ ๑๒ เดือน ภายในเดือนตุลาคม",
        "สิงหาคม - ธันวาคม",
        "เดือนมีนาคม ๑๒ ครั้ง",
        "มีนาคม ๗๐% ของงบ",
        "คำสั่งที่ ๑๒๓/๒๕๖๓",
        "มีนาคม ๑,๒๐๐ บาท",
        "ม.ค.ศ.",
        "ร้อยละ ๒๕.๖๓",
        "๔๕/๑๓/๒๕๖๓",
        "อย่างน้อยปีละ ๒ ครั้ง",
        "",
    ],
)
def test_what_says_no_date_is_none(text: str) -> None:
    assert spans(text) == []


def test_several_dates_stand_in_order() -> None:
    text = "ครั้งที่ ๑ วันที่ ๕/๑/๒๕๖๖ ครั้งที่ ๒ เมื่อ ๑๐ ก.พ. ๖๖ และเดือนมีนาคม ๒๕๖๖"
    assert [words for words, _ in spans(text)] == ["๕/๑/๒๕๖๖", "๑๐ ก.พ. ๖๖", "เดือนมีนาคม ๒๕๖๖"]


def test_a_number_of_a_list_is_no_day() -> None:
    assert spans("๑. มีนาคม ๒๕๖๓") == [("มีนาคม ๒๕๖๓", [month(2020, 3, 31)])]


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("๑ ตุลาคม ๒๕๖๕", False),
        ("๓๑ มีนาคม ๒๕๖๖", False),
        ("๓๐ กันยายน ๒๕๖๕", True),
        ("๑ เมษายน ๒๕๖๖", True),
        ("ต.ค.๖๕ - มี.ค.๖๖", False),
        ("ต.ค.๖๕-ก.ย.๖๖", True),
        ("เดือนกันยายน ๒๕๖๕", True),
    ],
)
def test_a_date_strays_when_one_of_its_ends_is_outside(text: str, strays: bool) -> None:
    [found] = find_dates(text)
    assert found.strays(round_span(2566, 1)) is strays


def test_a_month_that_the_span_only_touches_does_not_stray() -> None:
    [found] = find_dates("เดือนมีนาคม ๒๕๖๖")
    assert not found.strays(Span(date(2023, 3, 20), date(2023, 4, 10)))


@pytest.mark.parametrize(
    "text", [" " * 20_000, "๑ " * 10_000, "มีนาคม " * 3_000, "มี.ค.-" * 3_000, "วันที่ ๑ เดือน " * 1_500]
)
def test_no_text_takes_long(text: str) -> None:
    begun = perf_counter()
    assert find_dates(text) == ()
    assert perf_counter() - begun < 2
