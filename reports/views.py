"""The report page: choose a period and a form, see the report as it is printed, take it as a file."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe

from measures.access import Access, Capability
from measures.enums import Period, RoundState
from measures.models import Plan, Round
from measures.queries import snapshots
from measures.snapshot import Snapshot
from measures.views.shell import shell_for
from reports import choice
from reports.compose import Composed
from reports.document import Table
from reports.export import ExportError, LeftoverError, PeriodError, composed_for, export, leftover_names
from reports.layout import Layout, layouts
from reports.renderers import RENDERERS
from reports.renderers.html import fragment

FILES = ("docx", "xlsx", "pdf")  # offered on the page, the most important last


@dataclass(frozen=True)
class Asked:
    """What a request asks for, within the asker's scope."""

    access: Access
    plan: Plan
    period: Period
    layout: Layout
    snapshot: Snapshot

    @property
    def round(self) -> Round | None:
        """The round that the report covers; None for the plan and the year."""
        number = self.period.round_number
        return self.plan.rounds.filter(number=number).first() if number else None

    def url(self, name: str, **more: str) -> str:
        """The address of a page or file of this very report."""
        partial = more.pop("partial", "")
        path = reverse(name, args=(self.plan.agency.slug, self.plan.year, self.period.value, *more.values()))
        query = {"layout": self.layout.key} | ({"partial": partial} if partial else {})
        return f"{path}?{urlencode(query)}"


def _asked(request: HttpRequest, slug: str, year: int, period: str = "") -> Asked:
    access = Access.of(request.user)
    plan = access.plan(slug, year)
    access.require(Capability.EXPORT, plan.agency)
    try:
        chosen, layout = choice.choose(plan, period, request.GET.get("layout", ""))
        snapshot = snapshots.snapshot_for(plan=plan, period=chosen)
    except (ExportError, snapshots.UnknownPeriod) as error:
        raise Http404(str(error)) from error
    return Asked(access, plan, chosen, layout, snapshot)


@require_safe
def reports(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The plan's own report; with a period chosen in the form, on to that one."""
    asked = _asked(request, slug, year, request.GET.get("period", ""))
    if "period" in request.GET:
        return redirect(asked.url("report_preview"))
    return _page(request, asked)


@require_safe
def report_preview(request: HttpRequest, slug: str, year: int, period: str) -> HttpResponse:
    """A report as it is printed, with its files."""
    return _page(request, _asked(request, slug, year, period))


@require_safe
def report_file(request: HttpRequest, slug: str, year: int, period: str, suffix: str) -> HttpResponse:
    """A report as a file; refused where the form has no place for some items and `partial` is not asked for."""
    asked = _asked(request, slug, year, period)
    if suffix not in RENDERERS:
        raise Http404(f"ไม่มีแฟ้มแบบ “{suffix}”")
    try:
        content = export(asked.snapshot, asked.layout, suffix, allow_partial="partial" in request.GET)
    except LeftoverError:
        return _page(request, asked, status=409)
    except ExportError as error:
        return _page(request, asked, status=400, problem=str(error))
    response = HttpResponse(content, content_type=RENDERERS[suffix].mime)
    name = f"{asked.plan.agency.slug}-{asked.plan.year}-{asked.period.value}.{suffix}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _page(request: HttpRequest, asked: Asked, *, status: int = 200, problem: str = "") -> HttpResponse:
    composed: Composed | None = None
    try:
        composed = composed_for(asked.snapshot, asked.layout)
    except PeriodError as error:
        problem, status = str(error), max(status, 400)
    forms = layouts()
    thai_digits = asked.snapshot.thai_digits
    leftovers = leftover_names(composed.leftovers, thai_digits) if composed else []
    partial = {"partial": "1"} if leftovers else {}
    context = {
        "shell": shell_for(access=asked.access, plan=asked.plan, round_=asked.round, current="reports"),
        "plan": asked.plan,
        "problem": problem,
        "periods": [(p.value, _period_label(asked.plan, p), p == asked.period) for p in _periods(asked, forms)],
        "layouts": [(form.key, form.name, form == asked.layout) for form in forms.values()],
        "layout": asked.layout,
        "rows": _count_rows(composed) if composed else 0,
        "leftovers": leftovers,
        "preview": fragment(composed.document) if composed else "",
        "files": [
            (RENDERERS[suffix].label, asked.url("report_file", suffix=suffix, **partial))
            for suffix in FILES
            if composed
        ],
    }
    return render(request, "reports/report.html", context, status=status)


def _files(asked: Asked, partial: dict[str, str]) -> list[tuple[str, str]]:
    """Label and address of each file to take."""
    return [(RENDERERS[suffix].label, asked.url("report_file", suffix=suffix, **partial)) for suffix in FILES]


def _periods(asked: Asked, forms: dict[str, Layout]) -> list[Period]:
    return choice.periods_of(asked.plan, forms.values())


def _period_label(plan: Plan, period: Period) -> str:
    """รอบที่ ๑ ปีงบประมาณ ๒๕๖๓ (ปิดรอบแล้ว)"""
    label = f"{period.label} ปีงบประมาณ {plan.year}"
    round_ = next((r for r in plan.rounds.all() if r.number == period.round_number), None)
    return f"{label} ({RoundState(round_.state).label})" if round_ else label


def _count_rows(composed: Composed) -> int:
    return sum(len(block.rows) for block in composed.document.blocks if isinstance(block, Table))
