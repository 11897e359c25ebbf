"""What a person can ask for as a file: one report, the reports of many agencies, or their work items as a table."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from measures.domain.errors import DomainError
from measures.enums import Period
from measures.models import Plan, WorkItem
from reports.choice import choose
from reports.models import ExportKind
from reports.renderers import RENDERERS

FORMATS = tuple(suffix for suffix in ("pdf", "xlsx", "docx") if suffix in RENDERERS)
MAX_PLANS = 500  # reports in one file: more than the agencies of the largest province, some minutes of work
MAX_ROWS = 200_000  # of a table; a work sheet holds a million, but nobody's machine opens it


@dataclass(frozen=True)
class Ask:
    """`period` and `layout` "" mean each plan's own. All plans are of one fiscal year, ordered by agency slug."""

    kind: ExportKind
    plans: tuple[Plan, ...]
    period: str = ""
    layout: str = ""
    format: str = "pdf"
    allow_partial: bool = False

    @property
    def fingerprint(self) -> str:
        """The same for the same ask, as hexadecimal text."""
        parts = [
            self.kind,
            sorted(plan.pk for plan in self.plans),
            self.period,
            self.layout,
            self.format,
            self.allow_partial,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @cached_property
    def slugs(self) -> list[str]:
        """The agencies in it."""
        return [plan.agency.slug for plan in self.plans]

    @property
    def _whose(self) -> str:
        return self.plans[0].agency.name if len(self.plans) == 1 else f"รวม {len(self.plans)} หน่วยงาน"

    @property
    def label(self) -> str:
        """What it is, in one Thai line: รายงานรอบที่ ๑ ปีงบประมาณ … รวม 12 หน่วยงาน (PDF)."""
        what = "ตารางข้อมูล" if self.kind is ExportKind.DATA else "รายงาน"
        when = Period(self.period).label if self.period else ""
        return f"{what}{when} ปีงบประมาณ {self.plans[0].year} {self._whose} ({RENDERERS[self.format].label})"

    @property
    def download_name(self) -> str:
        """The name that the file has when it is taken."""
        who = self.slugs[0] if len(self.plans) == 1 else f"{len(self.plans)}-agencies"
        what = "data-" if self.kind is ExportKind.DATA else ""
        suffix = f"{self.format}.zip" if self.kind is ExportKind.BUNDLE else self.format
        return f"{what}{who}-{self.plans[0].year}-{self.period or 'report'}.{suffix}"


def ask_for_report(plan: Plan, *, period: str, layout: str, format: str, allow_partial: bool) -> Ask:
    """One report of one plan. Raises ExportError for a period, layout or plan without a form that do not exist."""
    chosen, form = choose(plan, period, layout)
    return Ask(ExportKind.REPORT, (plan,), chosen.value, form.key, format, allow_partial)


def ask_for_many(plans: list[Plan], *, period: str, format: str, data: bool) -> Ask:
    """The plans' own reports of a period in one file, or their work items as a table.

    Raises DomainError where there is no plan, or more than a file can hold.
    """
    if not plans:
        raise DomainError("ไม่มีแผนของปีนี้ในหน่วยงานที่เลือก ให้เลือกปีหรือจังหวัดอื่น")
    ordered = tuple(sorted(plans, key=lambda plan: plan.agency.slug))
    if not data:
        if len(plans) > MAX_PLANS:
            raise DomainError(f"มี {len(plans)} หน่วยงาน ส่งออกได้ครั้งละไม่เกิน {MAX_PLANS} ให้เลือกทีละจังหวัด")
        return Ask(ExportKind.BUNDLE, ordered, period, "", format)
    rows = WorkItem.objects.filter(plan__in=plans).count()
    if rows > MAX_ROWS:
        raise DomainError(f"มี {rows:,} รายการ ตารางหนึ่งมีได้ไม่เกิน {MAX_ROWS:,} ให้เลือกทีละจังหวัด")
    return Ask(ExportKind.DATA, ordered, period or Period.ANNUAL.value, "", "xlsx")
