"""Small real things for tests, made by the writes that the pages use; every argument has a sensible default."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from measures.domain import people, plans, rounds
from measures.domain.entries import EvidenceInput, save_entry
from measures.enums import Instrument, Period, Role, Status
from measures.models import (
    Agency,
    CalendarEvent,
    Division,
    Framework,
    Indicator,
    Issue,
    Measure,
    OITItem,
    Plan,
    ProgressEntry,
    Question,
    Round,
    SubIndicator,
    User,
    WorkItem,
)

_numbers = count(1)
PASSWORD = "a-long-test-password"


def make_framework(year: int = 2566, *, version: int = 1, items: int = 3) -> Framework:
    """Indicators 1 (IIT, with question i1) and 9 (OIT, with sub-indicator 9.1 and `items` OIT items)."""
    framework = Framework.objects.create(
        year=year, version=version, name=f"เกณฑ์ ITA ปี {year}", pass_mark=Decimal(85), notes="ข้อนี้ยังไม่ตรวจสอบ"
    )
    first = Indicator.objects.create(framework=framework, number=1, name="การปฏิบัติหน้าที่", instrument=Instrument.IIT)
    last = Indicator.objects.create(framework=framework, number=9, name="การเปิดเผยข้อมูล", instrument=Instrument.OIT)
    Question.objects.create(framework=framework, indicator=first, position=1, code="i1", text="ท่านทราบมากน้อยเพียงใด")
    sub = SubIndicator.objects.create(framework=framework, indicator=last, position=1, code="9.1", name="ข้อมูลพื้นฐาน")
    OITItem.objects.bulk_create(
        OITItem(
            framework=framework,
            sub_indicator=sub,
            position=number,
            code=f"o{number}",
            name=f"รายการเปิดเผยที่ {number}",
            group="ข้อมูลพื้นฐาน",
        )
        for number in range(1, items + 1)
    )
    return framework


def make_oit_deadline(framework: Framework, end: object) -> CalendarEvent:
    """The day by which the OIT items of the year are due."""
    return CalendarEvent.objects.create(framework=framework, key="oit_entry", name="นำเข้า OIT", end=end)


def make_agency(slug: str = "", *, province: str = "ศรีสะเกษ") -> Agency:
    """An agency with two divisions: สำนักปลัด and กองคลัง."""
    slug = slug or f"agency-{next(_numbers)}"
    agency = people.create_agency(
        actor=None,
        slug=slug,
        name=f"องค์การบริหารส่วนตำบล{slug}",
        short_name=f"อบต.{slug}",
        kind="อบต.",
        province=province,
    )
    for name in ("สำนักปลัด", "กองคลัง"):
        people.add_division(actor=None, agency=agency, name=name)
    return agency


def make_plan(
    agency: Agency | None = None,
    *,
    year: int = 2566,
    framework: Framework | None = None,
    opened: Sequence[int] = (1, 2),
    layouts: dict[Period, str] | None = None,
) -> Plan:
    """A plan that analyses its own year, with the rounds `opened` open."""
    framework = framework or Framework.objects.filter(year=year).last() or make_framework(year)
    plan = plans.create_plan(
        actor=None,
        agency=agency or make_agency(),
        year=year,
        framework=framework,
        analysed=framework,
        layouts=layouts or {Period.ROUND1: "round-progress", Period.ROUND2: "round-progress"},
    )
    for round_ in plan.rounds.filter(number__in=opened):
        rounds.open_round(actor=None, round_=round_)
    return plan


def make_measure(plan: Plan, *, text: str = "มาตรการทดสอบ", label: str = "๑.", issue: Issue | None = None) -> Measure:
    """A measure under the first indicator of the plan's framework."""
    indicator = plan.framework.indicators.first()
    return plans.add_measure(actor=None, plan=plan, text=text, label=label, indicator=indicator, issue=issue)


def make_item(
    plan: Plan,
    *,
    target: Measure | Issue | Indicator | OITItem | None = None,
    division: Division | None = None,
    lead: bool = True,
    step: str = "จัดทำประกาศ",
    monitoring: str | None = "รายงานผล",
) -> WorkItem:
    """A work item with one step, led by the agency's first division unless said otherwise (`lead` False: nobody)."""
    return plans.add_work_item(
        actor=None,
        plan=plan,
        target=target or make_measure(plan),
        content=plans.WorkInput(
            lead_division=(division or plan.agency.divisions.first()) if lead else None,
            monitoring=monitoring,
            steps=[plans.StepInput("๑.", step)],
        ),
    )


def make_entry(
    item: WorkItem,
    *,
    number: int = 1,
    status: Status | None = Status.DONE,
    result: str = "ดำเนินการแล้ว",
    outcome: str = "",
    evidence: Sequence[EvidenceInput] = (),
    actor: User | None = None,
    version: int = 0,
) -> ProgressEntry:
    """An entry of the item in round `number`; `version` is the one it replaces."""
    return save_entry(
        actor=actor,
        item=item,
        round_=round_of(item.plan, number),
        expected_version=version,
        status=status,
        result=result,
        outcome=outcome,
        evidence=evidence,
    )


def round_of(plan: Plan, number: int = 1) -> Round:
    """A round of the plan as it stands in the database now."""
    return Round.objects.select_related("plan__agency").get(plan=plan, number=number)


def make_user(
    role: Role, agency: Agency | None = None, *, division: Division | None = None, province: str = ""
) -> User:
    """A person with one role; staff and heads without a division get the agency's first."""
    number = next(_numbers)
    user = people.create_user(
        actor=None, username=f"{role}-{number}", display_name=f"{role.label} {number}", password=PASSWORD
    )
    if role in (Role.STAFF, Role.HEAD) and agency is not None:
        division = division or agency.divisions.first()
    people.grant(actor=None, user=user, role=role, agency=agency, division=division, province=province)
    return user


@dataclass
class World:
    """Two agencies of two provinces with a plan each, and a person for every role of the first one."""

    agency: Agency = field(default_factory=lambda: make_agency("here", province="ศรีสะเกษ"))
    other: Agency = field(default_factory=lambda: make_agency("elsewhere", province="ยโสธร"))

    def __post_init__(self) -> None:
        self.plan = make_plan(self.agency)
        self.other_plan = make_plan(self.other)
        self.own_division, self.second_division = self.agency.divisions.all()
        self.item = make_item(self.plan, division=self.own_division)
        self.second_item = make_item(self.plan, division=self.second_division)
        self.other_item = make_item(self.other_plan)
        self.users = {role: make_user(role, self.agency) for role in Role if role not in (Role.PROVINCE, Role.ADMIN)}
        self.users[Role.PROVINCE] = make_user(Role.PROVINCE, province=self.agency.province)
        self.users[Role.ADMIN] = make_user(Role.ADMIN)
