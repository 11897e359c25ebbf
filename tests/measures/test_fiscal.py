"""The fiscal year and its two rounds."""

from datetime import date

import pytest

from measures.fiscal import Span, check_year, fiscal_year, round_span


def test_fiscal_year_begins_in_october_of_the_year_before() -> None:
    assert fiscal_year(2566) == Span(date(2022, 10, 1), date(2023, 9, 30))


def test_rounds_halve_the_year() -> None:
    assert round_span(2563, 1) == Span(date(2019, 10, 1), date(2020, 3, 31))
    assert round_span(2563, 2) == Span(date(2020, 4, 1), date(2020, 9, 30))
    with pytest.raises(ValueError, match="ไม่มีรอบที่ 3"):
        round_span(2563, 3)


def test_a_christian_year_is_refused() -> None:
    with pytest.raises(ValueError, match=r"พ\.ศ\."):
        check_year(2023)
