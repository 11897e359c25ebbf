"""งานของฉัน: the work list of a round, and one item of it read, edited, and settled when two people meet."""

from dataclasses import dataclass, replace
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from measures import clock
from measures.access import Access, Capability
from measures.domain.entries import EvidenceInput, save_entry
from measures.domain.errors import DomainError, VersionConflict
from measures.forms import MAX_EVIDENCE, EntryForm, EvidenceFormSet
from measures.models import Plan, Round, User, WorkItem
from measures.queries.dashboard import current_round
from measures.queries.rows import FINISHED, OVERDUE, WorkRow
from measures.queries.work import EntryText, EvidenceRow, WorkDetail, WorkList, work_detail, work_list
from measures.views.filters import ALL, WorkFilters, division_choices, division_ids, round_choices, state_choices
from measures.views.shell import HtmxRequest, shell_for


@dataclass(frozen=True)
class Desk:
    """One person before one plan and round: what every page of this module starts from."""

    access: Access
    plan: Plan
    round: Round
    filters: WorkFilters

    @classmethod
    def of(cls, request: HtmxRequest, slug: str, year: int) -> "Desk":
        access = Access.of(request.user)
        plan = access.plan(slug, year)
        filters = WorkFilters.read(request.GET)
        chosen = current_round(plan, clock.today(), filters.round)
        # A number that the plan has no round for, or a plan without rounds: the gate's own 404 says which.
        return cls(access, plan, chosen or access.round(plan, filters.round or 1), filters)

    @property
    def divisions(self) -> tuple[int, ...] | None:
        return division_ids(self.filters, self.plan, self.access)

    @property
    def actor(self) -> User:
        """The user; there always is one behind the login that every page asks for."""
        return cast(User, self.access.user)

    def work(self, *, state: str = "") -> WorkList:
        return work_list(
            plan=self.plan,
            round_=self.round,
            today=clock.today(),
            division_ids=self.divisions,
            state=state,
            query=self.filters.q,
        )

    def detail(self, item: WorkItem) -> WorkDetail:
        return work_detail(item=item, round_=self.round, today=clock.today())

    def context(self, **more: Any) -> dict[str, Any]:
        """What list, rows and forms share; `writable` are the lead divisions this person may report for now."""
        mine = self.access.division_ids(self.plan.agency)
        nobodys = (None,) if self.access.may(Capability.MANAGE, self.plan.agency) else ()
        return {
            "shell": shell_for(access=self.access, plan=self.plan, round_=self.round, current="work"),
            "plan": self.plan,
            "round": self.round,
            "filters": self.filters,
            "today": clock.today(),
            "list_url": reverse("work", args=(self.plan.agency.slug, self.plan.year)),
            "query": self.filters.query(),
            "mine": bool(mine) and not self.filters.division,
            "writable": (*mine, *nobodys) if self.round.is_open else (),
            **more,
        }

    def summary(self, work: WorkList) -> dict[str, Any]:
        return {
            "work": work,
            "everything": self.filters.to(division=ALL, state="", q=""),
            "states": state_choices(self.filters, work.counts),
            "rounds": round_choices(self.filters, self.plan, self.round),
        }

    def list_url(self, item: WorkItem | None = None) -> str:
        url = reverse("work", args=(self.plan.agency.slug, self.plan.year)) + self.filters.query()
        return f"{url}#item-{item.pk}" if item else url

    def item_url(self, pk: int) -> str:
        return reverse("work_item", args=(self.plan.agency.slug, self.plan.year, pk)) + self.filters.query()


@require_safe
def work(request: HtmxRequest, slug: str, year: int) -> HttpResponse:
    """The list: counts, filters, groups of rows."""
    desk = Desk.of(request, slug, year)
    work = desk.work(state=desk.filters.state)
    divisions = division_choices(desk.filters, desk.plan, desk.access)
    return render(request, "work/list.html", desk.context(divisions=divisions, **desk.summary(work)))


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def work_item(request: HtmxRequest, slug: str, year: int, pk: int) -> HttpResponse:
    """One item: its form for those who report it while the round is open, its text for the others."""
    desk = Desk.of(request, slug, year)
    item = desk.access.work_item(desk.plan, pk)
    if request.method == "POST":
        desk.access.require_write(item)
        return _act(request, desk, item)
    detail = desk.detail(item)
    if "row" in request.GET:
        return render(request, "work/row.html", desk.context(row=detail.row, focus=True))
    if desk.round.is_open and desk.access.may_write(item):
        return _show(request, desk, detail, **_forms(detail))
    return _show(request, desk, detail)


def _act(request: HtmxRequest, desk: Desk, item: WorkItem) -> HttpResponse:
    """What the pressed button asks: take the other's version, copy a text, add a row for a link, or save."""
    act = request.POST.get("act", "save")
    if act == "theirs":
        return _leave(request, desk, item, "ใช้ข้อความที่บันทึกไว้ก่อนแล้ว")
    if act not in ("add", "copy_last", "copy_theirs"):
        return _save(request, desk, item)
    detail = desk.detail(item)
    data = _changed(request.POST, act, detail)
    theirs = detail.entry if "conflict" in data else None
    return _show(request, desk, detail, theirs=theirs, **_forms(detail, data))


def _save(request: HtmxRequest, desk: Desk, item: WorkItem) -> HttpResponse:
    detail = desk.detail(item)
    forms = _forms(detail, request.POST)
    form, evidence = forms["form"], forms["evidence"]
    if not (form.is_valid() and evidence.is_valid()):
        return _show(request, desk, detail, status=422, **forms)
    typed = {name: form.cleaned_data[name] for name in ("status", "result", "outcome")}
    try:
        save_entry(
            actor=desk.actor,
            item=item,
            round_=desk.round,
            expected_version=form.cleaned_data["version"],
            evidence=evidence.inputs,
            **typed,
        )
    except VersionConflict:
        return _settle(request, desk, item, typed, evidence.inputs)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, desk, detail, status=409, **forms)
    return _leave(request, desk, item, "บันทึกแล้ว")


def _settle(
    request: HtmxRequest, desk: Desk, item: WorkItem, typed: dict[str, Any], links: list[EvidenceInput]
) -> HttpResponse:
    """409: both versions side by side; the links of both are in the form, so that choosing loses none."""
    detail = desk.detail(item)
    theirs = detail.entry
    mine = EntryText(theirs.version, typed["status"], typed["result"], typed["outcome"], _rows(links), "", None)
    if replace(theirs, updated_by="", updated_at=None) == mine:  # the same button pressed twice
        return _leave(request, desk, item, "บันทึกแล้ว")
    united = replace(mine, evidence=tuple(dict.fromkeys((*theirs.evidence, *mine.evidence))))
    return _show(request, desk, detail, theirs=theirs, status=409, **_forms(replace(detail, entry=united)))


def _leave(request: HtmxRequest, desk: Desk, item: WorkItem, said: str) -> HttpResponse:
    """Back to the list, or on to the next unfinished item of it where that was asked."""
    work = desk.work()
    row, following = _row_and_next(work, item, desk.filters.state)
    following = following if request.POST.get("act") == "next" else None
    if request.htmx:
        more = desk.context(row=row or desk.detail(item).row, said=said, focus=not following, **desk.summary(work))
        if following:
            detail = desk.detail(desk.access.work_item(desk.plan, following.id))
            more |= {"detail": detail, **_forms(detail)}
        return render(request, "work/saved.html", more)
    messages.success(request, said if not row else f"{said}: {row.title[:80]}")
    return redirect(desk.item_url(following.id) if following else desk.list_url(item))


def _row_and_next(work: WorkList, item: WorkItem, state: str) -> tuple[WorkRow | None, WorkRow | None]:
    """The item in the list, and the first unfinished one after it that passes the state filter."""
    rows = [row for group in work.groups for row in group.rows]
    place = next((n for n, row in enumerate(rows) if row.id == item.pk), len(rows))
    after = [row for row in rows[place + 1 :] if row.status not in FINISHED]
    passing = [row for row in after if not state or state == row.state or (state == OVERDUE and row.overdue)]
    return (rows[place] if place < len(rows) else None), next(iter(passing), None)


def _show(request: HtmxRequest, desk: Desk, detail: WorkDetail, *, status: int = 200, **form: Any) -> HttpResponse:
    """The item as a page, or in the place of its row."""
    template = "work/item_row.html" if request.htmx else "work/item.html"
    return render(request, template, desk.context(detail=detail, row=detail.row, **form), status=status)


def _forms(detail: WorkDetail, data: QueryDict | None = None) -> dict[str, Any]:
    """The two forms of an item. Ids carry the item's number: several may be open on one page."""
    # With data the stored links must stay out: Django would drop a posted row that equals one as unchanged.
    stored = detail.entry.evidence if data is None else ()
    links = [{"label": link.label, "url": link.url, "dated": link.dated} for link in stored]
    ids = f"id_{detail.row.id}_%s"
    return {
        "form": EntryForm(data, entry=detail.entry, auto_id=ids),
        "evidence": EvidenceFormSet(data, initial=links, prefix="evidence", auto_id=ids),
    }


def _rows(links: list[EvidenceInput]) -> tuple[EvidenceRow, ...]:
    return tuple(EvidenceRow(link.label, link.url, link.dated) for link in links)


def _changed(posted: QueryDict, act: str, detail: WorkDetail) -> QueryDict:
    """What was posted, with one more row for a link or with the other text below one's own."""
    data = posted.copy()
    if act == "add":
        rows = data.get("evidence-TOTAL_FORMS", "")
        data["evidence-TOTAL_FORMS"] = str(min(int(rows), MAX_EVIDENCE - 1) + 1) if rows.isdecimal() else rows
        return data
    source = detail.last if act == "copy_last" else detail.entry
    texts = (data.get("result", ""), source.result if source else "")
    data["result"] = "\n".join(text for text in texts if text.strip())
    return data
