"""Bringing framework files into the database: all of them or none, and never under a plan that uses one."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from measures.domain import audit
from measures.domain.errors import FileError
from measures.domain.framework_file import FrameworkFile, Sourced
from measures.domain.toml_file import read
from measures.enums import Origin
from measures.models import (
    CalendarEvent,
    Framework,
    Indicator,
    InstrumentWeight,
    LevelRule,
    OITElement,
    OITItem,
    Plan,
    Question,
    Score,
    SubIndicator,
)


@dataclass(frozen=True)
class SyncResult:
    """The names of the files whose framework was made, changed or left as it was."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@transaction.atomic
def sync_frameworks(*, folder: Path) -> SyncResult:
    """Make the frameworks of the folder's *.toml stand in the database; a second run changes nothing.

    Raises FileError, naming file and key, for a wrong file and for a change of a framework that is in use:
    that takes a higher `version` in the file. Nothing is written then.
    """
    files = [(path, read(path, FrameworkFile)) for path in sorted(folder.glob("*.toml"))]
    if not files:
        raise FileError(f"{folder}: ไม่มีแฟ้ม .toml ของเกณฑ์ ITA")
    files.sort(key=lambda pair: (pair[1].year, pair[1].version))
    outcome: dict[str, list[str]] = {"created": [], "changed": [], "unchanged": []}
    touched: set[int] = set()
    for path, record in files:
        result = _sync_one(path.name, record)
        outcome[result].append(path.name)
        if result != "unchanged":
            # The year after ties its items to this one's, so its ties are made anew too.
            touched |= {record.year, record.year + 1}
    for path, record in files:
        if record.year in touched:
            _link_successions(path.name, record)
    return SyncResult(**{key: tuple(names) for key, names in outcome.items()})


def _sync_one(name: str, record: FrameworkFile) -> str:
    digest = hashlib.sha256(record.model_dump_json().encode()).hexdigest()
    framework = Framework.objects.filter(year=record.year, version=record.version).first()
    if framework is not None:
        if framework.origin != Origin.FILE:
            raise FileError(f"{name}: version: ปี {record.year} รุ่น {record.version} จัดทำในระบบแล้ว ให้ใช้เลขรุ่นอื่น")
        if framework.digest == digest:
            return "unchanged"
        _refuse_if_used(name, record, framework)
        framework.delete()
    made = _create(record, digest)
    outcome = "created" if framework is None else "changed"
    audit.record(
        actor=None,
        agency=None,
        action=f"framework.{outcome}",
        target=made,
        before={"digest": framework.digest} if framework else None,
        after={"year": made.year, "version": made.version, "digest": digest},
    )
    return outcome


def _refuse_if_used(name: str, record: FrameworkFile, framework: Framework) -> None:
    used = (
        Plan.objects.filter(Q(framework=framework) | Q(analysed=framework)).exists()
        or Score.objects.filter(framework=framework).exists()
    )
    if not used:
        return
    kept = {item.code for item in record.oit_items} | {question.code for question in record.questions}
    held = [
        *framework.oit_items.values_list("code", flat=True),
        *framework.questions.values_list("code", flat=True),
    ]
    dropped = [code for code in held if code not in kept]
    what = f"oit_items/questions: ตัดข้อ {', '.join(dropped)} ที่แผนใช้อยู่ออก" if dropped else "version: เนื้อหาเปลี่ยนไป"
    raise FileError(
        f"{name}: {what} แต่เกณฑ์ปี {framework.year} รุ่น {framework.version} มีแผนหรือคะแนนใช้อยู่ "
        f"ให้เพิ่ม version เป็น {framework.version + 1} แผนเดิมจะใช้รุ่นเดิมต่อไป"
    )


def _create(record: FrameworkFile, digest: str) -> Framework:
    framework = Framework.objects.create(
        year=record.year,
        version=record.version,
        name=record.name,
        system_name=record.system_name,
        pass_mark=record.pass_mark,
        provenance=record.provenance,
        notes=record.notes,
        digest=digest,
    )
    InstrumentWeight.objects.bulk_create(
        InstrumentWeight(framework=framework, instrument=row.instrument, weight=row.weight, **_source(row))
        for row in record.weights
    )
    LevelRule.objects.bulk_create(
        LevelRule(
            framework=framework,
            position=position,
            name=row.name,
            minimum_total=row.minimum_total,
            minimum_each=row.minimum_each,
            **_source(row),
        )
        for position, row in enumerate(record.levels, start=1)
    )
    CalendarEvent.objects.bulk_create(
        CalendarEvent(framework=framework, key=row.key, name=row.name, start=row.start, end=row.end, **_source(row))
        for row in record.calendar
    )
    indicators = _create_indicators(framework, record)
    _create_items(framework, record, indicators)
    Question.objects.bulk_create(
        Question(
            framework=framework,
            indicator=indicators[row.indicator],
            position=position,
            code=row.code,
            text=row.text,
            negative=row.negative,
            unknown=row.unknown,
            **_source(row),
        )
        for position, row in enumerate(record.questions, start=1)
    )
    return framework


def _create_indicators(framework: Framework, record: FrameworkFile) -> dict[int, Indicator]:
    rows = Indicator.objects.bulk_create(
        Indicator(framework=framework, number=row.number, name=row.name, instrument=row.instrument, **_source(row))
        for row in record.indicators
    )
    return {row.number: row for row in rows}


def _create_items(framework: Framework, record: FrameworkFile, indicators: dict[int, Indicator]) -> None:
    subs = SubIndicator.objects.bulk_create(
        SubIndicator(
            framework=framework,
            indicator=indicators[row.indicator],
            position=position,
            code=row.code,
            name=row.name,
            **_source(row),
        )
        for position, row in enumerate(record.sub_indicators, start=1)
    )
    by_code = {row.code: row for row in subs}
    items = OITItem.objects.bulk_create(
        OITItem(
            framework=framework,
            sub_indicator=by_code[row.sub_indicator] if row.sub_indicator else None,
            position=position,
            code=row.code,
            name=row.name,
            group=row.group,
            unknown=row.unknown,
            **_source(row),
        )
        for position, row in enumerate(record.oit_items, start=1)
    )
    OITElement.objects.bulk_create(
        OITElement(item=item, position=position, text=text)
        for item, row in zip(items, record.oit_items, strict=True)
        for position, text in enumerate(row.elements, start=1)
    )


def _link_successions(name: str, record: FrameworkFile) -> None:
    """Tie each item of the file to those that it succeeds, in the newest version of the year before."""
    link = OITItem.succeeds.through
    items = dict(
        OITItem.objects.filter(framework__year=record.year, framework__version=record.version).values_list("code", "id")
    )
    before = Framework.objects.filter(year=record.year - 1).order_by("version").last()
    earlier = dict(before.oit_items.values_list("code", "id")) if before else {}
    rows = []
    for item in record.oit_items:
        for code in item.succeeds:
            if code not in earlier:
                raise FileError(f"{name}: oit_items {item.code}: succeeds = {code} ไม่มีในเกณฑ์ปี {record.year - 1}")
            rows.append(link(from_oititem_id=items[item.code], to_oititem_id=earlier[code]))
    link.objects.filter(from_oititem__in=items.values()).delete()
    link.objects.bulk_create(rows)


def _source(row: Sourced) -> dict[str, str | bool]:
    return {"provenance": row.provenance, "verified": row.verified}
