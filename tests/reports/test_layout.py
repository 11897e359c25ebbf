"""Layouts: every file loads, a sixth needs no Python, and a typo is an error that names file and key."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.compose import compose
from reports.document import Table, Title
from reports.fields import FIELDS, Kind
from reports.layout import DIRECTORY, LayoutError, layouts, load_layout
from tests.reports.plans import snapshot_of

FIVE = {"analysis-plan", "annual-oit", "question-analysis", "round-progress", "six-month-issues"}
SIXTH = """
key = "sixth"
name = "แบบที่หก"
periods = ["round1", "annual"]
orientation = "portrait"
font_size = 12
page_number = "หน้า {page}"
page_number_from = 1

[[blocks]]
kind = "title"
lines = ["สรุปของ{agency_short} ปี {year}", "{place}"]

[[blocks]]
kind = "table"
heading = "มาตรการ"
rows = "measure_items"
groups = ["indicator"]
  [[blocks.columns]]
  label = "ตัวชี้วัด"
  field = "indicator_heading"
  spans = "indicator"
  width = 30
  [[blocks.columns]]
  label = "มาตรการ"
  field = "measure_heading"
  over = "งาน"
  width = 40
  [[blocks.columns]]
  label = "สถานะ"
  field = "boxes_and_result"
  over = "งาน"
  box_labels = ["ยัง", "กำลัง", "แล้ว"]
  boxes = { NOT_STARTED = 1, IN_PROGRESS = 2, DONE = 3 }
  width = 30

[[blocks]]
kind = "signatures"
roles = ["ผู้รายงาน", "นายก{agency_short}"]
"""


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str, name: str = "sixth.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_layouts_of_the_portal_load_under_their_file_names() -> None:
    assert layouts().keys() >= FIVE
    assert {path.stem for path in DIRECTORY.glob("*.toml")} == layouts().keys()


def test_layout_added_as_toml_alone_composes(write) -> None:
    sixth = layouts(write(SIXTH).parent)["sixth"]
    snapshot = snapshot_of("yangsisurat", "round1")
    snapshot = replace(snapshot, agency=replace(snapshot.agency, district="", province=""))
    document = compose(snapshot, sixth).document
    assert document.page.orientation == "portrait"
    assert document.blocks[0] == Title(("สรุปของอบต.ยางสีสุราช ปี ๒๕๖๓",))
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert [(column.over, column.label) for column in table.columns] == [
        ("", "ตัวชี้วัด"),
        ("งาน", "มาตรการ"),
        ("งาน", "สถานะ"),
    ]
    assert [len(row.cells) for row in table.rows] == [3] * 68
    first = table.rows[0].cells
    assert first[0] is not None
    assert first[0].paragraphs == ("ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่",)
    assert first[2] is not None
    assert [line[0] for line in first[2].paragraphs[:3]] == ["☐", "☐", "☑"]


TYPOS = [
    ('orientation = "portrait"', 'orientaton = "portrait"', "orientaton"),
    ('orientation = "portrait"', 'orientation = "upright"', "orientation"),
    ('periods = ["round1", "annual"]', 'periods = ["round3"]', "periods"),
    ('periods = ["round1", "annual"]', "periods = []", "periods"),
    ('periods = ["round1", "annual"]', 'periods = "round1"', "periods"),
    ("font_size = 12", 'font_size = "12"', "font_size"),
    ("font_size = 12", "font_size = 99", "font_size"),
    ('page_number = "หน้า {page}"', 'page_number = "หน้า"', "page_number"),
    ("{agency_short} ปี {year}", "{agnecy} ปี {year}", "blocks[1].lines"),
    ("{agency_short} ปี {year}", "{agency_short ปี {year}", "blocks[1].lines"),
    ('kind = "signatures"', 'kind = "signature"', "blocks[3].kind"),
    ('rows = "measure_items"', 'rows = "measure_item"', "blocks[2].rows"),
    ('rows = "measure_items"\n', "", "blocks[2].rows"),
    ('heading = "มาตรการ"', 'headng = "มาตรการ"', "blocks[2].headng"),
    ('groups = ["indicator"]', 'groups = ["issue"]', "blocks[2].groups"),
    ('groups = ["indicator"]', 'groups = ["indicator"]\nheadings = ["oit_group"]', "blocks[2].headings"),
    ('field = "measure_heading"', 'field = "mesure_heading"', "blocks[2].columns[2].field"),
    ('field = "measure_heading"', 'field = "oit_code"', "blocks[2].columns[2].field"),
    ("width = 40", "width = 41", "blocks[2].columns"),
    ("width = 40", 'width = "40"', "blocks[2].columns[2].width"),
    ("width = 40", "width = true", "blocks[2].columns[2].width"),
    ("width = 40", "widht = 40", "blocks[2].columns[2].widht"),
    ('spans = "indicator"', 'spans = "measure"', "blocks[2].columns[1].spans"),
    ('spans = "indicator"', 'align = "middle"', "blocks[2].columns[1].align"),
    ('spans = "indicator"', "repeat = 1", "blocks[2].columns[1].repeat"),
    ('spans = "indicator"', "boxes = { DONE = 1 }", "blocks[2].columns[1].boxes"),
    ("DONE = 3", "FINISHED = 3", "blocks[2].columns[3].boxes.FINISHED"),
    ("DONE = 3", "DONE = 4", "blocks[2].columns[3].boxes.DONE"),
    ('key = "sixth"', 'key = "seventh"', "key"),
    ('name = "แบบที่หก"', 'name = " "', "name"),
    ("[[blocks]]", "[[blocks", "TOML"),
]


@pytest.mark.parametrize(("right", "wrong", "place"), TYPOS, ids=[f"{wrong[:30]}" for _, wrong, _ in TYPOS])
def test_typo_names_file_and_key(write, right: str, wrong: str, place: str) -> None:
    assert right in SIXTH
    with pytest.raises(LayoutError) as error:
        load_layout(write(SIXTH.replace(right, wrong, 1)))
    assert str(error.value).startswith("แบบรายงาน sixth.toml: ")
    assert place in str(error.value)


def test_layout_of_forty_columns_is_refused(write) -> None:
    column = '[[blocks.columns]]\nlabel = "ก"\nfield = "responsible"\nwidth = 2\n'
    text = 'key = "wide"\nname = "กว้าง"\nperiods = ["plan"]\n[[blocks]]\nkind = "table"\nrows = "issue_items"\n'
    with pytest.raises(LayoutError, match="มี 40 คอลัมน์ พิมพ์ได้ไม่เกิน"):
        load_layout(write(text + column * 40, "wide.toml"))


def test_every_field_says_what_reading_it_back_gives() -> None:
    assert set(Kind) == {field.kind for field in FIELDS.values()}
    assert [name for name, field in FIELDS.items() if not (field.label and field.sample)] == []
