"""What can be asked for: each ask is told apart, named for people, and refused in Thai where it is too much."""

import pytest

from measures.domain.errors import DomainError
from measures.enums import Role
from measures.models import AuditEvent
from reports.background import asking, jobs
from reports.background.asking import Ask, ask_for_many, ask_for_report
from reports.models import ExportKind, ExportState
from tests import factories
from tests.factories import World


def test_start_of_many_is_told_in_the_chain_of_the_installation(world: World) -> None:
    many = ask_for_many([world.plan, world.other_plan], period="", format="pdf", data=False)
    jobs.start(actor=world.users[Role.ADMIN], ask=many)
    event = AuditEvent.objects.get(action="export.start")
    assert (event.chain, event.after["agencies"]) == ("-", sorted([world.agency.slug, world.other.slug]))


def test_start_refuses_more_than_a_person_may_wait_for(world: World) -> None:
    clerk = world.users[Role.CLERK]
    periods = [("round1", "pdf"), ("round1", "xlsx"), ("round2", "pdf"), ("round2", "xlsx")]
    for period, suffix in periods:
        report = ask_for_report(world.plan, period=period, layout="", format=suffix, allow_partial=False)
        jobs.start(actor=clerk, ask=report)
    jobs.start(actor=clerk, ask=ask_for_many([world.plan], period="annual", format="", data=True))
    one_more = ask_for_many([world.plan], period="plan", format="", data=True)
    with pytest.raises(DomainError, match="5 แฟ้ม"):
        jobs.start(actor=clerk, ask=one_more)
    assert jobs.start(actor=world.users[Role.HEAD], ask=one_more).state == ExportState.QUEUED


def test_fingerprint_tells_asks_apart(world: World) -> None:
    def report(**changes: object) -> str:
        values = {"period": "round1", "layout": "", "format": "pdf", "allow_partial": False} | changes
        return ask_for_report(world.plan, **values).fingerprint

    changed = [{}, {"period": "round2"}, {"format": "xlsx"}, {"allow_partial": True}]
    assert len({report(**change) for change in changed}) == len(changed)
    assert Ask(ExportKind.REPORT, (world.other_plan,), "round1", "round-progress").fingerprint != report()
    assert report() == report()


def test_ask_is_named_for_people(world: World) -> None:
    both = [world.plan, world.other_plan]
    named = {
        ask_for_report(world.plan, period="round1", layout="", format="pdf", allow_partial=False): (
            f"รายงานรอบที่ ๑ ปีงบประมาณ 2566 {world.agency.name} (PDF)",
            "here-2566-round1.pdf",
        ),
        ask_for_many(both, period="", format="xlsx", data=False): (
            "รายงาน ปีงบประมาณ 2566 รวม 2 หน่วยงาน (Excel)",
            "2-agencies-2566-report.xlsx.zip",
        ),
        ask_for_many([world.plan], period="round2", format="pdf", data=True): (
            f"ตารางข้อมูลรอบที่ ๒ ปีงบประมาณ 2566 {world.agency.name} (Excel)",
            "data-here-2566-round2.xlsx",
        ),
    }
    assert {ask: (ask.label, ask.download_name) for ask in named} == named


def test_order_of_agencies_does_not_matter(world: World) -> None:
    there, back = (
        ask_for_many(plans, period="", format="pdf", data=False)
        for plans in ([world.plan, world.other_plan], [world.other_plan, world.plan])
    )
    assert there.fingerprint == back.fingerprint
    assert there.slugs == back.slugs == ["elsewhere", "here"]


def test_more_than_a_file_can_hold_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [world.plan, world.other_plan]
    monkeypatch.setattr(asking, "MAX_PLANS", 1)
    with pytest.raises(DomainError, match="2 หน่วยงาน"):
        ask_for_many(both, period="", format="pdf", data=False)
    monkeypatch.setattr(asking, "MAX_ROWS", 2)
    with pytest.raises(DomainError, match="3 รายการ"):
        ask_for_many(both, period="", format="pdf", data=True)
    with pytest.raises(DomainError, match="ไม่มีแผน"):
        ask_for_many([], period="", format="pdf", data=True)


def test_agency_without_a_form_has_no_report_to_ask_for(world: World) -> None:
    from reports.export import ExportError

    bare = factories.make_plan(layouts={})
    bare.layouts.all().delete()
    with pytest.raises(ExportError, match="ยังไม่ได้กำหนดแบบรายงาน"):
        ask_for_report(bare, period="round1", layout="", format="pdf", allow_partial=False)
