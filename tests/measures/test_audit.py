"""The audit trail: whole, per agency, and a hand edit is found."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from measures import triggers
from measures.domain.audit import verify_chains
from measures.models import AuditEvent
from tests import factories
from tests.factories import World


@pytest.fixture
def unguarded(world: World) -> World:
    """A world whose triggers are down, as for somebody with the database file in hand."""
    factories.make_entry(world.item)
    triggers.uninstall(connection)
    return world


def test_each_agency_has_a_chain_of_its_own(world: World) -> None:
    factories.make_entry(world.item)
    assert verify_chains() == []
    for chain in ("here", "elsewhere", "-"):
        sequences = AuditEvent.objects.filter(chain=chain).values_list("sequence", flat=True)
        assert list(sequences) == list(range(1, len(sequences) + 1))
        assert len(sequences) > 0


def test_a_save_is_recorded_with_before_and_after(world: World) -> None:
    first = factories.make_entry(world.item, result="ครั้งแรก")
    factories.make_entry(world.item, result="ครั้งที่สอง", version=1)
    event = AuditEvent.objects.filter(object_kind="progressentry", object_id=first.pk).last()
    assert event is not None
    assert (event.before or {})["result"] == "ครั้งแรก"
    assert (event.after or {})["result"] == "ครั้งที่สอง"


def test_an_edited_event_is_found(unguarded: World) -> None:
    event = AuditEvent.objects.filter(chain="here").latest("sequence")
    AuditEvent.objects.filter(pk=event.pk).update(after={"result": "แก้ย้อนหลัง"})
    assert verify_chains() == [f"สาย here ลำดับ {event.sequence}: เนื้อหาถูกแก้ไข"]


def test_a_deleted_event_is_found_in_the_middle_and_at_the_end(unguarded: World) -> None:
    AuditEvent.objects.filter(chain="here", sequence=2).delete()
    AuditEvent.objects.filter(chain="elsewhere").latest("sequence").delete()
    problems = verify_chains()
    assert "สาย here ลำดับ 3: ลำดับขาดหายก่อนหน้านี้" in problems
    assert "สาย elsewhere: ท้ายสายไม่ตรงกับที่บันทึกไว้ อาจมีรายการท้ายถูกลบ" in problems


def test_verify_audit_says_so(unguarded: World) -> None:
    call_command("verify_audit")
    AuditEvent.objects.filter(chain="here", sequence=1).update(actor_label="ผู้อื่น")
    with pytest.raises(CommandError, match="สาย here ลำดับ 1: เนื้อหาถูกแก้ไข"):
        call_command("verify_audit")
