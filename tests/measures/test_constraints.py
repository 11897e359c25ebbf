"""What must never break is refused by the database itself, on SQLite and PostgreSQL alike."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from measures import triggers
from measures.enums import Role
from measures.models import (
    AuditEvent,
    Framework,
    IssuePoint,
    Measure,
    Membership,
    ProgressEntry,
    Round,
    Score,
    SubIndicator,
    WorkItem,
)
from tests import factories
from tests.factories import World

Attempt = Callable[[World], object]


def _foreign(world: World) -> Framework:
    return Framework.objects.filter(year=2565).first() or factories.make_framework(2565)


def _entry_of_other_round(world: World) -> object:
    return ProgressEntry.objects.create(work_item=world.item, round=factories.round_of(world.other_plan))


def _point_of_other_framework(world: World) -> object:
    issue = world.plan.issues.create(position=1, text="ประเด็น")
    return IssuePoint.objects.create(issue=issue, position=1, question=_foreign(world).questions.get())


ATTEMPTS: dict[str, Attempt] = {
    "item_of_two_targets": lambda w: WorkItem.objects.create(
        plan=w.plan, position=90, measure=w.item.measure, indicator=w.plan.framework.indicators.first()
    ),
    "item_of_no_target": lambda w: WorkItem.objects.create(plan=w.plan, position=90),
    "item_of_another_plans_measure": lambda w: WorkItem.objects.create(
        plan=w.plan, position=90, measure=w.other_item.measure
    ),
    "item_moved_to_another_plans_measure": lambda w: WorkItem.objects.filter(pk=w.item.pk).update(
        measure=w.other_item.measure
    ),
    "item_of_another_years_oit_item": lambda w: WorkItem.objects.create(
        plan=w.plan, position=90, oit_item=_foreign(w).oit_items.first()
    ),
    "item_of_another_years_indicator": lambda w: WorkItem.objects.create(
        plan=w.plan, position=90, indicator=_foreign(w).indicators.first()
    ),
    "item_led_by_another_agency": lambda w: WorkItem.objects.filter(pk=w.item.pk).update(
        lead_division=w.other.divisions.first()
    ),
    "item_supported_by_another_agency": lambda w: w.item.supporting_divisions.add(w.other.divisions.first()),
    "item_ends_before_it_starts": lambda w: WorkItem.objects.filter(pk=w.item.pk).update(
        starts=date(2023, 2, 1), ends=date(2023, 1, 1)
    ),
    "measure_of_another_plans_issue": lambda w: Measure.objects.filter(pk=w.item.measure_id).update(
        issue=w.other_plan.issues.create(position=1, text="ประเด็น")
    ),
    "measure_moved_to_another_plan": lambda w: Measure.objects.filter(pk=w.item.measure_id).update(plan=w.other_plan),
    "plan_moved_to_another_agency": lambda w: type(w.plan).objects.filter(pk=w.plan.pk).update(agency=w.other),
    "round_moved_to_another_plan": lambda w: Round.objects.filter(plan=w.plan).update(plan=w.other_plan),
    "entry_of_another_plans_round": _entry_of_other_round,
    "entry_with_an_invented_status": lambda w: ProgressEntry.objects.create(
        work_item=w.item, round=factories.round_of(w.plan), status="ALMOST"
    ),
    "point_of_another_years_question": _point_of_other_framework,
    "score_of_another_years_question": lambda w: Score.objects.create(
        agency=w.agency, framework=w.plan.framework, question=_foreign(w).questions.get(), value=1
    ),
    "score_over_a_hundred": lambda w: Score.objects.create(agency=w.agency, framework=w.plan.framework, value=101),
    "sub_indicator_of_another_year": lambda w: SubIndicator.objects.create(
        framework=w.plan.framework, indicator=_foreign(w).indicators.first(), position=9, code="9.9", name="ก"
    ),
    "membership_in_another_agencys_division": lambda w: Membership.objects.create(
        user=w.users[Role.STAFF], role=Role.STAFF, agency=w.agency, division=w.other.divisions.first()
    ),
    "staff_without_a_division": lambda w: Membership.objects.create(
        user=w.users[Role.STAFF], role=Role.STAFF, agency=w.agency
    ),
    "third_round": lambda w: Round.objects.create(
        plan=w.plan, number=3, starts=date(2023, 4, 1), ends=date(2023, 9, 30)
    ),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_database_refuses(name: str, world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ATTEMPTS[name](world)
        # PostgreSQL checks deferred foreign keys at the end; everything here is refused before that.


def test_one_chosen_score_for_a_target(world: World) -> None:
    question = world.plan.framework.questions.get()
    for chosen in (False, False, True):
        Score.objects.create(
            agency=world.agency, framework=world.plan.framework, question=question, value=70, chosen=chosen
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(
            agency=world.agency, framework=world.plan.framework, question=question, value=71, chosen=True
        )


def test_one_item_for_an_oit_item_and_an_indicator(world: World) -> None:
    for target in (world.plan.framework.oit_items.first(), world.plan.framework.indicators.first()):
        assert target is not None
        factories.make_item(world.plan, target=target)
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.make_item(world.plan, target=target)


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {triggers.AUDIT} SET actor_label = 'x'",
        f"DELETE FROM {triggers.AUDIT}",
    ],
)
def test_audit_trail_refuses_change(statement: str, world: World) -> None:
    assert AuditEvent.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_audit_trail_refuses_replacement_and_truncation(world: World) -> None:
    if connection.vendor == "sqlite":
        columns = ", ".join(field.column for field in AuditEvent._meta.fields)
        renamed = columns.replace("actor_label", "'x'")
        # Even a client that leaves recursive_triggers off, as the sqlite3 shell does.
        statement = f"INSERT OR REPLACE INTO {triggers.AUDIT} ({columns}) SELECT {renamed} FROM {triggers.AUDIT}"
    else:
        statement = f"TRUNCATE {triggers.AUDIT}"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_trigger_is_installed(db: None) -> None:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        held = {name.removesuffix("_insert").removesuffix("_update") for (name,) in cursor.fetchall()}
    expected = {name for name, _ in triggers.names()}
    if connection.vendor == "postgresql":
        expected.discard(f"{triggers.AUDIT}_no_replace")  # PostgreSQL has no REPLACE
    assert held == expected
