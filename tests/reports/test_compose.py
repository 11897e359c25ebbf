"""compose: rows, merged cells, the three kinds of empty, headings and leftovers, told as trees."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from measures.snapshot import (
    EntryInfo,
    IndicatorInfo,
    IssueInfo,
    MeasureInfo,
    NarrativeInfo,
    OITItemInfo,
    PointInfo,
    Snapshot,
    StepInfo,
    SubIndicatorInfo,
    WorkItemInfo,
)
from reports.compose import Leftover, compose
from reports.document import Cell, Heading, Paragraph, Row, Table, Title
from reports.layout import Layout, layouts, load_layout
from tests.reports.plans import PLANS, snapshot_of

EMPTY = replace(
    snapshot_of("yangsisurat"),
    narratives=(),
    issues=(),
    measures=(),
    indicator_work=(),
    oit_work=(),
    analysed_year=None,
)


def item(number: int, *, steps: tuple[StepInfo, ...] = (), **texts: object) -> WorkItemInfo:
    values: dict = {"indicator": None, "oit_code": "", "monitoring": "", "responsible": "", "period": ""}
    return WorkItemInfo(**(values | {"id": number, "steps": steps, "lead_division": "", "entry": None} | texts))


def measure(number: int, items: tuple[WorkItemInfo, ...], **values: object) -> MeasureInfo:
    base: dict = {"indicator": 1, "issue": None, "label": f"{number}.", "text": f"มาตรการ {number}", "basis": ""}
    return MeasureInfo(**(base | {"id": number, "items": items} | values))


def issue(number: int, items: tuple[WorkItemInfo, ...] = (), **values: object) -> IssueInfo:
    base: dict = {"indicator": 1, "label": "", "text": f"ประเด็น {number}", "analysis": "", "points": ()}
    return IssueInfo(**(base | {"id": number, "items": items} | values))


def step(number: int) -> StepInfo:
    return StepInfo(f"{number}.", f"ขั้นตอน {number}")


@pytest.fixture
def layout(tmp_path: Path):
    """A layout of one table: rows, groups, and columns as (field, spans)."""

    def make(rows: str, *columns: tuple[str, str], groups: str = "", extra: str = "") -> Layout:
        shares = [100 // len(columns)] * (len(columns) - 1)
        shares.append(100 - sum(shares))
        parts = [f'key = "t"\nname = "ท"\nperiods = ["plan"]\n[[blocks]]\nkind = "table"\nrows = "{rows}"\n{extra}']
        if groups:
            parts.append(f"groups = {groups.split()!r}")
        for (field, spans), share in zip(columns, shares, strict=True):
            parts.append(
                f'[[blocks.columns]]\nlabel = "{field}"\nfield = "{field}"\nspans = "{spans}"\nwidth = {share}'
            )
        path = tmp_path / "t.toml"
        path.write_text("\n".join(parts), encoding="utf-8")
        return load_layout(path)

    return make


def grid(snapshot: Snapshot, layout: Layout) -> list[list[object]]:
    """The cells of the only table: text and rowspan, or None where a cell above reaches down."""
    (table,) = [block for block in compose(snapshot, layout).document.blocks if isinstance(block, Table)]
    return [[cell and ("\n".join(cell.paragraphs), cell.rowspan) for cell in row.cells] for row in table.rows]


def test_steps_and_items_are_runs_that_may_cross(layout) -> None:
    """Item 1 reaches over three steps; item 3 has no step of its own and shares the one above."""
    snapshot = replace(
        EMPTY,
        measures=(
            measure(
                1,
                (
                    item(1, steps=(step(1), step(2), step(3)), monitoring="ก"),
                    item(2, steps=(step(4),), monitoring="ข"),
                    item(3, monitoring="ค"),
                ),
            ),
        ),
    )
    form = layout(
        "measure_steps", ("measure_heading", "measure"), ("step", "step"), ("monitoring", "item"), groups="measure"
    )
    assert grid(snapshot, form) == [
        [("๑. มาตรการ ๑", 5), ("๑. ขั้นตอน ๑", 1), ("ก", 3)],
        [None, ("๒. ขั้นตอน ๒", 1), None],
        [None, ("๓. ขั้นตอน ๓", 1), None],
        [None, ("๔. ขั้นตอน ๔", 2), ("ข", 1)],
        [None, None, ("ค", 1)],
    ]


def test_three_kinds_of_empty(layout) -> None:
    """None merges with the cell above, '' is blank, equal texts stay apart; no merge leaves its group."""
    snapshot = replace(
        EMPTY,
        measures=(
            measure(1, (item(1, responsible="กองคลัง"), item(2, responsible=None), item(3, responsible=""))),
            measure(2, (item(4, responsible=None), item(5, responsible="กองคลัง"), item(6, responsible="กองคลัง"))),
        ),
    )
    form = layout("measure_items", ("responsible", ""), groups="measure")
    assert grid(snapshot, form) == [[("กองคลัง", 2)], [None], [("", 1)], [("", 1)], [("กองคลัง", 1)], [("กองคลัง", 1)]]


def test_none_merges_over_the_whole_table_without_groups(layout) -> None:
    snapshot = replace(EMPTY, measures=(measure(1, (item(1, period="ทั้งปี"),)), measure(2, (item(2, period=None),))))
    assert grid(snapshot, layout("measure_items", ("period", ""))) == [[("ทั้งปี", 2)], [None]]


def test_item_nobody_reported_on_is_blank_and_null_result_merges(layout) -> None:
    entries = (EntryInfo(1, "DONE", "ผล", None), EntryInfo(1, None, None, None), None)
    items = tuple(item(number, entry=entry) for number, entry in enumerate(entries, 1))
    snapshot = replace(EMPTY, measures=(measure(1, items),))
    assert grid(snapshot, layout("measure_items", ("result", ""), groups="measure")) == [[("ผล", 2)], [None], [("", 1)]]


def test_groups_nest_and_repeat_only_as_runs(layout) -> None:
    snapshot = replace(
        EMPTY,
        measures=(
            measure(1, (item(1), item(2))),
            measure(2, (item(3),)),
            measure(3, (item(4),), indicator=2),
            measure(4, (item(5),)),
        ),
    )
    form = layout(
        "measure_items",
        ("indicator_heading", "indicator"),
        ("measure_heading", "measure"),
        ("monitoring", ""),
        groups="indicator measure",
    )
    first, second = "ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่", "ตัวชี้วัดที่ ๒ การใช้งบประมาณ"
    assert grid(snapshot, form) == [
        [(first, 3), ("๑. มาตรการ ๑", 2), ("", 1)],
        [None, None, ("", 1)],
        [None, ("๒. มาตรการ ๒", 1), ("", 1)],
        [(second, 1), ("๓. มาตรการ ๓", 1), ("", 1)],
        [(first, 1), ("๔. มาตรการ ๔", 1), ("", 1)],
    ]


def test_group_cells_repeat_on_the_next_page_and_others_do_not(layout) -> None:
    snapshot = replace(EMPTY, measures=(measure(1, (item(1, monitoring="ก"),)),))
    form = layout("measure_items", ("measure", "measure"), ("monitoring", ""), groups="measure")
    (table,) = compose(snapshot, form).document.blocks
    assert isinstance(table, Table)
    cells = Cell(("มาตรการ ๑",), 1, repeats=True), Cell(("ก",), 1, repeats=False)
    assert table.rows == (Row(cells, "ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่"),)


def test_issue_without_items_is_blank_and_merges_upward(layout) -> None:
    two = (
        item(2, steps=(step(2),), responsible="ทุกกอง", monitoring="ติดตาม"),
        item(3, steps=(StepInfo("", "อีกข้อ"),), responsible="พัสดุ", monitoring="รายงาน"),
    )
    snapshot = replace(
        EMPTY,
        issues=(
            issue(1, (item(1, steps=(step(1),), responsible="จนท.", monitoring="ทุกครั้ง"),)),
            issue(2),
            issue(3, two, indicator=2),
        ),
    )
    form = layout(
        "indicator_issues",
        ("indicator_heading", "indicator"),
        ("issue", ""),
        ("steps", ""),
        ("responsible", ""),
        ("monitoring", ""),
        groups="indicator",
    )
    assert [row[1:] for row in grid(snapshot, form)] == [
        [("ประเด็น ๑", 1), ("๑. ขั้นตอน ๑", 1), ("จนท.", 2), ("ทุกครั้ง", 2)],
        [("ประเด็น ๒", 1), ("", 1), None, None],
        [("ประเด็น ๓", 1), ("๒. ขั้นตอน ๒\nอีกข้อ", 1), ("ทุกกอง\nพัสดุ", 1), ("ติดตาม\nรายงาน", 1)],
    ]


def test_indicator_heading_opens_its_first_issue(layout) -> None:
    indicators = (replace(EMPTY.indicators[0], heading="เครื่องมือ IIT\nตัวชี้วัดที่ 1"), *EMPTY.indicators[1:])
    points = (PointInfo("e12", "ปรับปรุงวิธีการ", None), PointInfo("o4", "แผน", None))
    issues = (issue(1, (item(1),)), issue(2, (item(2),), label="-"), issue(3, text="", points=points, indicator=2))
    form = layout("issue_items", ("issue_with_indicator", "issue"), groups="issue")
    assert grid(replace(EMPTY, indicators=indicators, issues=issues), form) == [
        [("เครื่องมือ IIT\nตัวชี้วัดที่ ๑\nประเด็น ๑", 1)],
        [("- ประเด็น ๒", 1)],
        [("ตัวชี้วัดที่ ๒ การใช้งบประมาณ\nE๑๒ ปรับปรุงวิธีการ\nO๔ แผน", 1)],
    ]


def test_points_have_their_own_rows_and_everything_else_spans_the_issue(layout) -> None:
    points = (PointInfo("i1", "ข้อหนึ่ง", Decimal("92.5")), PointInfo("o7", "ข่าว", Decimal("0.00")))
    snapshot = replace(
        EMPTY,
        issues=(issue(7, (item(1, steps=(step(1), step(2)), period="ไตรมาส 2"),), label="1.", points=points),),
        measures=(measure(1, (), issue=7, label="-"), measure(2, (), issue=7, label="-"), measure(3, (), issue=None)),
    )
    form = layout(
        "issue_points",
        ("issue_heading", "issue"),
        ("point", ""),
        ("score", ""),
        ("measures", "issue"),
        ("steps", "issue"),
        ("period", "issue"),
        groups="issue",
    )
    spanning = [("- มาตรการ ๑\n- มาตรการ ๒", 2), ("๑. ขั้นตอน ๑\n๒. ขั้นตอน ๒", 2), ("ไตรมาส ๒", 2)]
    assert grid(snapshot, form) == [
        [("๑. ประเด็น ๗", 2), ("i๑ ข้อหนึ่ง", 1), ("๙๒.๕๐", 1), *spanning],
        [None, ("o๗ ข่าว", 1), ("๐", 1), None, None, None],
    ]


@pytest.mark.parametrize(
    ("status", "lines"),
    [
        ("NOT_STARTED", ["☑ ยังไม่ได้ดำเนินการ", "☐ ดำเนินการ"]),
        ("DONE", ["☐ ยังไม่ได้ดำเนินการ", "☑ ดำเนินการ"]),
        ("IN_PROGRESS", ["☐ ยังไม่ได้ดำเนินการ", "☐ ดำเนินการ", "อยู่ระหว่างดำเนินการ"]),
        ("NOT_APPLICABLE", ["☐ ยังไม่ได้ดำเนินการ", "☐ ดำเนินการ", "ไม่เกี่ยวข้อง"]),
        (None, ["☐ ยังไม่ได้ดำเนินการ", "☐ ดำเนินการ"]),
    ],
)
def test_boxes_tick_by_status(layout, status: str | None, lines: list[str]) -> None:
    snapshot = replace(EMPTY, indicator_work=(item(1, indicator=1, entry=EntryInfo(1, status, "- ผล", None)),))
    assert grid(snapshot, layout("indicator_items", ("boxes_and_result", ""))) == [[("\n".join([*lines, "- ผล"]), 1)]]


def oit_snapshot(*items: tuple[str, str, str, str | None]) -> Snapshot:
    """OIT items of (code, sub-indicator, group, group heading), each with a work item."""
    infos = tuple(OITItemInfo(c, f"ชื่อ {c}", sub, group, h, ("หนึ่ง", "สอง"), None) for c, sub, group, h in items)
    work = tuple(item(number, oit_code=code) for number, (code, *_) in enumerate(items, 1))
    subs = (
        SubIndicatorInfo("9.1", 9, "พื้นฐาน", ""),
        SubIndicatorInfo("9.2", 9, "บริหาร", "ตัวชี้วัดย่อยที่ 9.2 ตามที่พิมพ์"),
        SubIndicatorInfo("9.5", 9, "โปร่งใส", None),
    )
    return replace(EMPTY, sub_indicators=subs, oit_items=infos, oit_work=work)


def test_headings_break_the_table_and_suppressed_ones_do_not(layout) -> None:
    snapshot = oit_snapshot(
        ("o1", "9.1", "ก", ""),
        ("o2", "9.1", "ข", ""),
        ("o3", "9.2", "ค", ""),
        ("o4", "9.2", "ง", ""),
        ("o5", "9.5", "จ", None),
        ("o6", "9.5", "ฉ", "ฉ ตามที่พิมพ์"),
        ("o7", "9.5", "ฉ", None),
    )
    form = layout("oit_items", ("oit_code", ""), extra='headings = ["sub_indicator", "oit_group"]')
    blocks = compose(snapshot, form).document.blocks
    told = [
        [row.cells[0].paragraphs[0] for row in block.rows if row.cells[0]]
        if isinstance(block, Table)
        else (block.text, block.level)
        for block in blocks
        if isinstance(block, Table | Heading)
    ]
    assert told == [
        ["o๑", "o๒"],
        ("ตัวชี้วัดย่อยที่ ๙.๒ ตามที่พิมพ์", 2),
        ["o๓", "o๔"],
        ("ตัวชี้วัดย่อยที่ ๙.๕ โปร่งใส", 2),
        ("จ", 3),
        ["o๕"],
        ("ตัวชี้วัดย่อยที่ ๙.๕ โปร่งใส (ต่อ)", 2),
        ("ฉ ตามที่พิมพ์", 3),
        ["o๖", "o๗"],
    ]


def test_elements_have_dashes_unless_the_agency_prints_its_own(layout) -> None:
    snapshot = oit_snapshot(("o1", "9.1", "ก", ""), ("o2", "9.1", "ก", ""))
    own = replace(snapshot.oit_items[1], elements_text="แสดง\n(1) ข้อเดียว")
    snapshot = replace(snapshot, oit_items=(snapshot.oit_items[0], own))
    assert grid(snapshot, layout("oit_items", ("oit_elements", ""))) == [
        [("- หนึ่ง\n- สอง", 1)],
        [("แสดง\n(๑) ข้อเดียว", 1)],
    ]


def test_basis_opens_the_first_item_of_its_measure(layout) -> None:
    items = (item(1, steps=(step(1),)), item(2, steps=(step(2),)))
    snapshot = replace(EMPTY, measures=(measure(1, items, basis="จากผลการประเมิน"),))
    form = layout("measure_items", ("measure_number", "measure"), ("basis_and_steps", ""), groups="measure")
    assert grid(snapshot, form) == [
        [("๑", 2), ("จากผลการประเมิน\n๑. ขั้นตอน ๑", 1)],
        [None, ("๒. ขั้นตอน ๒", 1)],
    ]


def test_score_follows_the_indicator_where_there_is_one(layout) -> None:
    indicators = (
        IndicatorInfo(1, "IIT", "ก", None, "", "คะแนนเฉลี่ย", Decimal("74.155")),
        IndicatorInfo(2, "IIT", "ข", None, "", "คะแนนเฉลี่ย", None),
    )
    snapshot = replace(EMPTY, indicators=indicators, issues=(issue(1), issue(2, indicator=2)))
    assert grid(snapshot, layout("indicator_issues", ("indicator_with_score", "indicator"), groups="indicator")) == [
        [("ตัวชี้วัดที่ ๑ ก คะแนนเฉลี่ย ๗๔.๑๖", 1)],
        [("ตัวชี้วัดที่ ๒ ข", 1)],
    ]


def test_digits_follow_the_switch_in_every_text() -> None:
    form = layouts()["round-progress"]
    snapshot = replace(
        snapshot_of("yangsisurat"),
        narratives=(NarrativeInfo("preamble", "paragraph", "ปี 2563 ดู https://a.go.th/12 โควิด COVID-19 และ o12"),),
    )
    thai = compose(snapshot, form).document
    arabic = compose(replace(snapshot, thai_digits=False), form).document
    assert Paragraph("ปี ๒๕๖๓ ดู https://a.go.th/12 โควิด COVID-19 และ o๑๒") in thai.blocks
    assert thai.blocks[0] == Title(
        (
            "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
            "ขององค์การบริหารส่วนตำบลยางสีสุราช ประจำปีงบประมาณ พ.ศ.๒๕๖๓",
            "(รอบ ๑ ตุลาคม ๒๕๖๒ – ๓๑ มีนาคม ๒๕๖๓)",
        )
    )
    assert not set("๐๑๒๓๔๕๖๗๘๙") & set(repr(arabic))


def test_control_characters_do_not_reach_the_document() -> None:
    texts = (NarrativeInfo("preamble", "paragraph", "ก\x00ข\x0bค\ud800\u200bง"),)
    document = compose(replace(snapshot_of("yangsisurat"), narratives=texts), layouts()["round-progress"]).document
    assert Paragraph("กขคง") in document.blocks


def test_table_without_rows_says_so() -> None:
    document = compose(EMPTY, layouts()["six-month-issues"]).document
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert table.rows == (Row((Cell(("-",)),) * 5),)


@pytest.mark.parametrize("key", sorted(layouts()))
@pytest.mark.parametrize("slug", sorted(PLANS))
def test_every_plan_composes_in_every_layout_and_names_what_has_no_place(slug: str, key: str) -> None:
    snapshot = snapshot_of(slug)
    composed = compose(snapshot, layouts()[key])
    kinds = {
        "round-progress": {"measure"},
        "six-month-issues": {"issue"},
        "analysis-plan": {"measure", "issue"},
        "annual-oit": {"measure", "indicator", "oit"},
        "question-analysis": {"issue"},
    }[key]
    placed = {
        "measure": [item for measure in snapshot.measures for item in measure.items],
        "issue": [item for issue in snapshot.issues for item in issue.items],
        "indicator": list(snapshot.indicator_work),
        "oit": list(snapshot.oit_work),
    }
    expected = [item.id for kind, items in placed.items() if kind not in kinds for item in items]
    assert [leftover.id for leftover in composed.leftovers] == expected
    assert all(leftover.text.strip() for leftover in composed.leftovers)


def test_no_plan_has_leftovers_in_its_own_layout() -> None:
    for slug in PLANS:
        snapshot = snapshot_of(slug)
        assert compose(snapshot, layouts()[snapshot.layout]).leftovers == (), slug


def test_leftovers_are_told_by_what_they_hang_on() -> None:
    snapshot = replace(
        oit_snapshot(("o1", "9.1", "ก", "")),
        measures=(measure(1, (item(11),)),),
        issues=(issue(1, (item(12),)),),
        indicator_work=(item(13, indicator=2),),
    )
    found = compose(snapshot, layouts()["six-month-issues"]).leftovers
    assert found == (
        Leftover(11, "มาตรการ 1. มาตรการ 1"),
        Leftover(13, "ตัวชี้วัดที่ 2 การใช้งบประมาณ"),
        Leftover(1, "ข้อ o1 ชื่อ o1"),
    )
