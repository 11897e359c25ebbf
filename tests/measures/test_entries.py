"""Saving an entry: nothing is lost, nothing is half-written, a closed round takes nothing."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from measures.domain import rounds
from measures.domain.entries import MAX_TEXT, EvidenceInput, save_entry
from measures.domain.errors import DomainError, RoundClosed, VersionConflict
from measures.enums import RoundState, Status
from measures.models import AuditEvent, ProgressEntry, StoredSnapshot
from measures.snapshot import content_hash
from tests import factories
from tests.factories import World


def test_save_entry_normalises_and_counts_versions(world: World) -> None:
    entry = factories.make_entry(world.item, result="ด\u0e4dาเนินการ\u200bแล้ว \r\n", outcome="")
    assert (entry.version, entry.result, entry.outcome) == (1, "ดำเนินการแล้ว", "")
    assert factories.make_entry(world.item, version=1).version == 2


def test_save_entry_keeps_the_unknown_status_unknown(world: World) -> None:
    assert factories.make_entry(world.item, status=None).status is None


def test_an_untouched_null_stays_null_and_a_blanked_text_is_blank(world: World) -> None:
    ProgressEntry.objects.create(work_item=world.item, round=factories.round_of(world.plan), result="ข้อความ")
    entry = factories.make_entry(world.item, result="", outcome="", version=1)
    assert (entry.result, entry.outcome) == ("", None)


def test_a_first_entry_keeps_the_two_kinds_of_empty(world: World) -> None:
    entry = factories.make_entry(world.item, result="", outcome="")
    assert (entry.result, entry.outcome) == ("", "")


def test_the_second_writer_sees_what_stands_and_overwrites_nothing(world: World) -> None:
    factories.make_entry(world.item, result="คนแรก")
    with pytest.raises(VersionConflict) as caught:
        factories.make_entry(world.item, result="คนที่สอง")
    assert caught.value.current is not None
    assert caught.value.current.result == "คนแรก"
    assert ProgressEntry.objects.get().result == "คนแรก"


def test_evidence_is_replaced_as_a_whole(world: World) -> None:
    links = [
        EvidenceInput("ประกาศ", "https://www.example.go.th/1", date(2023, 1, 5)),
        EvidenceInput("ภาพ", "http://x.th"),
    ]
    factories.make_entry(world.item, evidence=links)
    entry = factories.make_entry(world.item, evidence=links[1:], version=1)
    assert list(entry.evidence.values_list("position", "label", "url")) == [(1, "ภาพ", "http://x.th")]


@pytest.mark.parametrize(
    ("result", "evidence"),
    [
        ("ก" * (MAX_TEXT + 1), []),
        ("พอดี", [EvidenceInput("โจมตี", "javascript:alert(1)")]),
    ],
)
def test_a_refused_save_leaves_nothing(world: World, result: str, evidence: list[EvidenceInput]) -> None:
    events = AuditEvent.objects.count()
    with pytest.raises(DomainError):
        factories.make_entry(world.item, result=result, evidence=evidence)
    assert (ProgressEntry.objects.count(), AuditEvent.objects.count()) == (0, events)


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.CLOSED])
def test_a_round_that_is_not_open_takes_nothing(world: World, state: RoundState) -> None:
    stale = factories.round_of(world.plan)
    world.plan.rounds.filter(number=1).update(state=state)
    with pytest.raises(RoundClosed):
        save_entry(
            actor=None, item=world.item, round_=stale, expected_version=0, status=None, result="ช้าไป", outcome=None
        )
    assert not ProgressEntry.objects.exists()


def test_a_round_of_another_plan_is_refused(world: World) -> None:
    with pytest.raises(DomainError, match="ไม่ใช่ของแผนเดียวกับรายการ"):
        save_entry(
            actor=None,
            item=world.item,
            round_=factories.round_of(world.other_plan),
            expected_version=0,
            status=Status.DONE,
            result="",
            outcome=None,
        )


def test_closing_freezes_the_content_and_reopening_keeps_it(world: World) -> None:
    factories.make_entry(world.item, result="ก่อนปิด")
    first = rounds.close_round(actor=None, round_=factories.round_of(world.plan))
    with pytest.raises(DomainError, match="ปิดไม่ได้"):
        rounds.close_round(actor=None, round_=factories.round_of(world.plan))
    rounds.reopen_round(actor=None, round_=factories.round_of(world.plan), reason="แก้ข้อความ")
    factories.make_entry(world.item, result="หลังเปิดใหม่", version=1)
    second = rounds.close_round(actor=None, round_=factories.round_of(world.plan))
    assert [row.version for row in StoredSnapshot.objects.filter(plan=world.plan)] == [1, 2]
    assert "ก่อนปิด" in str(StoredSnapshot.objects.get(pk=first.pk).content)
    assert "หลังเปิดใหม่" in str(second.content)
    assert {first.sha256, second.sha256} == {content_hash(first.content), content_hash(second.content)}


def _together(writers: int, write: Callable[[int], None]) -> list[BaseException]:
    """Run `write` in as many threads at once; what they raised."""
    barrier, raised = threading.Barrier(writers), []

    def run(number: int) -> None:
        try:
            barrier.wait()
            write(number)
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("existing", [False, True])
def test_of_twenty_writers_one_wins_and_nineteen_are_told(existing: bool) -> None:
    item = factories.make_item(factories.make_plan())
    if existing:
        factories.make_entry(item, result="ต้นฉบับ")

    raised = _together(20, lambda n: factories.make_entry(item, result=f"คนที่ {n}", version=int(existing)) and None)

    assert [type(error) for error in raised] == [VersionConflict] * 19
    entry = ProgressEntry.objects.get()
    assert entry.version == 1 + existing
    assert AuditEvent.objects.filter(object_kind="progressentry").count() == 1 + existing


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_agency_keep_the_chain_whole() -> None:
    from measures.domain.audit import verify_chains

    plan = factories.make_plan()
    items = [factories.make_item(plan) for _ in range(8)]
    assert _together(8, lambda n: factories.make_entry(items[n]) and None) == []
    assert ProgressEntry.objects.count() == 8
    assert verify_chains() == []
