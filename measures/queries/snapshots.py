"""The content of a plan for a period, read for the reports in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from measures import snapshot as data
from measures.enums import Period, PrintedField, RoundState
from measures.models import (
    Framework,
    Issue,
    IssuePoint,
    Measure,
    OITItem,
    Plan,
    PrintedText,
    ProgressEntry,
    ReportForm,
    Round,
    Score,
    StoredSnapshot,
    WorkItem,
)


class UnknownPeriod(LookupError):
    """The plan has no such period; the message is Thai."""


def snapshot_for(*, plan: Plan, period: Period) -> data.Snapshot:
    """The stored snapshot when the period's round is closed, otherwise one built now; either in today's form.

    Raises UnknownPeriod when the plan has no round of that number.
    """
    round_ = _round_of(plan, period)
    stored = None
    if round_ is not None and round_.state == RoundState.CLOSED:
        stored = StoredSnapshot.objects.filter(plan=plan, period=period).order_by("version").last()
    content = data.from_data(stored.content) if stored else build_snapshot(plan=plan, period=period, round_=round_)
    return replace(content, form=form_of(plan=plan, period=period))


def form_of(*, plan: Plan, period: Period) -> data.FormInfo:
    """What the agency wishes of the printed form, and the number of the period's memo."""
    memo = plan.layouts.filter(period=period).values_list("memo_number", flat=True).first() or ""
    wishes = ReportForm.objects.filter(agency=plan.agency_id).first()
    if wishes is None:
        return data.FormInfo(memo_number=memo)
    return data.FormInfo(
        emblem=bytes(wishes.emblem),
        memo_number=memo,
        signatures=wishes.signatures,
        paper=wishes.paper,
        margin_top=wishes.margin_top,
        margin_right=wishes.margin_right,
        margin_bottom=wishes.margin_bottom,
        margin_left=wishes.margin_left,
    )


def default_period(plan: Plan) -> Period:
    """The period that the plan's own layout is made for."""
    first = plan.layouts.order_by("position").first()
    return Period(first.period) if first else Period.PLAN


def build_snapshot(*, plan: Plan, period: Period, round_: Round | None) -> data.Snapshot:
    """The plan as it stands now, for the period."""
    printed = _printed_texts(plan)
    work = _WorkReader(plan, period, round_)
    layout = plan.layouts.filter(period=period).values_list("layout", flat=True).first()
    agency = plan.agency
    return data.Snapshot(
        schema_version=data.SCHEMA_VERSION,
        agency=data.AgencyInfo(
            agency.slug, agency.name, agency.short_name, agency.district, agency.province, agency.website
        ),
        year=plan.year,
        analysed_year=plan.analysed_year,
        period=period.value,
        layout=layout or "",
        thai_digits=agency.thai_digits,
        round=data.RoundInfo(round_.number, round_.starts, round_.ends) if round_ else None,
        indicators=_indicators(plan, printed),
        sub_indicators=_sub_indicators(plan.framework, printed),
        oit_items=_oit_items(plan.framework, printed),
        questions=_questions(plan.analysed or plan.framework, printed),
        narratives=tuple(data.NarrativeInfo(n.section, n.kind, n.text) for n in plan.narratives.all()),
        issues=_issues(plan, printed, work),
        measures=_measures(plan, work),
        indicator_work=tuple(work.of("indicator_id")),
        oit_work=tuple(work.of("oit_item_id")),
    )


def _round_of(plan: Plan, period: Period) -> Round | None:
    if period.round_number is None:
        return None
    found = plan.rounds.filter(number=period.round_number).first()
    if found is None:
        raise UnknownPeriod(f"แผนของ {plan.agency} ปีงบประมาณ {plan.year} ไม่มี{period.label}")
    return found


Printed = dict[tuple[str, int, str], str]


def _printed_texts(plan: Plan) -> Printed:
    texts: Printed = {}
    for row in PrintedText.objects.filter(plan=plan):
        for kind in ("indicator", "sub_indicator", "oit_item", "question"):
            target = getattr(row, f"{kind}_id")
            if target is not None:
                texts[kind, target, row.field] = row.text
    return texts


def _indicators(plan: Plan, printed: Printed) -> tuple[data.IndicatorInfo, ...]:
    scores: dict[int, Decimal] = {}
    if plan.analysed_id:
        chosen = Score.objects.filter(
            agency=plan.agency, framework=plan.analysed_id, chosen=True, indicator__isnull=False
        )
        scores = dict(chosen.values_list("indicator__number", "value"))
    return tuple(
        data.IndicatorInfo(
            number=row.number,
            instrument=row.instrument,
            name=printed.get(("indicator", row.pk, PrintedField.NAME), row.name),
            heading=printed.get(("indicator", row.pk, PrintedField.HEADING)),
            assessment=printed.get(("indicator", row.pk, PrintedField.ASSESSMENT), ""),
            score_label=printed.get(("indicator", row.pk, PrintedField.SCORE_LABEL), ""),
            score=scores.get(row.number),
        )
        for row in plan.framework.indicators.all()
    )


def _sub_indicators(framework: Framework, printed: Printed) -> tuple[data.SubIndicatorInfo, ...]:
    return tuple(
        data.SubIndicatorInfo(
            code=row.code,
            indicator=row.indicator.number,
            name=printed.get(("sub_indicator", row.pk, PrintedField.NAME), row.name),
            heading=printed.get(("sub_indicator", row.pk, PrintedField.HEADING)),
        )
        for row in framework.sub_indicators.select_related("indicator")
    )


def _oit_items(framework: Framework, printed: Printed) -> tuple[data.OITItemInfo, ...]:
    rows = framework.oit_items.select_related("sub_indicator").prefetch_related("elements")
    return tuple(
        data.OITItemInfo(
            code=row.code,
            name=printed.get(("oit_item", row.pk, PrintedField.NAME), row.name),
            sub_indicator=row.sub_indicator.code if row.sub_indicator else "",
            group=row.group,
            group_heading=printed.get(("oit_item", row.pk, PrintedField.GROUP)),
            elements=tuple(element.text for element in row.elements.all()),
            elements_text=printed.get(("oit_item", row.pk, PrintedField.ELEMENTS)),
        )
        for row in rows
    )


def _questions(framework: Framework, printed: Printed) -> tuple[data.QuestionInfo, ...]:
    return tuple(
        data.QuestionInfo(
            row.code, row.indicator.number, printed.get(("question", row.pk, PrintedField.QUESTION), row.text)
        )
        for row in framework.questions.select_related("indicator")
    )


def _issues(plan: Plan, printed: Printed, work: "_WorkReader") -> tuple[data.IssueInfo, ...]:
    points = defaultdict(list)
    for point in IssuePoint.objects.filter(issue__plan=plan).select_related("question", "oit_item"):
        points[point.issue_id].append(_point(point, printed))
    return tuple(
        data.IssueInfo(
            id=row.pk,
            indicator=row.indicator.number if row.indicator else None,
            label=row.label,
            text=row.text,
            analysis=row.analysis,
            points=tuple(points[row.pk]),
            items=tuple(work.of("issue_id", row.pk)),
        )
        for row in Issue.objects.filter(plan=plan).select_related("indicator")
    )


def _point(point: IssuePoint, printed: Printed) -> data.PointInfo:
    if point.question is not None:
        text = printed.get(("question", point.question.pk, PrintedField.QUESTION), point.question.text)
        return data.PointInfo(point.question.code, text, point.score)
    item: OITItem = point.oit_item  # type: ignore[assignment]  # a check constraint: one of the two is set
    return data.PointInfo(item.code, printed.get(("oit_item", item.pk, PrintedField.NAME), item.name), point.score)


def _measures(plan: Plan, work: "_WorkReader") -> tuple[data.MeasureInfo, ...]:
    return tuple(
        data.MeasureInfo(
            id=row.pk,
            indicator=row.indicator.number if row.indicator else None,
            issue=row.issue_id,
            label=row.label,
            text=row.text,
            basis=row.basis,
            items=tuple(work.of("measure_id", row.pk)),
        )
        for row in Measure.objects.filter(plan=plan).select_related("indicator")
    )


@dataclass
class _WorkReader:
    """The work items of a plan with their steps and the entry of the period, ready to hand out by target."""

    plan: Plan
    period: Period
    round_: Round | None

    def __post_init__(self) -> None:
        rows = (
            WorkItem.objects.filter(plan=self.plan)
            .select_related("lead_division", "indicator", "oit_item__sub_indicator__indicator")
            .select_related("measure__indicator", "issue__indicator")
            .prefetch_related("steps")
        )
        entries = self._entries()
        self.items = [(row, self._info(row, entries.get(row.pk))) for row in rows]

    def of(self, target: str, pk: int | None = None) -> Iterable[data.WorkItemInfo]:
        """The items that hang on row `pk` of the target, or on any of its kind."""
        for row, info in self.items:
            held = getattr(row, target)
            if held is not None and pk in (None, held):
                yield info

    def _entries(self) -> dict[int, ProgressEntry]:
        """The entry that the period shows of each item: the round's, or for the year the latest round's."""
        if self.period is Period.PLAN:
            return {}
        rows = ProgressEntry.objects.filter(work_item__plan=self.plan).select_related("round").order_by("round__number")
        if self.round_ is not None:
            rows = rows.filter(round=self.round_)
        return {row.work_item_id: row for row in rows}

    @staticmethod
    def _info(row: WorkItem, entry: ProgressEntry | None) -> data.WorkItemInfo:
        return data.WorkItemInfo(
            id=row.pk,
            indicator=indicator_number(row),
            oit_code=row.oit_item.code if row.oit_item else "",
            steps=tuple(data.StepInfo(step.label, step.text) for step in row.steps.all()),
            monitoring=row.monitoring,
            responsible=row.responsible,
            period=row.period_text,
            lead_division=row.lead_division.name if row.lead_division else "",
            entry=data.EntryInfo(entry.round.number, entry.status, entry.result, entry.outcome) if entry else None,
        )


def indicator_number(item: WorkItem) -> int | None:
    """The number of the indicator under which an item falls, by whatever it hangs on."""
    if item.oit_item is not None:
        sub = item.oit_item.sub_indicator
        return sub.indicator.number if sub else None
    for holder in (item, item.measure, item.issue):
        if holder is not None and holder.indicator is not None:
            return holder.indicator.number
    return None
