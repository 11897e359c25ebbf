"""A backup restored into an empty place is the same, row by row, file by file; a bad one changes nothing."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Place

# Runs inside the place: agencies with Thai names, each change in the audit trail.
SEED = """
from measures.domain.audit import record
from measures.models import Agency, Division
from django.core.management import call_command
from django.db import transaction
call_command("migrate", verbosity=0)
with transaction.atomic():
    for number in range(3):
        agency = Agency.objects.create(slug=f"place{number}", name=f"องค์การบริหารส่วนตำบลทดสอบ {number}")
        record(actor=None, agency=agency, action="create", target=agency, after={"name": agency.name})
        division = Division.objects.create(agency=agency, name="สำนักปลัด", position=1)
        record(actor=None, agency=agency, action="create", target=division, after={"name": division.name})
"""

# Prints every row of every table, so that the comparison does not rest on the backup's own checksums.
ROWS = """
import json
from django.db import connection
with connection.cursor() as cursor:
    content = {}
    for table in sorted(connection.introspection.table_names(cursor)):
        cursor.execute(f'SELECT * FROM "{table}"')
        content[table] = sorted(json.dumps(row, default=str, ensure_ascii=False) for row in cursor.fetchall())
print(json.dumps(content, ensure_ascii=False))
"""


@pytest.fixture(scope="module")
def used_place(new_place: Callable[[], Place]) -> Place:
    """A place with records, an audit trail and evidence files; tests leave it as it is."""
    return use(new_place())


def use(place: Place) -> Place:
    place.manage("shell", "--verbosity", "0", "-c", SEED)
    (place.var / "media" / "ab").mkdir(parents=True)
    (place.var / "media" / "ab" / "หลักฐาน.pdf").write_bytes(b"%PDF-1.7 \x00\xff")
    (place.var / "media" / "empty.bin").write_bytes(b"")
    return place


@pytest.fixture(scope="module")
def pristine_backup(used_place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("backups") / "backup"
    used_place.manage("backup", str(directory))
    return directory


@pytest.fixture
def backup(pristine_backup: Path, tmp_path: Path) -> Path:
    """A backup of the used place; a test may do to it what it likes."""
    return Path(shutil.copytree(pristine_backup, tmp_path / "backup"))


def rows_of(place: Place) -> dict[str, list[str]]:
    return json.loads(place.manage("shell", "--verbosity", "0", "-c", ROWS).stdout.splitlines()[-1])


def files_of(place: Place) -> dict[str, str]:
    media = place.var / "media"
    return {
        str(path.relative_to(media)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in media.rglob("*")
        if path.is_file()
    }


def leftovers_of(place: Place) -> list[str]:
    return [path.name for path in place.var.rglob("*") if "restoring" in path.name or "partial" in path.name]


def test_restore_brings_back_every_row_file_and_the_audit_chain(
    used_place: Place, backup: Path, new_place: Callable[[], Place]
) -> None:
    empty = new_place()
    said = empty.manage("restore", str(backup)).stdout
    assert "ตรงกับข้อมูลสำรองทุกแถวทุกไฟล์" in said
    restored = rows_of(empty)
    assert len(restored["measures_agency"]) == 3
    assert len(restored["measures_auditevent"]) == 6
    assert restored == rows_of(used_place)
    assert files_of(empty) == files_of(used_place)
    assert len(files_of(empty)) == 2
    assert leftovers_of(empty) == []
    assert empty.manage("verify_audit").returncode == 0


def test_restore_keeps_the_audit_append_only(backup: Path, new_place: Callable[[], Place]) -> None:
    empty = new_place()
    empty.manage("restore", str(backup))
    attempt = (
        "from django.db import DatabaseError, connection\n"
        "for sql in ('DELETE FROM measures_auditevent', \"UPDATE measures_auditevent SET action = 'x'\"):\n"
        "    try:\n"
        "        connection.cursor().execute(sql)\n"
        "        print('written')\n"
        "    except DatabaseError:\n"
        "        print('refused')\n"
    )
    said = empty.manage("shell", "--verbosity", "0", "-c", attempt).stdout.split()
    assert said == ["refused", "refused"]


def test_restore_takes_a_migrated_database_that_holds_nothing(backup: Path, new_place: Callable[[], Place]) -> None:
    empty = new_place()
    empty.manage("migrate", "--verbosity", "0")
    empty.manage("restore", str(backup))
    assert len(rows_of(empty)["measures_agency"]) == 3


def test_restore_refuses_a_database_with_records(used_place: Place, backup: Path) -> None:
    before = rows_of(used_place), files_of(used_place)
    done = used_place.manage("restore", str(backup), check=False)
    assert done.returncode == 1
    assert "ฐานข้อมูลปลายทางมีข้อมูลอยู่แล้ว" in done.stderr
    assert (rows_of(used_place), files_of(used_place)) == before


def test_restore_refuses_a_place_with_files(backup: Path, new_place: Callable[[], Place]) -> None:
    place = new_place()
    (place.var / "media").mkdir()
    (place.var / "media" / "other.txt").write_text("x")
    done = place.manage("restore", str(backup), check=False)
    assert done.returncode == 1
    assert "มีไฟล์อยู่แล้ว" in done.stderr
    assert files_of(place).keys() == {"other.txt"}


def damage_database(backup: Path) -> str:
    path = next(backup.glob("database.*"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return path.name


def damage_evidence(backup: Path) -> str:
    (backup / "media" / "empty.bin").write_bytes(b"x")
    return "media/empty.bin"


def remove_evidence(backup: Path) -> str:
    (backup / "media" / "empty.bin").unlink()
    return "media/empty.bin"


def change_manifest(backup: Path) -> str:
    text = (backup / "manifest.json").read_text()
    (backup / "manifest.json").write_text(text.replace('"rows": 3', '"rows": 4'))
    return "manifest.json"


def remove_manifest(backup: Path) -> str:
    (backup / "manifest.json").unlink()
    return "manifest.json"


@pytest.mark.parametrize(
    "damage", [damage_database, damage_evidence, remove_evidence, change_manifest, remove_manifest]
)
def test_restore_refuses_a_damaged_backup(
    damage: Callable[[Path], str], backup: Path, new_place: Callable[[], Place]
) -> None:
    name = damage(backup)
    empty = new_place()
    done = empty.manage("restore", str(backup), check=False)
    assert done.returncode == 1
    assert name in done.stderr
    assert rows_of(empty) == {}
    assert not (empty.var / "media").exists()
    assert leftovers_of(empty) == []


def test_restore_refuses_what_the_manifest_does_not_state(backup: Path, new_place: Callable[[], Place]) -> None:
    """A manifest with a right checksum and a wrong row count: found only after the rows are read back."""
    change_manifest(backup)
    digest = hashlib.sha256((backup / "manifest.json").read_bytes()).hexdigest()
    (backup / "manifest.sha256").write_text(f"{digest}  manifest.json\n")
    empty = new_place()
    done = empty.manage("restore", str(backup), check=False)
    assert done.returncode == 1
    assert "ไม่ตรงกับข้อมูลสำรอง" in done.stderr
    assert rows_of(empty) == {}


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "media/../../outside.txt"])
def test_restore_refuses_paths_that_leave_the_backup(name: str, backup: Path, new_place: Callable[[], Place]) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["files"][name] = "0" * 64
    (backup / "manifest.json").write_text(json.dumps(manifest))
    digest = hashlib.sha256((backup / "manifest.json").read_bytes()).hexdigest()
    (backup / "manifest.sha256").write_text(f"{digest}  manifest.json\n")
    done = new_place().manage("restore", str(backup), check=False)
    assert done.returncode == 1
    assert "ไม่ปลอดภัย" in done.stderr


def test_restore_reports_a_broken_audit_chain(tmp_path: Path, new_place: Callable[[], Place]) -> None:
    place = use(new_place())
    tamper = (
        "from django.db import connection\n"
        "from measures import triggers\n"
        "triggers.uninstall(connection)\n"
        "connection.cursor().execute(\"UPDATE measures_auditevent SET action = 'x' WHERE sequence = 1\")\n"
        "triggers.install(connection)\n"
    )
    place.manage("shell", "--verbosity", "0", "-c", tamper)
    warned = place.manage("backup", str(tmp_path / "tampered")).stderr
    assert "บันทึกการเปลี่ยนแปลงไม่สมบูรณ์" in warned
    done = new_place().manage("restore", str(tmp_path / "tampered"), check=False)
    assert done.returncode == 1
    assert "เนื้อหาถูกแก้ไข" in done.stderr


def test_backup_refuses_a_folder_that_is_not_empty(used_place: Place, backup: Path) -> None:
    before = sorted(path.name for path in backup.rglob("*"))
    done = used_place.manage("backup", str(backup), check=False)
    assert done.returncode == 1
    assert "ไม่ว่าง" in done.stderr
    assert sorted(path.name for path in backup.rglob("*")) == before


def test_backup_refuses_a_database_without_tables(new_place: Callable[[], Place], tmp_path: Path) -> None:
    done = new_place().manage("backup", str(tmp_path / "nothing"), check=False)
    assert done.returncode == 1
    assert "ยังไม่มีตาราง" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_backup_reports_a_place_it_cannot_write(used_place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = used_place.manage("backup", str(tmp_path / "file" / "backup"), check=False)
    assert done.returncode == 1
    assert "เขียนข้อมูลสำรอง" in done.stderr


def test_restore_refuses_a_backup_of_another_engine(backup: Path, new_place: Callable[[], Place]) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["engine"] = "postgresql" if manifest["engine"] == "sqlite" else "sqlite"
    (backup / "manifest.json").write_text(json.dumps(manifest))
    digest = hashlib.sha256((backup / "manifest.json").read_bytes()).hexdigest()
    (backup / "manifest.sha256").write_text(f"{digest}  manifest.json\n")
    done = new_place().manage("restore", str(backup), check=False)
    assert done.returncode == 1
    assert "ใช้ฐานข้อมูลชนิดเดียวกัน" in done.stderr


def test_backup_copies_to_another_machine(
    used_place: Place, backup: Path, new_place: Callable[[], Place], tmp_path: Path
) -> None:
    moved = tmp_path / "อีกเครื่อง"
    shutil.copytree(backup, moved)
    shutil.rmtree(backup)
    empty = new_place()
    empty.manage("restore", str(moved))
    assert rows_of(empty) == rows_of(used_place)
