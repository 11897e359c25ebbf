"""The schema of fixtures/frameworks/*.toml: the criteria of one fiscal year with their provenance."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from measures.domain.toml_file import Record, Text
from measures.enums import Instrument

Percent = Annotated[Decimal, Field(ge=0, le=100)]
OITCode = Annotated[str, Field(pattern=r"^o[1-9]\d?$")]
QuestionCode = Annotated[str, Field(pattern=r"^[ie][1-9]\d?$")]


class Sourced(Record):
    provenance: Text
    verified: bool


class WeightRecord(Sourced):
    instrument: Instrument
    weight: Percent


class LevelRecord(Sourced):
    name: Text
    minimum_total: Percent
    minimum_each: Percent | None = None


class EventRecord(Sourced):
    key: Literal["registration", "iit_eit", "oit_entry", "oit_scoring", "clarification", "confirmation", "results"]
    name: Text
    start: date | None = None
    end: date


class IndicatorRecord(Sourced):
    number: Annotated[int, Field(ge=1, le=99)]
    name: Text
    instrument: Instrument


class SubIndicatorRecord(Sourced):
    code: Annotated[str, Field(pattern=r"^\d+\.\d+$")]
    indicator: int
    name: Text


class Knowable(Sourced):
    """Something that no source may name: then it is marked, never invented."""

    unknown: bool = False


class OITRecord(Knowable):
    code: OITCode
    sub_indicator: str | None = None
    group: Text = ""
    name: Text = ""
    elements: tuple[Text, ...] = ()
    succeeds: tuple[OITCode, ...] = ()

    @model_validator(mode="after")
    def _named_or_unknown(self) -> Self:
        if self.unknown == bool(self.name):
            raise ValueError("ข้อที่ไม่ทราบชื่อให้ใส่ unknown = true และไม่ใส่ name ข้ออื่นต้องมี name")
        return self


class QuestionRecord(Knowable):
    code: QuestionCode
    indicator: int
    text: Text = ""
    negative: bool = False

    @model_validator(mode="after")
    def _worded_or_unknown(self) -> Self:
        if self.unknown == bool(self.text):
            raise ValueError("ข้อที่ไม่ทราบข้อความให้ใส่ unknown = true และไม่ใส่ text ข้ออื่นต้องมี text")
        return self


class FrameworkFile(Record):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    year: Annotated[int, Field(ge=2500, le=2700)]
    version: Annotated[int, Field(ge=1)] = 1
    name: Text
    system_name: Text = ""
    pass_mark: Percent
    provenance: Text
    notes: Text = ""
    weights: tuple[WeightRecord, ...] = ()
    levels: tuple[LevelRecord, ...] = ()
    calendar: tuple[EventRecord, ...] = ()
    indicators: tuple[IndicatorRecord, ...]
    sub_indicators: tuple[SubIndicatorRecord, ...] = ()
    oit_items: tuple[OITRecord, ...]
    questions: tuple[QuestionRecord, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _once("weights.instrument", (row.instrument for row in self.weights))
        _once("calendar.key", (row.key for row in self.calendar))
        _once("indicators.number", (row.number for row in self.indicators))
        _once("sub_indicators.code", (row.code for row in self.sub_indicators))
        _once("oit_items.code", (row.code for row in self.oit_items))
        _once("questions.code", (row.code for row in self.questions))
        numbers = {row.number for row in self.indicators}
        codes = {row.code for row in self.sub_indicators}
        for sub in self.sub_indicators:
            _known(f"sub_indicators {sub.code}: indicator", sub.indicator, numbers)
        for item in self.oit_items:
            if item.sub_indicator is not None:
                _known(f"oit_items {item.code}: sub_indicator", item.sub_indicator, codes)
        for question in self.questions:
            _known(f"questions {question.code}: indicator", question.indicator, numbers)
        return self


def _once(key: str, values: Iterable[object]) -> None:
    repeated = [str(value) for value, times in Counter(values).items() if times > 1]
    if repeated:
        raise ValueError(f"{key} ซ้ำกัน: {', '.join(repeated)}")


def _known(place: str, value: object, known: set[int] | set[str]) -> None:
    if value not in known:
        raise ValueError(f"{place} = {value} ไม่มีในแฟ้มนี้")
