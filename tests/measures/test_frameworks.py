"""Framework files: complete, strict, brought in all or nothing, and immutable once used."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from measures.domain.errors import FileError
from measures.domain.framework_file import FrameworkFile
from measures.domain.frameworks import sync_frameworks
from measures.domain.toml_file import read
from measures.models import Framework, OITItem
from tests import factories

FOLDER = settings.BASE_DIR / "fixtures" / "frameworks"

SMALL = """schema = 1
year = 2571
name = "เกณฑ์ ITA ปี 2571"
pass_mark = "85"
provenance = "ทดสอบ"
[[indicators]]
number = 9
name = "การเปิดเผยข้อมูล"
instrument = "OIT"
provenance = "ทดสอบ"
verified = false
[[oit_items]]
code = "o1"
name = "โครงสร้าง"
provenance = "ทดสอบ"
verified = false
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one small framework, of a year that no file of ours has."""
    (tmp_path / "2571.toml").write_text(SMALL)
    return tmp_path


def _edit(folder: Path, old: str, new: str) -> None:
    path = folder / "2571.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.name)
def test_every_file_is_read(path: Path) -> None:
    record = read(path, FrameworkFile)
    assert str(record.year) == path.stem
    assert record.oit_items
    assert all(row.provenance for row in (*record.indicators, *record.oit_items, *record.questions))


def test_the_years_of_the_documents_are_complete() -> None:
    for year in (2563, 2564, 2565, 2566):
        record = read(FOLDER / f"{year}.toml", FrameworkFile)
        assert [item.code for item in record.oit_items] == [f"o{n}" for n in range(1, 44)]
        assert [row.number for row in record.indicators] == list(range(1, 11))
        assert len(record.questions) == 45
        assert any(event.key == "oit_entry" for event in record.calendar)


def test_a_code_means_different_things_in_different_years() -> None:
    names = {read(FOLDER / f"{year}.toml", FrameworkFile).oit_items[33].name for year in (2564, 2565, 2566)}
    assert len(names) == 3


def test_sync_twice_changes_nothing(db: None) -> None:
    assert len(sync_frameworks(folder=FOLDER).created) == 6
    again = sync_frameworks(folder=FOLDER)
    assert (again.created, again.changed, len(again.unchanged)) == ((), (), 6)


def test_items_succeed_those_of_the_year_before(db: None, tmp_path: Path) -> None:
    for year in (2565, 2566):
        shutil.copy(FOLDER / f"{year}.toml", tmp_path)
    (tmp_path / "2565.toml").write_text(
        "\n".join(line for line in (tmp_path / "2565.toml").read_text().split("\n") if not line.startswith("succeeds"))
    )
    sync_frameworks(folder=tmp_path)

    def predecessors() -> list[str]:
        item = OITItem.objects.get(framework__year=2566, code="o31")
        return [f"{row.framework.year} {row.code}" for row in item.succeeds.all()]

    assert predecessors() == ["2565 o34"]
    # The year before made anew: the ties of the year after are made anew with it.
    (tmp_path / "2565.toml").write_text((tmp_path / "2565.toml").read_text().replace('notes = "', 'notes = "แก้ไข '))
    assert sync_frameworks(folder=tmp_path).changed == ("2565.toml",)
    assert predecessors() == ["2565 o34"]


def test_a_new_year_is_a_file(db: None, folder: Path) -> None:
    assert sync_frameworks(folder=folder).created == ("2571.toml",)
    assert Framework.objects.get(year=2571).oit_items.get().name == "โครงสร้าง"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "โครงสร้าง"', 'nmae = "โครงสร้าง"', r"2571\.toml: oit_items\[1\]\.nmae: ไม่รู้จักคีย์นี้"),
        ('name = "โครงสร้าง"\n', "", r"2571\.toml: oit_items\[1\]: .*unknown = true"),
        ('code = "o1"', 'code = "x1"', r"2571\.toml: oit_items\[1\]\.code"),
        ('instrument = "OIT"', 'instrument = "XIT"', r"2571\.toml: indicators\[1\]\.instrument: ค่านี้ใช้ไม่ได้"),
        ("verified = false\n[[oit", "[[oit", r"2571\.toml: indicators\[1\]\.verified: ขาดคีย์นี้"),
        ('code = "o1"', 'code = "o1"\nsub_indicator = "9.9"', r"oit_items o1: sub_indicator = 9\.9 ไม่มีในแฟ้มนี้"),
        ('code = "o1"', 'code = "o1"\nsucceeds = ["o7"]', r"oit_items o1: succeeds = o7 ไม่มีในเกณฑ์ปี 2570"),
        ("schema = 1", "schema = ", r"2571\.toml: รูปแบบ TOML ไม่ถูกต้อง"),
        ("schema = 1", "schema = 2", r"2571\.toml: schema: ค่านี้ใช้ไม่ได้"),
        (
            "[[oit_items]]",
            SMALL[SMALL.index("[[indicators]]") : SMALL.index("[[oit_items]]")] + "[[oit_items]]",
            "indicators.number ซ้ำกัน: 9",
        ),
    ],
)
def test_a_wrong_file_names_file_and_key_and_writes_nothing(
    db: None, folder: Path, old: str, new: str, message: str
) -> None:
    shutil.copy(FOLDER / "2563.toml", folder)
    _edit(folder, old, new)
    with pytest.raises(FileError, match=message):
        sync_frameworks(folder=folder)
    assert not Framework.objects.exists()


def test_an_unused_framework_may_change(db: None, folder: Path) -> None:
    sync_frameworks(folder=folder)
    _edit(folder, "โครงสร้าง", "โครงสร้างหน่วยงาน")
    assert sync_frameworks(folder=folder).changed == ("2571.toml",)
    assert OITItem.objects.get().name == "โครงสร้างหน่วยงาน"


def test_a_framework_in_use_is_immutable_and_a_new_version_stands_beside_it(db: None, folder: Path) -> None:
    sync_frameworks(folder=folder)
    plan = factories.make_plan(year=2571)
    _edit(folder, 'code = "o1"', 'code = "o2"')
    with pytest.raises(FileError, match=r"2571\.toml: oit_items/questions: ตัดข้อ o1 .* version เป็น 2"):
        sync_frameworks(folder=folder)
    assert plan.framework.oit_items.get().code == "o1"
    _edit(folder, "year = 2571", "year = 2571\nversion = 2")
    assert sync_frameworks(folder=folder).created == ("2571.toml",)
    plan.refresh_from_db()
    assert (plan.framework.version, plan.framework.oit_items.get().code) == (1, "o1")


def test_a_framework_made_in_the_portal_is_left_alone(db: None, folder: Path) -> None:
    Framework.objects.create(year=2571, name="จัดทำเอง", origin="local", pass_mark=85)
    with pytest.raises(FileError, match="จัดทำในระบบแล้ว"):
        sync_frameworks(folder=folder)
    assert Framework.objects.get().name == "จัดทำเอง"


def test_sync_frameworks_command_says_what_is_wrong(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ไม่มีแฟ้ม"):
        call_command("sync_frameworks", folder=tmp_path)
