"""What the clerk sets of the agency: how its reports are printed; each refusal in Thai, beside its field."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from measures import thai
from measures.domain.errors import DomainError
from measures.domain.report_forms import MAX_SIDE, MAX_UPLOAD, Printing, emblem_from
from measures.enums import Period
from measures.forms import ThaiTextField
from measures.models import Plan, PlanLayout, ReportForm
from measures.snapshot import MARGINS, PAPERS

SIDES = {"margin_top": "ขอบบน", "margin_right": "ขอบขวา", "margin_bottom": "ขอบล่าง", "margin_left": "ขอบซ้าย"}
"""The margins in the order in which the domain takes them."""


class PaperField(forms.ChoiceField):
    """A size of paper, or the one of the layout."""

    def __init__(self, digits: bool) -> None:
        sizes = [(name, f"{name} ({short} × {long} มม.)") for name, (short, long) in PAPERS.items()]
        super().__init__(
            label="ขนาดกระดาษ",
            required=False,
            choices=[("", "ตามแบบรายงาน"), *((name, thai.show_digits(size, digits)) for name, size in sizes)],
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"invalid_choice": "เลือกขนาดกระดาษหนึ่งในรายการนี้"},
        )


class MarginField(forms.IntegerField):
    """Millimetres in digits of either kind; empty leaves the margin of the layout."""

    widget = forms.TextInput

    def __init__(self, label: str) -> None:
        low, high = MARGINS
        bounds = f"{label}ต้องอยู่ระหว่าง {low} ถึง {high} มม. หรือเว้นว่าง"
        super().__init__(
            label=f"{label} (มม.)",
            required=False,
            min_value=low,
            max_value=high,
            error_messages={
                "invalid": f"{label}ต้องเป็นจำนวนเต็ม {low} ถึง {high} มม. หรือเว้นว่าง",
                "min_value": bounds,
                "max_value": bounds,
            },
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off", "class": "form-control", "placeholder": "ตามแบบ"}


class MemoField(ThaiTextField):
    """The number of a period's memo, on one line."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=PlanLayout._meta.get_field("memo_number").max_length,
            widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
            error_messages={"max_length": "เลขที่หนังสือยาว %(show_value)d ตัวอักษร รับได้ไม่เกิน %(limit_value)d ตัวอักษร ให้ย่อ"},
        )

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class PrintingForm(forms.Form):
    """How the agency prints, and a memo number for each period of the plan that has a layout."""

    use_required_attribute = False
    bounds = "{} ถึง {} มม.".format(*MARGINS)

    emblem = forms.FileField(
        label="เลือกภาพตรา",
        required=False,
        help_text=f"PNG หรือ JPEG ไม่เกิน {MAX_UPLOAD:,} ไบต์ ด้านละไม่เกิน {MAX_SIDE:,} จุด",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg", "class": "form-control"}),
        error_messages={
            "empty": "แฟ้มที่เลือกว่างเปล่า ให้เลือกภาพ PNG หรือ JPEG",
            "invalid": "อ่านแฟ้มที่เลือกไม่ได้ ให้เลือกภาพ PNG หรือ JPEG แล้วบันทึกอีกครั้ง",
            "max_length": "ชื่อแฟ้มยาวเกินไป ให้ตั้งชื่อสั้นลง แล้วเลือกใหม่",
        },
    )
    remove = forms.BooleanField(label="เอาตราออก", required=False)
    signatures = forms.BooleanField(label="พิมพ์ช่องลงชื่อท้ายรายงาน", required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        plan: Plan,
        standing: ReportForm,
    ) -> None:
        digits = plan.agency.thai_digits
        margins = {name: getattr(standing, name) for name in SIDES}
        self.memo_names = {f"memo_{row.period}": row for row in plan.layouts.all()}
        super().__init__(
            data,
            files,
            initial={
                "paper": standing.paper,
                "signatures": standing.signatures,
                **{name: thai.show_digits(str(mm), digits) for name, mm in margins.items() if mm is not None},
                **{name: row.memo_number for name, row in self.memo_names.items()},
            },
        )
        self.fields["emblem"].help_text = thai.show_digits(str(self.fields["emblem"].help_text), digits)
        self.fields["paper"] = PaperField(digits)
        self.fields.update({name: MarginField(label) for name, label in SIDES.items()})
        for name, row in self.memo_names.items():
            self.fields[name] = MemoField(thai.show_digits(Period(row.period).label, digits))

    @property
    def sides(self) -> list[forms.BoundField]:
        """The fields of the margins, clockwise from the top."""
        return [self[name] for name in SIDES]

    @property
    def memos(self) -> list[forms.BoundField]:
        """The field of each period's memo number, in the order of the plan."""
        return [self[name] for name in self.memo_names]

    @property
    def refused(self) -> list[forms.BoundField]:
        """The fields that something is wrong with, as they stand on the page."""
        return [field for field in self if field.errors]

    def clean_emblem(self) -> bytes | None:
        upload = self.cleaned_data["emblem"]
        if upload is None:
            return None
        if upload.size > MAX_UPLOAD:  # before it is read into memory
            raise forms.ValidationError(
                f"ภาพตราใหญ่เกินไป ({upload.size:,} ไบต์) ใช้ได้ไม่เกิน {MAX_UPLOAD:,} ไบต์ ให้ย่อภาพแล้วเลือกใหม่"
            )
        content: bytes = upload.read()
        try:
            emblem_from(content)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return content

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("emblem") and self.cleaned_data.get("remove"):
            self.add_error("remove", "เลือกภาพใหม่และให้เอาตราออกพร้อมกัน เลือกอย่างใดอย่างหนึ่ง")
        return self.cleaned_data

    @property
    def printing(self) -> Printing:
        """What is to be kept."""
        kept = self.cleaned_data
        top, right, bottom, left = (kept[name] for name in SIDES)
        return Printing(
            emblem=b"" if kept["remove"] else kept["emblem"],
            signatures=kept["signatures"],
            paper=kept["paper"],
            margins=(top, right, bottom, left),
            memo_numbers=tuple((Period(row.period), kept[name]) for name, row in self.memo_names.items()),
        )
