"""The form that asks for the reports, or the work items, of many agencies."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from measures import thai
from measures.enums import Period
from measures.models import Plan
from reports.background.asking import FORMATS, Ask, ask_for_many, ask_for_report
from reports.renderers import RENDERERS

DATA = "data"
"""The choice of `what` that is the table of work items and not a report."""


class ExportForm(forms.Form):
    """What is left open: the latest year, every province, each plan's own period, the first format."""

    year = forms.TypedChoiceField(label="ปีงบประมาณ", coerce=int, required=False)
    province = forms.ChoiceField(label="จังหวัด", required=False)
    period = forms.ChoiceField(label="ช่วงเวลา", choices=[("", "ตามแบบหน่วยงาน"), *Period.choices()], required=False)
    what = forms.ChoiceField(label="แฟ้ม", required=False)

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = plans
        years = plans.order_by("-year").values_list("year", flat=True).distinct()
        provinces = plans.order_by("agency__province").values_list("agency__province", flat=True).distinct()
        self._choose("year", [(str(year), thai.to_thai_digits(str(year))) for year in years])
        self._choose("province", [("", "ทุกจังหวัด"), *((name, name) for name in provinces if name)])
        reports = [(suffix, f"รายงาน {RENDERERS[suffix].label}") for suffix in FORMATS]
        self._choose("what", [*reports, (DATA, "ตารางรายการทั้งหมด (Excel กรองได้)")])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  the four above
        field.choices = choices

    def ask(self) -> Ask:
        """What is asked for. Raises DomainError or ExportError, in Thai, where there is nothing or too much."""
        data = self.cleaned_data
        year: int | None = data["year"] or self.plans.order_by("year").values_list("year", flat=True).last()
        plans = self.plans.filter(year=year) if year else self.plans.none()
        if data["province"]:
            plans = plans.filter(agency__province=data["province"])
        found, period, what = list(plans), data["period"], data["what"] or FORMATS[0]
        if len(found) == 1 and what != DATA:
            return ask_for_report(found[0], period=period, layout="", format=what, allow_partial=False)
        return ask_for_many(found, period=period, format=what, data=what == DATA)
