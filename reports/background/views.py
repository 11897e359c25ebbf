"""Pages of exports: ask for one, watch it being made or come back to it later, stop it, take the file."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from measures import thai
from measures.access import Access, Capability
from measures.domain.errors import DomainError
from measures.operations.beat import worker_is_alive
from measures.views.shell import HtmxRequest, shell_for
from reports.background import jobs
from reports.background.asking import FORMATS, Ask, ask_for_report
from reports.background.forms import ExportForm
from reports.background.reads import SHOWN, exportable_plans, own_export, own_exports, person, require_somewhere
from reports.export import ExportError
from reports.models import Export, ExportKind, ExportState
from reports.renderers import RENDERERS

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For a file that some browser shows in spite of everything: nothing in it runs or is fetched."""


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """My exports, newest first, and the form for another."""
    return _list(request, Access.of(request.user))


@require_POST
def export_start(request: HttpRequest) -> HttpResponse:
    """Ask for the reports or the work items of all my agencies, or of a province."""
    access = Access.of(request.user)
    require_somewhere(access)
    form = ExportForm(request.POST, plans=exportable_plans(access))
    if not form.is_valid():
        return _list(request, access, form=form, status=400)
    try:
        return _start(access, form.ask())
    except (DomainError, ExportError) as error:
        return _list(request, access, form=form, problem=str(error), status=400)


@require_POST
def plan_export(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Ask for one report of one plan; what is not said is the plan's own."""
    access = Access.of(request.user)
    plan = access.plan(slug, year)
    access.require(Capability.EXPORT, plan.agency)
    given = request.POST
    suffix = given.get("format") or FORMATS[0]
    if suffix not in FORMATS:
        raise Http404(f"ไม่มีแฟ้มแบบ “{suffix}”")
    try:
        ask = ask_for_report(
            plan,
            period=given.get("period", ""),
            layout=given.get("layout", ""),
            format=suffix,
            allow_partial="partial" in given,
        )
    except ExportError as error:
        raise Http404(str(error)) from error
    try:
        return _start(access, ask)
    except DomainError as error:
        return _list(request, access, problem=str(error), status=409)


@require_safe
@never_cache
def export(request: HtmxRequest, uuid: UUID) -> HttpResponse:
    """How far an export is; asked again every other second by htmx, which gets the progress alone."""
    access = Access.of(request.user)
    found = own_export(access, uuid)
    context = _progress(found)
    if request.htmx:
        if found.is_finished:
            return HttpResponseClientRefresh()
        return render(request, "reports/export_progress.html", context)
    plan = found.plans.select_related("agency").first() if found.plan_count == 1 else None
    context |= {
        "shell": shell_for(access=access, plan=plan, current="exports"),
        "file_label": "ZIP" if found.kind == ExportKind.BUNDLE else RENDERERS[found.format].label,
        "kept_until": found.finished_at + jobs.KEEP_FILE if found.finished_at else None,
    }
    return render(request, "reports/export.html", context)


@require_POST
def export_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop an export."""
    access = Access.of(request.user)
    found = own_export(access, uuid)
    try:
        jobs.cancel(actor=person(access), export=found)
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("export", found.uuid)


@require_safe
@never_cache
def export_file(request: HttpRequest, uuid: UUID) -> FileResponse:
    """The file, to its requester only."""
    found = own_export(Access.of(request.user), uuid)
    if not found.is_there:
        raise Http404("ไม่มีแฟ้มนี้แล้ว หรือยังทำไม่เสร็จ ให้ส่งออกใหม่จากหน้าแฟ้มส่งออก")
    response = FileResponse(found.path.open("rb"), as_attachment=True, filename=found.download_name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _start(access: Access, ask: Ask) -> HttpResponse:
    return redirect("export", jobs.start(actor=person(access), ask=ask).uuid)


def _list(
    request: HttpRequest, access: Access, *, form: ExportForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    plans = exportable_plans(access)
    found = list(own_exports(access)[:SHOWN])
    context = {
        "shell": shell_for(access=access, current="exports"),
        "form": form or ExportForm(plans=plans),
        "may_export": plans.exists(),
        "several": plans.values("agency").distinct().count() > 1,
        "problem": problem,
        "exports": [_progress(row) for row in found],
        "waiting": sum(not row.is_finished for row in found),
        "keep_days": jobs.KEEP_FILE.days,
    }
    return render(request, "reports/export_list.html", context, status=status)


def _progress(found: Export) -> dict[str, object]:
    return {
        "export": found,
        "state": ExportState(found.state),
        "percent": thai.percent(found.done, found.total),
        "again": found.attempts > 1,
        "silent": found.state == ExportState.QUEUED and not worker_is_alive(),
    }
