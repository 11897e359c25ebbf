"""The command and the pages: the five plans from the database, and a Thai answer to everything wrong."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from measures.domain.entries import save_entry
from measures.enums import Period, Role, Status
from measures.models import Plan
from measures.queries.snapshots import snapshot_for
from measures.snapshot import Snapshot
from measures.thai import fold
from reports.checks import layouts_load
from reports.compose import compose
from reports.export import ExportError, LeftoverError, PeriodError, export
from reports.layout import layouts
from tests.factories import World
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.reading import pdf_text, sheet_text


def without_ids(snapshot: Snapshot) -> Snapshot:
    """The snapshot with rows numbered from 1 in printed order, and divisions by nothing."""
    numbers = {item.id: number for number, item in enumerate(snapshot.work_items(), 1)}
    issues = {issue.id: number for number, issue in enumerate(snapshot.issues, 1)}

    def items(found: tuple) -> tuple:
        return tuple(replace(item, id=numbers[item.id], lead_division="", indicator=None) for item in found)

    return replace(
        snapshot,
        measures=tuple(
            replace(m, id=number, issue=m.issue and issues[m.issue], items=items(m.items))
            for number, m in enumerate(snapshot.measures, 1)
        ),
        issues=tuple(replace(i, id=issues[i.id], items=items(i.items)) for i in snapshot.issues),
        indicator_work=items(snapshot.indicator_work),
        oit_work=items(snapshot.oit_work),
        questions=(),
    )


def own_period(plan: Plan) -> Period:
    return Period(plan.layouts.all()[0].period)


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_plan_from_the_database_prints_what_the_fixture_says(db: None, five_plans: dict[str, Plan], slug: str) -> None:
    """Two readings of one file, the loader's and the oracle's, give one document."""
    plan = five_plans[slug]
    stored = snapshot_for(plan=plan, period=own_period(plan))
    assert without_ids(stored) == without_ids(snapshot_of(slug))
    assert (
        compose(stored, layouts()[stored.layout]).document
        == compose(snapshot_of(slug), layouts()[stored.layout]).document
    )


@pytest.mark.parametrize("format", ["pdf", "xlsx", "html"])
@pytest.mark.parametrize("slug", sorted(PLANS))
def test_command_writes_the_plans_own_report(
    db: None, five_plans: dict[str, Plan], tmp_path: Path, slug: str, format: str
) -> None:
    output = tmp_path / f"report.{format}"
    said = io.StringIO()
    call_command(
        "export_report",
        slug,
        f"--year={five_plans[slug].year}",
        f"--format={format}",
        f"--output={output}",
        stdout=said,
    )
    signature = {"pdf": b"%PDF", "xlsx": b"PK", "html": b"<!doctype html>"}[format]
    assert output.read_bytes().startswith(signature)
    assert [path.name for path in tmp_path.iterdir()] == [output.name]
    assert str(output) in said.getvalue()


def run(slug: str, output: Path, *options: str, year: str = "2563", format: str = "xlsx") -> str:
    """The message with which the command ends."""
    with pytest.raises(CommandError) as error:
        call_command("export_report", slug, f"--year={year}", f"--format={format}", f"--output={output}", *options)
    assert error.value.returncode == 1
    return str(error.value)


@pytest.mark.parametrize(
    ("slug", "options", "year", "format", "words"),
    [
        ("nowhere", [], "2563", "pdf", "ไม่มีหน่วยงานรหัส “nowhere” ที่มีคือ arunnikhom"),
        ("yangsisurat", [], "2599", "pdf", "ไม่มีแผนของปีงบประมาณ “2599” ที่มีคือ 2563"),
        ("yangsisurat", [], "ปีนี้", "pdf", "ไม่มีแผนของปีงบประมาณ “ปีนี้”"),
        ("yangsisurat", ["--period=round3"], "2563", "pdf", "ไม่มีช่วงเวลา “round3” ที่มีคือ plan, round1"),
        ("yangsisurat", ["--period=plan"], "2563", "pdf", "ไม่ได้ทำไว้สำหรับแผนมาตรการ ใช้ได้กับ: รอบที่ ๑ รอบที่ ๒"),
        ("yangsisurat", ["--layout=none"], "2563", "pdf", "ไม่มีแบบรายงาน “none” ที่มีคือ analysis-plan"),
        ("yangsisurat", [], "2563", "odt", "ไม่มีแฟ้มแบบ “odt” ที่มีคือ pdf"),
        ("yangsisurat", ["--layout=six-month-issues"], "2563", "pdf", "ไม่มีที่พิมพ์ ๖๘ รายการ:\n- มาตรการ ๑. มาตรการ"),
    ],
)
def test_command_answers_in_thai_and_writes_nothing(
    db: None, five_plans: object, tmp_path: Path, slug: str, options: list[str], year: str, format: str, words: str
) -> None:
    assert words in run(slug, tmp_path / "out.pdf", *options, year=year, format=format)
    assert list(tmp_path.iterdir()) == []


def test_command_keeps_the_old_file_when_it_cannot_write(db: None, five_plans: object, tmp_path: Path) -> None:
    assert "ไม่ได้" in run("yangsisurat", tmp_path / "no" / "folder.xlsx")
    assert "ไม่ได้" in run("yangsisurat", tmp_path)
    assert "ไม่ได้" in run("yangsisurat", tmp_path / ("ก" * 300))
    assert list(tmp_path.iterdir()) == []


def test_command_says_when_the_place_takes_no_files(db: None, five_plans: object) -> None:
    assert "เขียนแฟ้ม" in run("yangsisurat", Path("/proc/out.xlsx"))  # not even root's


def test_command_writes_in_part_only_when_told(db: None, five_plans: object, tmp_path: Path) -> None:
    output = tmp_path / "part.xlsx"
    arguments = ["yangsisurat", "--year=๒๕๖๓", "--layout=six-month-issues", "--format=xlsx", f"--output={output}"]
    call_command("export_report", *arguments, "--allow-partial", stdout=io.StringIO())
    assert load_workbook(output).sheetnames == ["ตาราง ๑", "ข้อมูล"]


def test_layout_chosen_without_a_period_takes_its_own(db: None, five_plans: object, tmp_path: Path) -> None:
    output = tmp_path / "year.xlsx"
    arguments = ["yangsisurat", "--year=2563", "--layout=annual-oit", "--format=xlsx", f"--output={output}"]
    call_command("export_report", *arguments, stdout=io.StringIO())
    assert fold("สรุปผลการดำเนินการตามมาตรการหรือกิจกรรม") in sheet_text(output.read_bytes())


def test_export_names_every_leftover_and_refuses_the_wrong_period() -> None:
    snapshot = snapshot_of("mueangkhong")
    with pytest.raises(PeriodError, match="ไม่ได้ทำไว้สำหรับทั้งปี"):
        export(snapshot, layouts()["round-progress"], "xlsx")
    with pytest.raises(LeftoverError) as error:
        export(replace(snapshot, period="round1"), layouts()["round-progress"], "xlsx")
    assert len(str(error.value).splitlines()) == 1 + 51
    assert "- ข้อ o๔๓ การดำเนินการตามมาตรการ" in str(error.value)
    assert export(replace(snapshot, period="round1"), layouts()["round-progress"], "html", allow_partial=True)
    with pytest.raises(ExportError, match="ไม่มีแฟ้มแบบ"):
        export(snapshot, layouts()["annual-oit"], "odt")


def test_check_names_a_layout_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert layouts_load(None) == []
    (tmp_path / "bad.toml").write_text('key = "bad"\nnmae = "x"\n')
    monkeypatch.setattr("reports.checks.layouts", lambda: layouts(tmp_path))
    assert next(error.msg for error in layouts_load(None)).startswith("แบบรายงาน bad.toml: nmae: ")


@pytest.fixture
def clerk(world: World) -> Client:
    client = Client()
    client.force_login(world.users[Role.CLERK])
    return client


def address(world: World, name: str, *more: str) -> str:
    return reverse(name, args=(world.plan.agency.slug, world.plan.year, *more))


def get(client: Client, url: str, **query: str) -> Any:
    return client.get(url, query)


def test_change_of_an_item_is_in_preview_pdf_and_excel(world: World, clerk: Client, tmp_path: Path) -> None:
    text = "ดำเนินการแล้วเมื่อวันที่ 1 <b>ผู้รับผิดชอบ</b> =HYPERLINK(1)"
    save_entry(
        actor=world.users[Role.STAFF],
        item=world.item,
        round_=world.plan.rounds.get(number=1),
        expected_version=0,
        status=Status.DONE,
        result=text,
        outcome="",
    )
    shown = fold(text)
    page = get(clerk, address(world, "report_preview", "round1"))
    assert "&lt;b&gt;ผู้รับผิดชอบ&lt;/b&gt;" in page.content.decode()
    pdf = get(clerk, address(world, "report_file", "round1", "pdf"))
    assert shown in fold(pdf_text(pdf.content, tmp_path))
    excel = get(clerk, address(world, "report_file", "round1", "xlsx"))
    assert shown in sheet_text(excel.content)
    assert excel["Content-Type"].endswith("spreadsheetml.sheet")
    assert excel["Content-Disposition"].startswith("attachment;")


def test_form_leads_to_the_period_and_layout_chosen(world: World, clerk: Client) -> None:
    chosen = get(clerk, address(world, "reports"), period="annual", layout="annual-oit")
    assert (chosen.status_code, chosen["Location"]) == (
        302,
        address(world, "report_preview", "annual") + "?layout=annual-oit",
    )
    page = get(clerk, chosen["Location"]).content.decode()
    assert "ทั้งปี ปีงบประมาณ" in page
    assert '<option value="annual-oit" selected>' in page


def test_page_offers_the_periods_that_the_plan_has(world: World, clerk: Client) -> None:
    page = get(clerk, address(world, "reports")).content.decode()
    assert [value for value in ("plan", "round1", "round2", "annual") if f'<option value="{value}"' in page] == [
        "plan",
        "round1",
        "round2",
        "annual",
    ]
    assert '<option value="round1" selected>' in page
    assert 'class="report"' in page


def test_wrong_form_for_the_period_is_told_and_no_file_offered(world: World, clerk: Client) -> None:
    page = get(clerk, address(world, "report_preview", "plan"), layout="round-progress")
    assert page.status_code == 400
    assert "ไม่ได้ทำไว้สำหรับแผนมาตรการ" in page.content.decode()
    assert ".pdf" not in page.content.decode()
    assert get(clerk, address(world, "report_file", "plan", "pdf"), layout="round-progress").status_code == 400


def test_leftovers_are_named_and_the_file_is_refused_unless_asked_for_in_part(world: World, clerk: Client) -> None:
    form = {"layout": "six-month-issues"}
    page = get(clerk, address(world, "report_preview", "round1"), **form)
    assert "มาตรการทดสอบ" in page.content.decode()
    assert "(ไม่ครบ)" in page.content.decode()
    url = address(world, "report_file", "round1", "xlsx")
    refused = get(clerk, url, **form)
    assert (refused.status_code, refused["Content-Type"]) == (409, "text/html; charset=utf-8")
    assert get(clerk, url, **form, partial="1").status_code == 200


@pytest.mark.parametrize(
    ("name", "more", "query"),
    [
        ("report_preview", ["round3"], {}),
        ("report_preview", ["round1"], {"layout": "none"}),
        ("report_file", ["round1", "exe"], {}),
        ("reports", [], {"period": "never"}),
    ],
)
def test_what_does_not_exist_is_404(world: World, clerk: Client, name: str, more: list[str], query: dict) -> None:
    assert get(clerk, address(world, name, *more), **query).status_code == 404


@pytest.mark.parametrize("options", [["--archival"], ["--accessible"], ["--archival", "--accessible"]])
def test_command_writes_archival_and_accessible_pdf(
    db: None, five_plans: dict[str, Plan], tmp_path: Path, options: list[str]
) -> None:
    output = tmp_path / "report.pdf"
    call_command("export_report", "krathok", "--year=2566", "--format=pdf", f"--output={output}", *options)
    content = output.read_bytes()
    assert (b"pdfaid:part>3<" in content) == ("--archival" in options)
    assert (b"pdfuaid:part>1<" in content) == ("--accessible" in options)


def test_archive_of_anything_but_pdf_is_refused(db: None, five_plans: object, tmp_path: Path) -> None:
    assert "มีเฉพาะ PDF" in run("yangsisurat", tmp_path / "report.xlsx", "--archival")
