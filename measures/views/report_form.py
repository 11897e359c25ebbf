"""แบบพิมพ์ของหน่วยงาน: the clerk sets what reports print beside the content."""

import hashlib
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from measures.access import Access, Capability
from measures.domain.errors import DomainError
from measures.domain.report_forms import save_printing
from measures.enums import Period
from measures.form_settings import PrintingForm
from measures.models import Plan, ReportForm, User
from measures.views.shell import shell_for


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The agency's form and the plan's memo numbers; after saving, on to the report that shows them."""
    access, plan = _managed(request, slug, year)
    standing = ReportForm.objects.filter(agency=plan.agency).first() or ReportForm(agency=plan.agency)
    back = _back(request, plan)
    form = PrintingForm(plan=plan, standing=standing)
    if request.method == "POST":
        form = PrintingForm(request.POST, request.FILES, plan=plan, standing=standing)
        if form.is_valid():
            try:
                save_printing(actor=cast(User, access.user), plan=plan, printing=form.printing)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "บันทึกแบบพิมพ์ของหน่วยงานแล้ว รายงานที่พิมพ์ต่อจากนี้ใช้แบบนี้")
                return redirect(back)
    context = {
        "shell": shell_for(access=access, plan=plan, current="reports"),
        "plan": plan,
        "form": form,
        "has_emblem": bool(standing.emblem),
        "back": back,
    }
    return render(request, "report_form/form.html", context, status=422 if form.errors else 200)


@require_safe
def emblem(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The emblem that stands; asked for again it costs nothing until it changes."""
    _, plan = _managed(request, slug, year)
    standing = ReportForm.objects.filter(agency=plan.agency).exclude(emblem=b"").first()
    if standing is None:
        raise Http404("หน่วยงานยังไม่มีตรา")
    picture = bytes(standing.emblem)
    etag = f'"{hashlib.sha256(picture).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(picture, content_type="image/png")
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _managed(request: HttpRequest, slug: str, year: int) -> tuple[Access, Plan]:
    access = Access.of(request.user)
    plan = access.plan(slug, year)
    access.require(Capability.MANAGE, plan.agency)
    return access, plan


def _back(request: HttpRequest, plan: Plan) -> str:
    """The report from which the person came, or the plan's own."""
    scope = (plan.agency.slug, plan.year)
    period, layout = request.GET.get("period", ""), request.GET.get("layout", "")
    if period not in {known.value for known in Period}:
        return reverse("reports", args=scope)
    path = reverse("report_preview", args=(*scope, period))
    return f"{path}?{urlencode({'layout': layout})}" if layout else path
