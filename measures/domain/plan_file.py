"""The schema of fixtures/plans/*.toml: one agency and one plan with all that its document prints."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from measures.domain.framework_file import OITCode, Percent
from measures.domain.toml_file import Record, Text
from measures.enums import NarrativeKind, Period, PrintedField, Section, Status

PrintedTarget = Annotated[
    str, Field(pattern=r"^(indicator:\d+|sub_indicator:\d+\.\d+|(oit_item|group):o\d+|question:[ie]\d+)$")
]
ScoreTarget = Annotated[str, Field(pattern=r"^(indicator:\d+|oit_item:o\d+|question:[ie]\d+|total)$")]
PointCode = Annotated[str, Field(pattern=r"^[oie]\d+$")]


class AgencyRecord(Record):
    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    code: str | None = None
    name: Text
    short_name: Text
    kind: Text
    district: Text = ""
    province: Text = ""
    website: str = ""
    thai_digits: bool = True


class DivisionRecord(Record):
    key: str
    name: Text


class PlanRecord(Record):
    year: Annotated[int, Field(ge=2500, le=2700)]
    framework: int
    analysed_year: int | None = None
    source: Text = ""
    layouts: dict[Period, str]


class RoundRecord(Record):
    number: Literal[1, 2]


class NarrativeRecord(Record):
    section: Section
    kind: NarrativeKind
    text: Text


class PrintedRecord(Record):
    target: PrintedTarget
    field: PrintedField
    text: Text


class StepRecord(Record):
    label: Text = ""
    text: Text


class EntryRecord(Record):
    round: Literal[1, 2]
    status: Status | None = None
    status_reason: Text = ""
    result: Text | None = None
    outcome: Text | None = None


class ItemRecord(Record):
    lead: str | None = None
    supporting: tuple[str, ...] = ()
    responsible: Text | None = None
    period: Text | None = None
    period_start: date | None = None
    period_end: date | None = None
    monitoring: Text | None = None
    steps: tuple[StepRecord, ...] = ()
    entries: tuple[EntryRecord, ...] = ()


class IndicatorItemRecord(ItemRecord):
    indicator: int


class OITWorkRecord(ItemRecord):
    code: OITCode


class PointRecord(Record):
    code: PointCode
    score: Percent | None = None


class IssueRecord(Record):
    key: str
    indicator: int | None = None
    label: Text = ""
    text: Text = ""
    analysis: Text = ""
    points: tuple[PointRecord, ...] = ()
    items: tuple[ItemRecord, ...] = ()


class MeasureRecord(Record):
    key: str
    indicator: int | None = None
    issue: str | None = None
    label: Text = ""
    text: Text
    basis: Text = ""
    items: tuple[ItemRecord, ...] = ()


class ScoreRecord(Record):
    year: int
    target: ScoreTarget
    value: Annotated[Decimal, Field(ge=0, le=100)]
    level: Text = ""
    chosen: bool = False
    source: Text = ""


class CautionRecord(Record):
    place: Text
    item: str | None = None
    printed: Text = ""
    proposal: Text = ""
    reason: Text


class PlanFile(Record):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    agency: AgencyRecord
    divisions: tuple[DivisionRecord, ...] = ()
    plan: PlanRecord
    rounds: tuple[RoundRecord, ...]
    narratives: tuple[NarrativeRecord, ...] = ()
    printed_texts: tuple[PrintedRecord, ...] = ()
    issues: tuple[IssueRecord, ...] = ()
    measures: tuple[MeasureRecord, ...] = ()
    indicator_items: tuple[IndicatorItemRecord, ...] = ()
    oit_work_items: tuple[OITWorkRecord, ...] = ()
    scores: tuple[ScoreRecord, ...] = ()
    cautions: tuple[CautionRecord, ...] = ()

    def items(self) -> Iterator[ItemRecord]:
        """Every work item of the file."""
        for measure in self.measures:
            yield from measure.items
        for issue in self.issues:
            yield from issue.items
        yield from self.indicator_items
        yield from self.oit_work_items

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = Counter([issue.key for issue in self.issues] + [measure.key for measure in self.measures])
        if repeated := [key for key, times in keys.items() if times > 1]:
            raise ValueError(f"issues/measures key ซ้ำกัน: {', '.join(repeated)}")
        issues = {issue.key for issue in self.issues}
        for measure in self.measures:
            if measure.issue is not None and measure.issue not in issues:
                raise ValueError(f"measures {measure.key}: issue = {measure.issue} ไม่มีในแฟ้มนี้")
        divisions = {division.key for division in self.divisions}
        for item in self.items():
            for key in filter(None, (item.lead, *item.supporting)):
                if key not in divisions:
                    raise ValueError(f"lead/supporting = {key} ไม่มีใน divisions ของแฟ้มนี้")
        return self
