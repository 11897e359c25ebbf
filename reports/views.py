"""The report page: choose a period and a form, see the report as it is printed, take it as a file."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
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
from reports.kept_pdfs import is_frozen
from reports.layout import Layout, layouts
from reports.preview import PREVIEWS, Preview, Scope, to_read
from reports.renderers import RENDERERS, PdfOptions, RenderError
from reports.renderers.html import fragment

FILES = ("pdf", "xlsx", "docx")  # offered on the page, the most important first
PDF_OPTIONS = {
    "archival": "PDF/A-3u สำหรับเก็บเป็นจดหมายเหตุ มีข้อมูลของรอบแนบในแฟ้ม",
    "accessible": "PDF/UA-1 สำหรับโปรแกรมอ่านหน้าจอ",
}
"""The options of a PDF, in the order of PdfOptions, as the page offers them."""

PAGES_SHOWN = 40  # pictures on one page of the preview
DAY = 24 * 60 * 60  # seconds that a picture whose address names its content is kept by the browser


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

    @property
    def scope(self) -> Scope:
        """What the preview of this report belongs to."""
        return self.plan.pk, self.period.value, self.layout.key

    def url(self, name: str, *more: object, **query: str | int) -> str:
        """The address of a page or file of this very report."""
        path = reverse(name, args=(self.plan.agency.slug, self.plan.year, self.period.value, *more))
        return f"{path}?{urlencode({'layout': self.layout.key, **query})}"


def _chosen(request: HttpRequest, slug: str, year: int, period: str) -> tuple[Access, Plan, Period, Layout]:
    access = Access.of(request.user)
    plan = access.plan(slug, year)
    access.require(Capability.EXPORT, plan.agency)
    try:
        return access, plan, *choice.choose(plan, period, request.GET.get("layout", ""))
    except ExportError as error:
        raise Http404(str(error)) from error


def _asked(request: HttpRequest, slug: str, year: int, period: str = "") -> Asked:
    access, plan, chosen, layout = _chosen(request, slug, year, period)
    try:
        return Asked(access, plan, chosen, layout, snapshots.snapshot_for(plan=plan, period=chosen))
    except snapshots.UnknownPeriod as error:
        raise Http404(str(error)) from error


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
def report_page(request: HttpRequest, slug: str, year: int, period: str, number: int) -> HttpResponse:
    """A page of the report's PDF as a picture. An address that names the content (`v`) is answered from memory."""
    plan, chosen, layout = _chosen(request, slug, year, period)[1:]
    version = request.GET.get("v", "")
    preview = PREVIEWS.find((plan.pk, chosen.value, layout.key), version)
    try:
        if preview is None:
            asked = _asked(request, slug, year, period)
            preview = PREVIEWS.make(asked.scope, composed_for(asked.snapshot, asked.layout).document)
        picture = PREVIEWS.picture(preview, number)
    except (ExportError, RenderError, IndexError) as error:
        raise Http404(str(error)) from error
    etag = f'"{preview.key}-{number}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(picture, content_type="image/png")
    response["ETag"] = etag
    if version == preview.key:
        patch_cache_control(response, private=True, max_age=DAY, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def report_file(request: HttpRequest, slug: str, year: int, period: str, suffix: str) -> HttpResponse:
    """A report as a file; refused where the form has no place for some items and `partial` is not asked for."""
    asked = _asked(request, slug, year, period)
    if suffix not in RENDERERS:
        raise Http404(f"ไม่มีแฟ้มแบบ “{suffix}”")
    try:
        frozen = is_frozen(asked.plan, asked.snapshot)
        flags = [name in request.GET for name in PDF_OPTIONS]
        pdf = PdfOptions(*flags) if any(flags) else None
        content = export(asked.snapshot, asked.layout, suffix, "partial" in request.GET, pdf=pdf, frozen=frozen)
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
    preview: Preview | None = None
    try:
        composed = composed_for(asked.snapshot, asked.layout)
        preview = PREVIEWS.make(asked.scope, composed.document)
    except PeriodError as error:
        problem, status = str(error), max(status, 400)
    except RenderError as error:
        problem = problem or str(error)
    forms = layouts()
    leftovers = leftover_names(composed.leftovers, asked.snapshot.thai_digits) if composed else []
    partial = {"partial": "1"} if leftovers else {}
    context = {
        "shell": shell_for(access=asked.access, plan=asked.plan, round_=asked.round, current="reports"),
        "plan": asked.plan,
        "problem": problem,
        "form_url": _form_url(asked),
        "periods": [(p.value, _period_label(asked.plan, p), p == asked.period) for p in _periods(asked, forms)],
        "layouts": [(form.key, form.name, form == asked.layout) for form in forms.values()],
        "page": composed and composed.document.page,
        "rows": _count_rows(composed) if composed else 0,
        "leftovers": leftovers,
        "text": fragment(to_read(composed.document)) if composed else "",
        "asked": asked,
        "files": _files(asked, partial) if composed else [],
        "pdfs": [
            (label, asked.url("report_file", "pdf", **{option: "1"}, **partial))
            for option, label in PDF_OPTIONS.items()
        ],
        **(_pages(request, asked, preview) if preview else {}),
    }
    return render(request, "reports/report.html", context, status=status)


def _form_url(asked: Asked) -> str:
    """Where the agency's form is set, and back to this report; empty for those who may not."""
    if not asked.access.may(Capability.MANAGE, asked.plan.agency):
        return ""
    query = urlencode({"period": asked.period.value, "layout": asked.layout.key})
    return f"{reverse('report_form', args=(asked.plan.agency.slug, asked.plan.year))}?{query}"


def _pages(request: HttpRequest, asked: Asked, preview: Preview) -> dict[str, object]:
    """The pages to show: number, address of the picture, width and height; and the way to the pages around them."""
    part = Paginator(preview.sizes, PAGES_SHOWN).get_page(request.GET.get("part"))
    numbers = range(part.start_index(), part.end_index() + 1)
    return {
        "pages": [
            (number, asked.url("report_page", number, v=preview.key), *size)
            for number, size in zip(numbers, part.object_list, strict=True)
        ],
        "part": part,
        "before": asked.url("report_preview", part=part.previous_page_number()) if part.has_previous() else "",
        "after": asked.url("report_preview", part=part.next_page_number()) if part.has_next() else "",
    }


def _files(asked: Asked, partial: dict[str, str]) -> list[tuple[str, str]]:
    """Label and address of each file to take."""
    return [(RENDERERS[suffix].label, asked.url("report_file", suffix, **partial)) for suffix in FILES]


def _periods(asked: Asked, forms: dict[str, Layout]) -> list[Period]:
    return choice.periods_of(asked.plan, forms.values())


def _period_label(plan: Plan, period: Period) -> str:
    """รอบที่ ๑ ปีงบประมาณ ๒๕๖๓ (ปิดรอบแล้ว)"""
    label = f"{period.label} ปีงบประมาณ {plan.year}"
    round_ = next((r for r in plan.rounds.all() if r.number == period.round_number), None)
    return f"{label} ({RoundState(round_.state).label})" if round_ else label


def _count_rows(composed: Composed) -> int:
    return sum(len(block.rows) for block in composed.document.blocks if isinstance(block, Table))
