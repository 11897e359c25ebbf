"""What the forms take and refuse, and in which words."""

from datetime import date

import pytest
from django import forms
from django.http import QueryDict

from measures.domain.entries import MAX_TEXT, EvidenceInput
from measures.enums import Status
from measures.forms import EntryForm, EvidenceFormSet, ThaiDateField, WorkFilterForm
from measures.queries.work import EntryText

EMPTY = EntryText(0, None, "", "", (), "", None)


def entry_form(**values: object) -> EntryForm:
    data = QueryDict(mutable=True)
    data.update({"version": "0", "status": "", "result": "", "outcome": "", **values})
    return EntryForm(data, entry=EMPTY)


def evidence(*rows: dict[str, str], initial: int = 0) -> forms.BaseFormSet:
    data = {"evidence-TOTAL_FORMS": str(len(rows)), "evidence-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        data |= {f"evidence-{number}-{name}": value for name, value in row.items()}
    return EvidenceFormSet(data, prefix="evidence")


@pytest.mark.parametrize(
    "typed",
    [
        "31/3/2563",
        "๓๑/๓/๒๕๖๓",
        "31-03-2563",
        "31.3.2563",
        "๓๑ มี.ค. ๖๓",
        "31 มีนาคม 2563",
        "31 มีนาคม พ.ศ. 2563",
        "2020-03-31",
    ],
)
def test_date_typed_the_thai_way_is_read(typed: str) -> None:
    assert ThaiDateField().clean(typed) == date(2020, 3, 31)


@pytest.mark.parametrize("typed", ["31/2/2563", "31/3/2020", "๓๑ มีนา ๖๓", "พรุ่งนี้", "1/1/0000", "99/99/9999"])
def test_date_that_is_none_is_refused_with_an_example(typed: str, settings: pytest.FixtureRequest) -> None:
    settings.DEMO_TODAY = date(2020, 1, 5)  # type: ignore[attr-defined]
    with pytest.raises(forms.ValidationError) as refusal:
        ThaiDateField().clean(typed)
    assert refusal.value.messages == [f"อ่านวันที่ “{typed}” ไม่ได้ ให้พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น วันนี้คือ 5/1/2563"]


def test_be_year_in_a_ce_date_is_refused() -> None:
    with pytest.raises(forms.ValidationError, match="มีปี พ"):
        ThaiDateField().clean("2563-03-31")


def test_date_is_shown_as_it_is_typed() -> None:
    assert ThaiDateField().prepare_value(date(2020, 3, 31)) == "31/3/2563"


def test_text_is_stored_in_its_normal_form() -> None:
    form = entry_form(result="ทํา\u200bนํ้า\r\nเเล้ว\x00\x08 ")
    assert form.is_valid()
    assert form.cleaned_data["result"] == "ทำน้ำ\nแล้ว"


def test_text_of_the_longest_length_is_taken_and_one_more_refused() -> None:
    assert entry_form(result="ก\r\n" * (MAX_TEXT // 2)).is_valid()
    form = entry_form(result="ก" * (MAX_TEXT + 1))
    assert not form.is_valid()
    assert form.errors["result"] == [
        "ข้อความยาว 20,001 ตัวอักษร รับได้ไม่เกิน 20,000 ตัวอักษร ให้ย่อ หรือเผยแพร่ฉบับเต็มแล้ววางลิงก์เป็นหลักฐาน"
    ]


@pytest.mark.parametrize(("posted", "status"), [("DONE", Status.DONE), ("", None)])
def test_status_may_stay_unknown(posted: str, status: Status | None) -> None:
    form = entry_form(status=posted)
    assert form.is_valid()
    assert form.cleaned_data["status"] is status


@pytest.mark.parametrize("values", [{"status": "ALMOST"}, {"version": "-1"}, {"version": "ก"}, {"version": ""}])
def test_tampered_values_are_refused(values: dict[str, str]) -> None:
    assert not entry_form(**values).is_valid()


def test_link_gets_its_site_as_name_and_keeps_its_own_date() -> None:
    links = evidence({"url": " https://www.example.go.th/a ", "dated": "๓๑/๓/๒๕๖๓"}, {"url": ""})
    assert links.is_valid()
    assert links.inputs == [EvidenceInput("www.example.go.th", "https://www.example.go.th/a", date(2020, 3, 31))]


def test_link_marked_for_removal_is_left_out_whatever_it_holds() -> None:
    links = evidence(
        {"url": "ftp://old", "DELETE": "on"}, {"url": "https://example.go.th", "label": "ประกาศ"}, initial=2
    )
    assert links.is_valid()
    assert links.inputs == [EvidenceInput("ประกาศ", "https://example.go.th")]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.go.th",
        "www.example.go.th",
        "https://a b.th",
        "https://",
        "data:text/html,x",
    ],
)
def test_link_that_is_not_http_is_refused(url: str) -> None:
    links = evidence({"url": url})
    assert not links.is_valid()
    assert links.errors[0]["url"][0].startswith("ลิงก์ต้องขึ้นต้นด้วย https://")


def test_name_without_link_asks_for_the_link() -> None:
    assert evidence({"label": "ประกาศ"}).errors == [{"url": ["วางลิงก์ของหลักฐานนี้ หรือลบแถวนี้"]}]


def test_too_many_links_are_refused_in_words() -> None:
    links = evidence(*({"url": f"https://example.go.th/{number}"} for number in range(21)))
    assert not links.is_valid()
    assert links.non_form_errors() == ["แนบหลักฐานได้ไม่เกิน 20 รายการ ให้รวมเอกสารไว้ที่เดียวแล้ววางลิงก์เดียว"]


def test_unreadable_filters_fall_back_to_none() -> None:
    form = WorkFilterForm({"round": "x", "division": "9" * 40, "state": "'; DROP", "q": "ก"})
    form.is_valid()
    assert {name: value for name, value in form.cleaned_data.items() if value} == {"q": "ก"}
