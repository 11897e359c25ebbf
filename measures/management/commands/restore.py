"""Restore a backup into an empty database and an empty media folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures.operations.archive import BackupError
from measures.operations.restore import is_current, restore_backup


class Command(BaseCommand):
    help = "กู้คืนข้อมูลสำรองลงฐานข้อมูลว่าง แล้วตรวจทุกแถว ทุกไฟล์ และบันทึกการเปลี่ยนแปลง"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR", help="โฟลเดอร์ที่คำสั่ง backup เขียนไว้")

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        try:
            manifest, problems = restore_backup(directory.absolute())
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"กู้คืนแล้วจาก {directory} (สำรองเมื่อ {manifest.made_at}): "
            f"{len(manifest.tables)} ตาราง {rows} แถว {len(manifest.files)} ไฟล์ ตรงกับข้อมูลสำรองทุกแถวทุกไฟล์"
        )
        if not is_current(manifest):
            self.stdout.write("ข้อมูลสำรองมาจากรุ่นก่อน ขั้นต่อไปสั่ง: manage.py migrate แล้ว manage.py verify_audit")
        if problems:
            raise CommandError(
                "ข้อมูลตรงกับที่สำรองไว้ แต่บันทึกการเปลี่ยนแปลงไม่สมบูรณ์:\n" + "\n".join(f"- {line}" for line in problems)
            )
