"""The content of a plan for one period, as frozen data: all that a report may know.

Texts are as stored (typed digits); the digit switch is `thai_digits`. Empty is three things, as on paper:
None = same as the cell above (merges with it), "" = printed blank, text = text. Printed texts of the agency
are already resolved into the framework parts, so a reader never has to look at two places.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

SCHEMA_VERSION = 1
PAPERS = {"A4": (210, 297), "F4": (210, 330), "Legal": (216, 356), "A3": (297, 420)}
"""The papers of offices: short and long side in millimetres."""
MARGINS = (10, 50)
"""The least and the widest margin of a printed page in millimetres: the page number needs room, the text more."""


@dataclass(frozen=True)
class AgencyInfo:
    slug: str
    name: str
    short_name: str
    district: str
    province: str
    website: str


@dataclass(frozen=True)
class IndicatorInfo:
    """`heading` is the printed heading where the agency has its own, else None; `score` is of the analysed year."""

    number: int
    instrument: str
    name: str
    heading: str | None
    assessment: str
    score_label: str
    score: Decimal | None


@dataclass(frozen=True)
class SubIndicatorInfo:
    """`heading`: None = code and name, "" = suppressed, text = as printed."""

    code: str
    indicator: int
    name: str
    heading: str | None


@dataclass(frozen=True)
class OITItemInfo:
    """`elements_text` is the agency's own literal cell, if any; `group_heading` is like SubIndicatorInfo.heading."""

    code: str
    name: str
    sub_indicator: str
    group: str
    group_heading: str | None
    elements: tuple[str, ...]
    elements_text: str | None


@dataclass(frozen=True)
class QuestionInfo:
    code: str
    indicator: int
    text: str


@dataclass(frozen=True)
class NarrativeInfo:
    section: str
    kind: str
    text: str


@dataclass(frozen=True)
class StepInfo:
    """`label` as printed ('', '๕.', '(๑)'), apart from the position."""

    label: str
    text: str


@dataclass(frozen=True)
class EntryInfo:
    """`status` None is unknown: never guessed."""

    round: int
    status: str | None
    result: str | None
    outcome: str | None


@dataclass(frozen=True)
class WorkItemInfo:
    """The one thing that is assigned and reported; `oit_code` and `indicator` say what it hangs on or falls under."""

    id: int
    indicator: int | None
    oit_code: str
    steps: tuple[StepInfo, ...]
    monitoring: str | None
    responsible: str | None
    period: str | None
    lead_division: str
    entry: EntryInfo | None


@dataclass(frozen=True)
class PointInfo:
    """A question or OIT item of the analysed year with the score printed there."""

    code: str
    text: str
    score: Decimal | None


@dataclass(frozen=True)
class MeasureInfo:
    id: int
    indicator: int | None
    issue: int | None
    label: str
    text: str
    basis: str
    items: tuple[WorkItemInfo, ...]


@dataclass(frozen=True)
class IssueInfo:
    id: int
    indicator: int | None
    label: str
    text: str
    analysis: str
    points: tuple[PointInfo, ...]
    items: tuple[WorkItemInfo, ...]


@dataclass(frozen=True)
class RoundInfo:
    number: int
    start: date
    end: date


@dataclass(frozen=True)
class FormInfo:
    """How the agency prints today: its wishes beside the layout's. "" and None leave the matter to the layout.

    No content: a number is given to a memo after its round was closed, so this is never frozen with a snapshot.
    """

    emblem: bytes = b""  # a PNG
    memo_number: str = ""
    signatures: bool = False
    paper: str = ""
    margin_top: int | None = None
    margin_right: int | None = None
    margin_bottom: int | None = None
    margin_left: int | None = None


@dataclass(frozen=True)
class Snapshot:
    """Everything in printed order; `round` is None for the periods plan and annual."""

    schema_version: int
    agency: AgencyInfo
    year: int
    analysed_year: int | None
    period: str
    layout: str
    thai_digits: bool
    round: RoundInfo | None
    indicators: tuple[IndicatorInfo, ...]
    sub_indicators: tuple[SubIndicatorInfo, ...]
    oit_items: tuple[OITItemInfo, ...]
    questions: tuple[QuestionInfo, ...]
    narratives: tuple[NarrativeInfo, ...]
    issues: tuple[IssueInfo, ...]
    measures: tuple[MeasureInfo, ...]
    indicator_work: tuple[WorkItemInfo, ...]
    oit_work: tuple[WorkItemInfo, ...]
    form: FormInfo = FormInfo()

    def work_items(self) -> Iterator[WorkItemInfo]:
        """Every work item once: of measures, issues, indicators, then OIT items."""
        for measure in self.measures:
            yield from measure.items
        for issue in self.issues:
            yield from issue.items
        yield from self.indicator_work
        yield from self.oit_work


_ADAPTER = TypeAdapter(Snapshot)


def to_data(snapshot: Snapshot) -> dict[str, Any]:
    """The content as JSON-ready data: dates ISO, decimals as text; without the form."""
    data: dict[str, Any] = _ADAPTER.dump_python(snapshot, mode="json", exclude={"form"})
    return data


def to_json(snapshot: Snapshot) -> bytes:
    """The content in canonical JSON: the bytes whose SHA-256 stands beside a stored snapshot."""
    return _canonical(to_data(snapshot))


def content_hash(data: dict[str, Any]) -> str:
    """SHA-256 of a snapshot's data in canonical JSON, as hexadecimal text."""
    return hashlib.sha256(_canonical(data)).hexdigest()


def _canonical(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()


def from_data(data: dict[str, Any]) -> Snapshot:
    """The snapshot that `to_data` gave. Raises ValueError (Thai) when the schema is not this one."""
    if data.get("schema_version") != SCHEMA_VERSION:
        raise ValueError(f"สำเนารายงานเป็นรุ่น {data.get('schema_version')} แต่ระบบอ่านได้เฉพาะรุ่น {SCHEMA_VERSION}")
    return _ADAPTER.validate_python(data)
