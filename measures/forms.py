"""What people type: text normalised, dates in B.E., links that are links; each refusal in Thai."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict

from measures import clock, thai
from measures.domain.entries import MAX_TEXT, EvidenceInput
from measures.domain.rounds import MAX_REASON
from measures.enums import Status
from measures.fiscal import BE_OFFSET
from measures.queries.rows import OVERDUE, UNKNOWN, UNREPORTED
from measures.queries.work import EntryText

MAX_EVIDENCE = 20
BE_FROM = 2400
"""A year from here on can only be meant as B.E."""

_NUMERIC = re.compile(r"^(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})$")
_NAMED = re.compile(r"^(\d{1,2})\s*(\D+?)\s*(?:พ\.ศ\.)?\s*(\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_MONTHS = {name: number for names in (thai.MONTHS, thai.SHORT_MONTHS) for number, name in enumerate(names, 1)}


class ThaiTextField(forms.CharField):
    """Text in its stored form: control characters dropped, spellings of ำ and แ made one, line ends \\n."""

    def to_python(self, value: Any) -> str:
        return thai.normalise(super().to_python(value) or "")


class ThaiDateField(forms.Field):
    """A day typed the Thai way: 31/3/2563, ๓๑ มี.ค. ๖๓, ๓๑ มีนาคม ๒๕๖๓; or C.E. as 2020-03-31."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "อ่านวันที่ “%(text)s” ไม่ได้ ให้พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น วันนี้คือ %(today)s",
        "be_in_ce": "“%(text)s” มีปี พ.ศ. ในรูปแบบ ค.ศ. ให้พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น วันนี้คือ %(today)s",
    }

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        typed = " ".join(thai.normalise(str(value)).split())
        if not typed:
            return None
        try:
            return self._read(thai.to_arabic_digits(typed))
        except (KeyError, ValueError):
            raise self._error("invalid", typed) from None

    def _error(self, code: str, typed: str) -> forms.ValidationError:
        today = self.prepare_value(clock.today())
        return forms.ValidationError(self.error_messages[code], code, {"text": typed[:40], "today": today})

    def _read(self, text: str) -> date:
        if match := _ISO.match(text):
            year, month, day = map(int, match.groups())
            if year > BE_FROM:
                raise self._error("be_in_ce", text)
            return date(year, month, day)
        if match := _NUMERIC.match(text):
            return _thai_day(match[1], int(match[2]), match[3])
        match = _NAMED.match(text)
        if match is None:
            raise ValueError(text)
        return _thai_day(match[1], _MONTHS[match[2]], match[3])

    def prepare_value(self, value: Any) -> Any:
        return f"{value.day}/{value.month}/{value.year + BE_OFFSET}" if isinstance(value, date) else value


def _thai_day(day: str, month: int, year: str) -> date:
    """A day of a B.E. year in four or two digits. Raises ValueError for a C.E. year or a day that is not."""
    be_year = int(year) + (2500 if len(year) == 2 else 0)
    if be_year < BE_FROM:
        raise ValueError(year)
    return date(be_year - BE_OFFSET, month, int(day))


class LoginForm(AuthenticationForm):
    """User name and password, with Thai words for what went wrong."""

    error_messages = {
        "invalid_login": "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง ตรวจตัวพิมพ์เล็กใหญ่และภาษาแป้นพิมพ์ แล้วลองใหม่",
        "inactive": "บัญชีนี้ถูกระงับ ให้แจ้งเจ้าหน้าที่ ITA ของหน่วยงาน",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in (("username", "กรอกชื่อผู้ใช้"), ("password", "กรอกรหัสผ่าน")):
            field = self.fields[name]
            field.error_messages["required"] = message
            field.widget.attrs["class"] = "form-control"
            field.widget.attrs.pop("autofocus", None)


class EntryForm(forms.Form):
    """What was done on one work item in one round; an empty status means unknown."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="ทำถึงไหนแล้ว",
        required=False,
        choices=[
            *((state.value, state.label) for state in (Status.DONE, Status.IN_PROGRESS, Status.NOT_STARTED)),
            (Status.NOT_APPLICABLE.value, Status.NOT_APPLICABLE.label),
            ("", "ยังไม่ระบุ"),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "เลือกสถานะหนึ่งในรายการนี้"},
    )
    result = ThaiTextField(
        label="ผลการดำเนินการ",
        required=False,
        strip=False,
        help_text="บอกว่าทำอะไร เมื่อใด และเผยแพร่ที่ไหน",
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control"}),
    )
    outcome = ThaiTextField(
        label="ผลลัพธ์หรือความสำเร็จ (ถ้ามี)",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )

    def __init__(self, data: QueryDict | None = None, *, entry: EntryText, auto_id: str = "id_%s") -> None:
        initial = {
            "version": entry.version,
            "status": entry.status or "",
            "result": entry.result,
            "outcome": entry.outcome,
        }
        super().__init__(data, initial=initial, auto_id=auto_id)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "version",
            Field("status", template="work/fields/status.html"),
            Div(
                Field("result", template="work/fields/text.html"),
                HTML("{% include 'work/beside.html' %}"),
                css_class="compare",
            ),
            Field("outcome", template="work/fields/text.html"),
        )

    def clean_status(self) -> Status | None:
        value = self.cleaned_data["status"]
        return Status(value) if value else None

    def clean_result(self) -> str:
        return _not_too_long(self.cleaned_data["result"])

    def clean_outcome(self) -> str:
        return _not_too_long(self.cleaned_data["outcome"])


def _not_too_long(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise forms.ValidationError(
            f"ข้อความยาว {len(text):,} ตัวอักษร รับได้ไม่เกิน {MAX_TEXT:,} ตัวอักษร ให้ย่อ หรือเผยแพร่ฉบับเต็มแล้ววางลิงก์เป็นหลักฐาน"
        )
    return text


class EvidenceForm(forms.Form):
    """One link; a name left out becomes the site's own."""

    url = ThaiTextField(
        label="ลิงก์หลักฐาน",
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "class": "form-control"}),
        error_messages={
            "required": "วางลิงก์ของหลักฐานนี้ หรือลบแถวนี้",
            "max_length": "ลิงก์ยาวเกิน %(limit_value)d ตัวอักษร ให้ใช้ลิงก์ที่สั้นกว่า",
        },
    )
    label = ThaiTextField(
        label="ชื่อหลักฐาน",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
        error_messages={"max_length": "ชื่อหลักฐานยาวเกิน %(limit_value)d ตัวอักษร ให้ย่อ"},
    )
    dated = ThaiDateField(
        label="วันที่ของหลักฐาน",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if not thai.is_http_url(url):
            raise forms.ValidationError("ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http:// และไม่มีช่องว่าง เช่น https://www.example.go.th")
        return url

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("url") and not self.cleaned_data.get("label"):
            self.cleaned_data["label"] = urlsplit(self.cleaned_data["url"]).hostname or ""
        return self.cleaned_data


class BaseEvidenceFormSet(forms.BaseFormSet):
    """The links of one entry: those that stand, and new ones below them."""

    default_error_messages = {
        "too_many_forms": f"แนบหลักฐานได้ไม่เกิน {MAX_EVIDENCE} รายการ ให้รวมเอกสารไว้ที่เดียวแล้ววางลิงก์เดียว",
        "missing_management_form": "แบบฟอร์มไม่สมบูรณ์ ให้โหลดหน้าใหม่แล้วบันทึกอีกครั้ง",
    }
    deletion_widget = forms.CheckboxInput

    @property
    def inputs(self) -> list[EvidenceInput]:
        """What is to be saved, in order."""
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("url")]
        return [EvidenceInput(row["label"], row["url"], row["dated"]) for row in kept if not row.get("DELETE")]


EvidenceFormSet = forms.formset_factory(
    EvidenceForm,
    formset=BaseEvidenceFormSet,
    extra=1,
    can_delete=True,
    max_num=MAX_EVIDENCE,
    absolute_max=MAX_EVIDENCE + 5,
    validate_max=True,
)


class WorkFilterForm(forms.Form):
    """The filters of the work list; a value that is none falls back to no filter."""

    round = forms.IntegerField(required=False)
    division = forms.CharField(required=False, max_length=9)  # more digits than any number of a division
    state = forms.ChoiceField(
        required=False, choices=[(value, value) for value in (*Status, UNKNOWN, UNREPORTED, OVERDUE)]
    )
    q = ThaiTextField(label="ค้นในรายการ", required=False, max_length=200)


class ReasonForm(forms.Form):
    """Why a round is closed with work left, or opened again."""

    use_required_attribute = False  # the refusal is ours, in Thai, beside the field

    reason = ThaiTextField(
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"max_length": "เหตุผลยาว %(show_value)d ตัวอักษร รับได้ไม่เกิน %(limit_value)d ตัวอักษร ให้ย่อ"},
    )

    def __init__(self, data: QueryDict | None = None, *, required: bool, label: str, help_text: str = "") -> None:
        super().__init__(data)
        field = self.fields["reason"]
        field.required, field.label, field.help_text = required, label, help_text
        field.error_messages["required"] = "ระบุเหตุผล เพื่อเก็บไว้ในบันทึกของรอบ"
