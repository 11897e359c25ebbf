"""The seven kinds of table rows: what of a snapshot each row stands on, in printed order."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace

from measures.snapshot import (
    IndicatorInfo,
    IssueInfo,
    MeasureInfo,
    OITItemInfo,
    PointInfo,
    Snapshot,
    StepInfo,
    SubIndicatorInfo,
    WorkItemInfo,
)


@dataclass(frozen=True)
class RowData:
    """What one row stands on; `items` are all work items that the row prints, `number` counts measures from 1."""

    indicator: IndicatorInfo | None = None
    sub_indicator: SubIndicatorInfo | None = None
    oit_item: OITItemInfo | None = None
    issue: IssueInfo | None = None
    measure: MeasureInfo | None = None
    items: tuple[WorkItemInfo, ...] = ()
    step: StepInfo | None = None
    point: PointInfo | None = None
    number: int = 0
    opens_indicator: bool = False

    def key(self, part: str) -> Hashable:
        """What tells two runs of rows of `part` (a group, or "item") apart."""
        match part:
            case "indicator":
                return self.indicator and self.indicator.number
            case "measure":
                return self.measure and self.measure.id
            case "issue":
                return self.issue and self.issue.id
            case "item":
                return tuple(item.id for item in self.items)
        raise ValueError(part)


@dataclass(frozen=True)
class RowKind:
    """`groups` and `headings` may be asked for by a layout, outermost first; `parts` are the parts of RowData set."""

    rows: Callable[[Snapshot], Iterator[RowData]]
    parts: frozenset[str]
    groups: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


def _measure_steps(snapshot: Snapshot) -> Iterator[RowData]:
    """A row a step; an item without steps is a row that shares the step cell above it."""
    indicators = _indicators(snapshot)
    for number, measure in enumerate(snapshot.measures, 1):
        base = RowData(indicator=indicators.get(measure.indicator), measure=measure, number=number)
        for item in measure.items:
            for step in item.steps or (None,):
                yield replace(base, items=(item,), step=step)
        if not measure.items:
            yield base


def _measure_items(snapshot: Snapshot) -> Iterator[RowData]:
    indicators = _indicators(snapshot)
    for number, measure in enumerate(snapshot.measures, 1):
        for items in _each(measure.items):
            yield RowData(indicator=indicators.get(measure.indicator), measure=measure, number=number, items=items)


def _issues(snapshot: Snapshot) -> Iterator[tuple[IssueInfo, IndicatorInfo | None, bool]]:
    """Every issue with its indicator, and whether it is the first of a run of that indicator."""
    indicators = _indicators(snapshot)
    last: int | None = None
    for issue in snapshot.issues:
        yield issue, indicators.get(issue.indicator), issue.indicator != last
        last = issue.indicator


def _issue_items(snapshot: Snapshot) -> Iterator[RowData]:
    for issue, indicator, opens in _issues(snapshot):
        for items in _each(issue.items):
            yield RowData(indicator=indicator, issue=issue, items=items, opens_indicator=opens)


def _indicator_issues(snapshot: Snapshot) -> Iterator[RowData]:
    """A row an issue, in which all its work items are joined as paragraphs."""
    for issue, indicator, opens in _issues(snapshot):
        yield RowData(indicator=indicator, issue=issue, items=issue.items, opens_indicator=opens)


def _indicator_items(snapshot: Snapshot) -> Iterator[RowData]:
    indicators = _indicators(snapshot)
    for item in snapshot.indicator_work:
        yield RowData(indicator=indicators.get(item.indicator), items=(item,))


def _oit_items(snapshot: Snapshot) -> Iterator[RowData]:
    oit_items = {oit.code: oit for oit in snapshot.oit_items}
    sub_indicators = {sub.code: sub for sub in snapshot.sub_indicators}
    for item in snapshot.oit_work:
        oit = oit_items[item.oit_code]
        yield RowData(sub_indicator=sub_indicators.get(oit.sub_indicator), oit_item=oit, items=(item,))


def _issue_points(snapshot: Snapshot) -> Iterator[RowData]:
    """A row a point of an issue; the work of the issue and of its measures belongs to all its rows."""
    for issue, indicator, opens in _issues(snapshot):
        measures = [measure for measure in snapshot.measures if measure.issue == issue.id]
        items = issue.items + tuple(item for measure in measures for item in measure.items)
        for point in issue.points or (None,):
            yield RowData(indicator=indicator, issue=issue, items=items, point=point, opens_indicator=opens)


def _each(items: tuple[WorkItemInfo, ...]) -> list[tuple[WorkItemInfo, ...]]:
    """One item a row; nothing to report is a row too, so that its measure or issue is printed."""
    return [(item,) for item in items] or [()]


def _indicators(snapshot: Snapshot) -> dict[int | None, IndicatorInfo]:
    return {indicator.number: indicator for indicator in snapshot.indicators}


ROW_KINDS: dict[str, RowKind] = {
    "measure_steps": RowKind(
        _measure_steps, frozenset({"indicator", "measure", "item", "step"}), ("indicator", "measure")
    ),
    "measure_items": RowKind(_measure_items, frozenset({"indicator", "measure", "item"}), ("indicator", "measure")),
    "issue_items": RowKind(_issue_items, frozenset({"indicator", "issue", "item"}), ("indicator", "issue")),
    "indicator_issues": RowKind(_indicator_issues, frozenset({"indicator", "issue", "item"}), ("indicator", "issue")),
    "indicator_items": RowKind(_indicator_items, frozenset({"indicator", "item"}), ("indicator",)),
    "oit_items": RowKind(
        _oit_items, frozenset({"sub_indicator", "oit_item", "item"}), (), ("sub_indicator", "oit_group")
    ),
    "issue_points": RowKind(_issue_points, frozenset({"indicator", "issue", "point", "item"}), ("indicator", "issue")),
}
