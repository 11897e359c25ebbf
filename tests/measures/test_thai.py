"""Thai text: digits, normal form, dates, codes, rounding."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import thai

THAI_TEXT = st.text(alphabet="กนำ้่ํเแาีู ๑1oA\u200b\n")
MARKS = st.text(alphabet="กำ้่ําเแ", max_size=8)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ปี 2563", "ปี ๒๕๖๓"),
        ("o12 และ i3, e7.", "o๑๒ และ i๓, e๗."),
        ("โรค COVID-19", "โรค COVID-19"),
        ("https://www.example.go.th/2563", "https://www.example.go.th/2563"),
        ("ดูที่ https://x.th/1 ปี 2", "ดูที่ https://x.th/1 ปี ๒"),
        ("เขียนถึง a1@b2.th", "เขียนถึง a1@b2.th"),
        ("(1) ร้อยละ 85.50", "(๑) ร้อยละ ๘๕.๕๐"),
    ],
)
def test_show_digits_spares_latin_tokens(typed: str, shown: str) -> None:
    assert thai.show_digits(typed, thai=True) == shown


def test_show_digits_with_the_switch_off_is_arabic() -> None:
    assert thai.show_digits("ปี ๒๕๖๓ ข้อ o๑๒", thai=False) == "ปี 2563 ข้อ o12"


@pytest.mark.parametrize("written", ["น้ำ", "น\u0e4d\u0e49า", "น\u0e49\u0e4dา", "น\u0e33\u0e49"])
def test_normalise_unites_the_spellings_of_sara_am(written: str) -> None:
    assert thai.normalise(written) == "น\u0e49\u0e33"


def test_normalise_mends_double_e_and_drops_invisible_and_control_characters() -> None:
    assert thai.normalise("เเก\u200bข\x00\x07\ufeff  \r\nข้อ\u00a0๒ \n") == "แกข\nข้อ ๒"


@given(THAI_TEXT | MARKS)
def test_normalise_is_stable(text: str) -> None:
    once = thai.normalise(text)
    assert thai.normalise(once) == once


@given(THAI_TEXT)
def test_digits_there_and_back(text: str) -> None:
    assert thai.to_arabic_digits(thai.to_thai_digits(text)) == thai.to_arabic_digits(text)


@pytest.mark.parametrize("written", ["o1", "O1", "01", "๐๑", "o๑", " ข้อ ๐๑ ", "O๑"])
def test_parse_oit_code_reads_every_spelling(written: str) -> None:
    assert thai.parse_oit_code(written) == "o1"


@pytest.mark.parametrize("written", ["", "1", "i1", "o0", "o100", "ข้อ", "o1x"])
def test_parse_oit_code_refuses_others(written: str) -> None:
    assert thai.parse_oit_code(written) is None


def test_dates_are_buddhist_era() -> None:
    day = date(2020, 3, 31)
    assert thai.thai_date(day) == "๓๑ มีนาคม ๒๕๖๓"
    assert thai.thai_date(day, thai=False, short=True) == "31 มี.ค. 63"
    assert thai.thai_month(date(2022, 10, 1)) == "ตุลาคม ๒๕๖๕"


@pytest.mark.parametrize(
    ("score", "shown"),
    [("100.00", "100"), ("0", "0"), ("70", "70.00"), ("92.525", "92.53"), ("99.995", "100"), ("64.06", "64.06")],
)
def test_scores_are_printed_as_the_forms_do(score: str, shown: str) -> None:
    assert thai.format_score(Decimal(score)) == shown


@pytest.mark.parametrize(("part", "whole", "share"), [(1, 200, 1), (1, 3, 33), (2, 3, 67), (0, 0, 0), (5, 5, 100)])
def test_percent_rounds_half_up(part: int, whole: int, share: int) -> None:
    assert thai.percent(part, whole) == share


@pytest.mark.parametrize("url", ["https://www.example.go.th/ก?x=1", "http://x"])
def test_is_http_url_accepts_web_addresses(url: str) -> None:
    assert thai.is_http_url(url)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a@b.th", "http://a b", "//x", "http://[", ""],
)
def test_is_http_url_refuses_others(url: str) -> None:
    assert not thai.is_http_url(url)
