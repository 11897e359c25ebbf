"""A plan file made into a plan, through the same writes that the pages use."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from measures.domain import plans, rounds
from measures.domain.entries import save_entry
from measures.domain.errors import FileError
from measures.domain.people import add_division, create_agency
from measures.domain.plan_file import CautionRecord, ItemRecord, PlanFile, PrintedRecord, ScoreRecord
from measures.domain.scores import add_score
from measures.domain.toml_file import read
from measures.enums import PrintedField
from measures.models import (
    Division,
    Framework,
    Indicator,
    Issue,
    Measure,
    OITItem,
    Plan,
    Question,
    Round,
    SubIndicator,
    WorkItem,
)


@transaction.atomic
def load_plan(*, path: Path) -> Plan:
    """Make the agency, plan, rounds (opened, without automatic closing) and entries of the file.

    Raises FileError naming file and key; nothing is written then.
    """
    return _Loader(path.name, read(path, PlanFile)).load()


@dataclass
class Codes:
    """The parts of one framework by their code."""

    framework: Framework
    parts: dict[str, Indicator | SubIndicator | OITItem | Question] = field(default_factory=dict)

    def __post_init__(self) -> None:
        framework = self.framework
        self.parts |= {f"indicator:{row.number}": row for row in framework.indicators.all()}
        self.parts |= {f"sub_indicator:{row.code}": row for row in framework.sub_indicators.all()}
        self.parts |= {f"oit_item:{row.code}": row for row in framework.oit_items.all()}
        self.parts |= {f"question:{row.code}": row for row in framework.questions.all()}


@dataclass
class _Loader:
    name: str
    file: PlanFile
    codes: dict[int, Codes] = field(default_factory=dict)
    divisions: dict[str, Division] = field(default_factory=dict)
    places: dict[str, WorkItem | Issue] = field(default_factory=dict)

    def load(self) -> Plan:
        record = self.file
        agency = create_agency(actor=None, **record.agency.model_dump())
        for division in record.divisions:
            self.divisions[division.key] = add_division(actor=None, agency=agency, name=division.name)
        analysed = record.plan.analysed_year
        self.plan = plans.create_plan(
            actor=None,
            agency=agency,
            year=record.plan.year,
            framework=self._codes(record.plan.framework).framework,
            analysed=self._codes(analysed).framework if analysed else None,
            layouts=record.plan.layouts,
            source=record.plan.source,
        )
        self.rounds = self._open_rounds()
        for narrative in record.narratives:
            plans.add_narrative(actor=None, plan=self.plan, **narrative.model_dump())
        for printed in record.printed_texts:
            self._printed_text(printed)
        self._issues_and_measures()
        for item in record.indicator_items:
            target = self._part(record.plan.framework, f"indicator:{item.indicator}")
            self.places[f"indicator:{item.indicator}"] = self._item(target, item)
        for work in record.oit_work_items:
            target = self._part(record.plan.framework, f"oit_item:{work.code}")
            self.places[f"oit:{work.code}"] = self._item(target, work)
        for score in record.scores:
            self._score(score)
        for caution in record.cautions:
            self._caution(caution)
        return self.plan

    def _codes(self, year: int) -> Codes:
        if year not in self.codes:
            framework = Framework.objects.filter(year=year, published=True).order_by("version").last()
            if framework is None:
                raise FileError(f"{self.name}: plan: ไม่มีเกณฑ์ ITA ปี {year} ให้สั่ง sync_frameworks ก่อน")
            self.codes[year] = Codes(framework)
        return self.codes[year]

    def _part(self, year: int, code: str) -> Indicator | SubIndicator | OITItem | Question:
        try:
            return self._codes(year).parts[code]
        except KeyError:
            raise FileError(f"{self.name}: {code} ไม่มีในเกณฑ์ ITA ปี {year}") from None

    def _open_rounds(self) -> dict[int, Round]:
        opened: dict[int, Round] = {}
        for record in self.file.rounds:
            round_ = self.plan.rounds.get(number=record.number)
            round_.auto_close = False
            round_.save(update_fields=["auto_close"])
            opened[record.number] = rounds.open_round(actor=None, round_=round_)
        return opened

    def _printed_text(self, record: PrintedRecord) -> None:
        kind, code = record.target.split(":")
        year = self.file.plan.framework
        if kind == "question" and self.file.plan.analysed_year:
            year = self.file.plan.analysed_year
        field_ = record.field
        if kind == "group":
            kind, field_ = "oit_item", PrintedField.GROUP
        target = self._part(year, f"{kind}:{code}")
        plans.set_printed_text(actor=None, plan=self.plan, target=target, field=field_, text=record.text)

    def _issues_and_measures(self) -> None:
        issues: dict[str, Issue] = {}
        year = self.file.plan.analysed_year or self.file.plan.framework
        for record in self.file.issues:
            points = [plans.PointInput(self._point(year, point.code), point.score) for point in record.points]
            issue = plans.add_issue(
                actor=None,
                plan=self.plan,
                text=record.text,
                label=record.label,
                indicator=self._indicator(record.indicator),
                analysis=record.analysis,
                points=points,
            )
            issues[record.key] = self.places[f"issue:{record.key}"] = issue
            self._items(record.key, issue, record.items)
        for measure in self.file.measures:
            made = plans.add_measure(
                actor=None,
                plan=self.plan,
                text=measure.text,
                label=measure.label,
                indicator=self._indicator(measure.indicator),
                issue=issues[measure.issue] if measure.issue else None,
                basis=measure.basis,
            )
            self._items(measure.key, made, measure.items)

    def _point(self, year: int, code: str) -> Question | OITItem:
        part = self._part(year, f"oit_item:{code}" if code.startswith("o") else f"question:{code}")
        assert isinstance(part, Question | OITItem)  # noqa: S101 - by the key just asked for
        return part

    def _indicator(self, number: int | None) -> Indicator | None:
        if number is None:
            return None
        part = self._part(self.file.plan.framework, f"indicator:{number}")
        assert isinstance(part, Indicator)  # noqa: S101 - by the key just asked for
        return part

    def _items(self, key: str, target: Issue | Measure, records: tuple[ItemRecord, ...]) -> None:
        for number, record in enumerate(records, start=1):
            self.places[f"{key}/{number}"] = self._item(target, record)

    def _item(self, target: object, record: ItemRecord) -> WorkItem:
        assert isinstance(target, Measure | Issue | Indicator | OITItem)  # noqa: S101 - the four that items hang on
        item = plans.add_work_item(
            actor=None,
            plan=self.plan,
            target=target,
            content=plans.WorkInput(
                lead_division=self.divisions[record.lead] if record.lead else None,
                supporting_divisions=[self.divisions[key] for key in record.supporting],
                responsible=record.responsible,
                period_text=record.period,
                starts=record.period_start,
                ends=record.period_end,
                monitoring=record.monitoring,
                steps=[plans.StepInput(step.label, step.text) for step in record.steps],
            ),
        )
        for entry in record.entries:
            save_entry(
                actor=None,
                item=item,
                round_=self.rounds[entry.round],
                expected_version=0,
                status=entry.status,
                status_reason=entry.status_reason,
                result=entry.result,
                outcome=entry.outcome,
            )
        return item

    def _score(self, record: ScoreRecord) -> None:
        part = None if record.target == "total" else self._part(record.year, record.target)
        assert part is None or isinstance(part, Indicator | OITItem | Question)  # noqa: S101 - by the schema's pattern
        add_score(
            actor=None,
            agency=self.plan.agency,
            framework=self._codes(record.year).framework,
            target=part,
            value=record.value,
            level=record.level,
            chosen=record.chosen,
            source=record.source,
        )

    def _caution(self, record: CautionRecord) -> None:
        place = self.places.get(record.item) if record.item else None
        if record.item and place is None:
            raise FileError(f"{self.name}: cautions: item = {record.item} ไม่มีในแฟ้มนี้")
        plans.add_caution(
            actor=None,
            plan=self.plan,
            place=record.place,
            reason=record.reason,
            printed=record.printed,
            proposal=record.proposal,
            work_item=place if isinstance(place, WorkItem) else None,
            issue=place if isinstance(place, Issue) else None,
        )
