"""The five source documents as plans: counted as the facts count them, and loaded all or nothing."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Avg, Count, Q

from measures import snapshot
from measures.domain.audit import verify_chains
from measures.domain.errors import FileError
from measures.domain.plan_loading import load_plan
from measures.enums import Period, Status
from measures.models import (
    Agency,
    Caution,
    IssuePoint,
    Membership,
    Plan,
    ProgressEntry,
    Score,
    Step,
    WorkItem,
)
from measures.queries.snapshots import snapshot_for
from tests import factories

PLANS = settings.BASE_DIR / "fixtures" / "plans"
Plans = dict[str, Plan]


def _statuses(plan: Plan) -> dict[str | None, int]:
    rows = ProgressEntry.objects.filter(work_item__plan=plan).values_list("status").annotate(Count("id")).order_by()
    return dict(rows)


def test_000_has_68_items_over_71_steps_in_17_measures(db: None, five_plans: Plans) -> None:
    plan = five_plans["yangsisurat"]
    assert plan.measures.count() == 17
    assert plan.measures.values("indicator").distinct().count() == 10
    assert (plan.work_items.count(), Step.objects.filter(work_item__plan=plan).count()) == (68, 71)
    assert _statuses(plan) == {Status.NOT_STARTED: 19, Status.IN_PROGRESS: 2, Status.DONE: 45, None: 2}


def test_000_keeps_the_labels_of_its_lost_page(db: None, five_plans: Plans) -> None:
    steps = Step.objects.filter(
        work_item__plan=five_plans["yangsisurat"], work_item__measure__indicator__number=5
    ).order_by("work_item__position", "position")
    assert list(steps.values_list("label", flat=True)) == ["๑.", "๕.", "๖.", "๗.", "๘.", "๙.", "๑๐.", "๑๑.", "๑๒."]


def test_000_prints_the_cell_that_the_document_leaves_blank(db: None, five_plans: Plans) -> None:
    blank = ProgressEntry.objects.get(work_item__plan=five_plans["yangsisurat"], status=None, result="")
    assert blank.work_item.monitoring == ""
    assert blank.work_item.cautions.exists()


def test_001_has_6_issues_whose_status_is_unknown(db: None, five_plans: Plans) -> None:
    plan = five_plans["krathok"]
    assert (plan.issues.count(), plan.work_items.count()) == (6, 6)
    assert Step.objects.filter(work_item__plan=plan).count() == 24
    assert _statuses(plan) == {None: 6}
    points = IssuePoint.objects.filter(issue__plan=plan).values_list("question__code", "question__framework__year")
    assert list(points) == [("e12", 2565), ("e14", 2565), ("e15", 2565)]


def test_002_has_16_issue_rows_and_12_methods(db: None, five_plans: Plans) -> None:
    plan = five_plans["arunnikhom"]
    assert plan.issues.count() == 16
    assert plan.issues.filter(work_items__isnull=True).count() == 2
    assert plan.measures.count() == 4
    assert Step.objects.filter(work_item__measure__plan=plan).count() == 12
    scores = Score.objects.filter(agency=plan.agency).values_list("framework__year", "indicator__number", "value")
    assert {(year, number, str(value)) for year, number, value in scores} == {
        (2564, 2, "74.15"),
        (2564, 4, "83.37"),
        (2564, 6, "83.71"),
        (2564, 9, "78.79"),
    }


def test_003_has_51_ticked_boxes(db: None, five_plans: Plans) -> None:
    plan = five_plans["mueangkhong"]
    assert plan.work_items.aggregate(
        measures=Count("measure"), indicators=Count("indicator"), items=Count("oit_item")
    ) == {"measures": 3, "indicators": 8, "items": 43}
    assert _statuses(plan) == {Status.DONE: 51, None: 3}
    total = Score.objects.get(agency=plan.agency)
    assert (str(total.value), total.level) == ("92.58", "ผ่าน")


def test_004_has_101_points_of_88_questions_and_items(db: None, five_plans: Plans) -> None:
    plan = five_plans["bungmai"]
    points = IssuePoint.objects.filter(issue__plan=plan)
    assert (plan.issues.count(), points.count()) == (7, 101)
    assert points.aggregate(questions=Count("question", distinct=True), items=Count("oit_item", distinct=True)) == {
        "questions": 45,
        "items": 43,
    }
    assert Step.objects.filter(work_item__plan=plan).count() == 20
    zeros = points.filter(score=0).values_list("oit_item__code", flat=True)
    assert sorted(zeros) == ["o37", "o38", "o41", "o7"]


def test_004_scores_give_the_means_of_the_indicators(db: None, five_plans: Plans) -> None:
    agency = five_plans["bungmai"].agency
    disputed = Score.objects.filter(agency=agency, question__code__in=["e2", "e10"])
    assert sorted(str(value) for value in disputed.values_list("value", flat=True)) == [
        "100.00",
        "73.38",
        "73.88",
        "91.24",
    ]
    assert not disputed.filter(chosen=True).exists()
    means = (
        Score.objects.filter(Q(chosen=True), agency=agency, question__indicator__number__lte=5)
        .values_list("question__indicator__number")
        .annotate(mean=Avg("value"))
        .order_by("question__indicator__number")
    )
    assert [f"{mean:.2f}" for _, mean in means] == ["96.27", "90.97", "93.57", "90.97", "90.82"]


def test_the_slips_of_the_authors_are_on_the_record(db: None, five_plans: Plans) -> None:
    for slug, plan in five_plans.items():
        assert Caution.objects.filter(plan=plan).count() > 0, slug
    copied = Caution.objects.filter(plan=five_plans["arunnikhom"], printed__contains="รัษฎา")
    assert copied.count() == 1


def test_loading_leaves_whole_chains(db: None, five_plans: Plans) -> None:
    assert verify_chains() == []


@pytest.mark.parametrize("period", list(Period))
def test_a_snapshot_survives_json(db: None, five_plans: Plans, period: Period) -> None:
    for plan in five_plans.values():
        made = snapshot_for(plan=plan, period=period)
        assert snapshot.from_data(snapshot.to_data(made)) == made
        assert {item.id for item in made.work_items()} == set(plan.work_items.values_list("id", flat=True))


def test_a_snapshot_of_another_schema_is_refused(db: None, five_plans: Plans) -> None:
    data = snapshot.to_data(snapshot_for(plan=five_plans["krathok"], period=Period.ROUND1))
    with pytest.raises(ValueError, match="รุ่น 99"):
        snapshot.from_data(data | {"schema_version": 99})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[agency]\nslug", "[agency]\nslgu", r"krathok-2566\.toml: agency\.slgu: ไม่รู้จักคีย์นี้"),
        ("framework = 2566", "framework = 2500", r"krathok-2566\.toml: plan: ไม่มีเกณฑ์ ITA ปี 2500"),
        ('code = "e12"', 'code = "e99"', r"krathok-2566\.toml: question:e99 ไม่มีในเกณฑ์ ITA ปี 2565"),
        ('lead = "khlang"', 'lead = "nobody"', "lead/supporting = nobody ไม่มีใน divisions"),
    ],
)
def test_a_wrong_plan_file_names_file_and_key_and_writes_nothing(
    db: None, five_plans: Plans, tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = (PLANS / "krathok-2566.toml").read_text()
    assert old in text
    path = tmp_path / "krathok-2566.toml"
    path.write_text(
        text.replace('slug = "krathok"', 'slug = "second"')
        .replace(old, new)
        .replace('slgu = "krathok"', 'slgu = "second"')
    )
    with pytest.raises(FileError, match=message):
        load_plan(path=path)
    assert not Agency.objects.filter(slug="second").exists()


def test_load_demo_makes_an_account_for_each_role_and_agency(
    db: None, five_plans: Plans, settings: object, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    call_command("load_demo")
    assert Membership.objects.filter(agency=five_plans["krathok"].agency).count() == 0  # was there before the demo
    assert Membership.objects.filter(role="admin").get().user.username == "admin"
    assert (tmp_path / "demo_password").stat().st_mode & 0o777 == 0o600


def test_load_demo_needs_the_demo(db: None, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")


@pytest.mark.parametrize("items", [1, 60])
def test_a_snapshot_costs_the_same_for_one_item_and_for_many(
    db: None, django_assert_num_queries: object, items: int
) -> None:
    plan = factories.make_plan()
    for _ in range(items):
        factories.make_entry(factories.make_item(plan))
    fresh = Plan.objects.select_related("agency", "framework", "analysed").get(pk=plan.pk)
    with django_assert_num_queries(18):  # type: ignore[operator]
        made = snapshot_for(plan=fresh, period=Period.ROUND1)
    assert len(list(made.work_items())) == WorkItem.objects.filter(plan=plan).count() == items
