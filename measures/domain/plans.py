"""Writing a plan: its prose, issues, measures and work items, each change with its audit event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from measures import fiscal, thai
from measures.domain import audit
from measures.domain.errors import DomainError
from measures.enums import NarrativeKind, Period, PrintedField, Section
from measures.models import (
    Agency,
    Caution,
    Division,
    Framework,
    Indicator,
    Issue,
    IssuePoint,
    Measure,
    Narrative,
    OITItem,
    Plan,
    PlanLayout,
    PrintedText,
    Question,
    Round,
    Step,
    SubIndicator,
    User,
    WorkItem,
)


@dataclass(frozen=True)
class PointInput:
    """A question or OIT item of the analysed year and the score printed there."""

    target: Question | OITItem
    score: Decimal | None = None


@dataclass(frozen=True)
class StepInput:
    """A step with its label as printed."""

    label: str
    text: str


@dataclass(frozen=True)
class WorkInput:
    """What a work item says; a None text is the same as the cell above, '' is printed blank."""

    lead_division: Division | None = None
    supporting_divisions: Sequence[Division] = ()
    responsible: str | None = None
    period_text: str | None = None
    starts: date | None = None
    ends: date | None = None
    monitoring: str | None = None
    steps: Sequence[StepInput] = ()


@transaction.atomic
def create_plan(
    *,
    actor: User | None,
    agency: Agency,
    year: int,
    framework: Framework,
    analysed: Framework | None,
    layouts: Mapping[Period, str],
    source: str = "",
) -> Plan:
    """A plan with its two rounds, still to be opened. Raises DomainError when the agency has a plan of that year."""
    fiscal.check_year(year)
    if Plan.objects.filter(agency=agency, year=year).exists():
        raise DomainError(f"{agency} มีแผนของปีงบประมาณ {year} แล้ว")
    plan = Plan.objects.create(agency=agency, year=year, framework=framework, analysed=analysed, source=source)
    PlanLayout.objects.bulk_create(
        PlanLayout(plan=plan, position=position, period=period, layout=layout)
        for position, (period, layout) in enumerate(layouts.items(), start=1)
    )
    for number in (1, 2):
        span = fiscal.round_span(year, number)
        Round.objects.create(plan=plan, number=number, starts=span.start, ends=span.end)
    _record(actor, plan, "plan.create", plan, {"year": year, "framework": str(framework)})
    return plan


@transaction.atomic
def add_narrative(*, actor: User | None, plan: Plan, section: Section, kind: NarrativeKind, text: str) -> Narrative:
    """Append a heading or paragraph to the plan's prose."""
    row = Narrative.objects.create(
        plan=plan,
        position=_next(plan.narratives.all()),
        section=section,
        kind=kind,
        text=thai.normalise(text),
    )
    _record(actor, plan, "narrative.add", row, {"section": section, "text": row.text})
    return row


@transaction.atomic
def set_printed_text(
    *,
    actor: User | None,
    plan: Plan,
    target: Indicator | SubIndicator | OITItem | Question,
    field: PrintedField,
    text: str,
) -> PrintedText:
    """Print `text` in place of the framework's for this plan; '' suppresses it."""
    column = {Indicator: "indicator", SubIndicator: "sub_indicator", OITItem: "oit_item", Question: "question"}
    where: dict[str, Any] = {column[type(target)]: target}
    row, _ = PrintedText.objects.update_or_create(
        plan=plan, field=field, **where, defaults={"text": thai.normalise(text)}
    )
    _record(actor, plan, "printed_text.set", row, {"target": str(target), "field": field, "text": row.text})
    return row


@transaction.atomic
def add_issue(
    *,
    actor: User | None,
    plan: Plan,
    text: str,
    label: str = "",
    indicator: Indicator | None = None,
    analysis: str = "",
    points: Sequence[PointInput] = (),
) -> Issue:
    """Append an issue with its points in order."""
    row = Issue.objects.create(
        plan=plan,
        position=_next(plan.issues.all()),
        indicator=indicator,
        label=label,
        text=thai.normalise(text),
        analysis=thai.normalise(analysis),
    )
    IssuePoint.objects.bulk_create(
        IssuePoint(
            issue=row,
            position=position,
            question=point.target if isinstance(point.target, Question) else None,
            oit_item=point.target if isinstance(point.target, OITItem) else None,
            score=point.score,
        )
        for position, point in enumerate(points, start=1)
    )
    _record(actor, plan, "issue.add", row, {"text": row.text, "points": [p.target.code for p in points]})
    return row


@transaction.atomic
def add_measure(
    *,
    actor: User | None,
    plan: Plan,
    text: str,
    label: str = "",
    indicator: Indicator | None = None,
    issue: Issue | None = None,
    basis: str = "",
) -> Measure:
    """Append a measure."""
    row = Measure.objects.create(
        plan=plan,
        position=_next(plan.measures.all()),
        indicator=indicator,
        issue=issue,
        label=label,
        text=thai.normalise(text),
        basis=thai.normalise(basis),
    )
    _record(actor, plan, "measure.add", row, {"text": row.text, "basis": row.basis})
    return row


@transaction.atomic
def add_work_item(
    *, actor: User | None, plan: Plan, target: Measure | Issue | Indicator | OITItem, content: WorkInput
) -> WorkItem:
    """Append a work item that hangs on `target`, with its steps and divisions."""
    column = {Measure: "measure", Issue: "issue", Indicator: "indicator", OITItem: "oit_item"}
    row = WorkItem.objects.create(
        plan=plan,
        position=_next(plan.work_items.all()),
        **{column[type(target)]: target},
        lead_division=content.lead_division,
        responsible=_clean(content.responsible),
        period_text=_clean(content.period_text),
        monitoring=_clean(content.monitoring),
        starts=content.starts,
        ends=content.ends,
        search_text=_search_text(target, content),
    )
    row.supporting_divisions.set(content.supporting_divisions)
    Step.objects.bulk_create(
        Step(work_item=row, position=position, label=step.label, text=thai.normalise(step.text))
        for position, step in enumerate(content.steps, start=1)
    )
    after = {
        "target": str(target),
        "lead": str(content.lead_division) if content.lead_division else None,
        "responsible": row.responsible,
        "period": row.period_text,
        "monitoring": row.monitoring,
        "steps": [f"{step.label} {step.text}".strip() for step in content.steps],
    }
    _record(actor, plan, "work_item.add", row, after)
    return row


@transaction.atomic
def add_caution(
    *,
    actor: User | None,
    plan: Plan,
    place: str,
    reason: str,
    printed: str = "",
    proposal: str = "",
    work_item: WorkItem | None = None,
    issue: Issue | None = None,
) -> Caution:
    """Keep a slip or an undecidable reading on the record."""
    row = Caution.objects.create(
        plan=plan,
        work_item=work_item,
        issue=issue,
        place=place,
        printed=thai.normalise(printed),
        proposal=thai.normalise(proposal),
        reason=reason,
    )
    _record(actor, plan, "caution.add", row, {"place": place, "printed": row.printed, "reason": reason})
    return row


def _next(rows: models.QuerySet[Any]) -> int:
    return (rows.aggregate(last=models.Max("position"))["last"] or 0) + 1


def _clean(text: str | None) -> str | None:
    return None if text is None else thai.normalise(text)


def _search_text(target: models.Model, content: WorkInput) -> str:
    """All that a person may look an item up by, folded, a line a text so that no match runs over two."""
    holder = target.issue if isinstance(target, Measure) else None
    texts: Iterable[str | None] = (
        str(target),
        str(holder) if holder else None,
        *(f"{step.label} {step.text}" for step in content.steps),
        content.monitoring,
        content.responsible,
    )
    return "\n".join(thai.fold(text) for text in texts if text)


def _record(actor: User | None, plan: Plan, action: str, row: models.Model, after: dict[str, Any]) -> None:
    audit.record(actor=actor, agency=plan.agency, action=action, target=row, after=after)
