"""Back up the database and the evidence files into a directory."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures.operations.archive import BackupError
from measures.operations.backup import make_backup


class Command(BaseCommand):
    help = "สำรองฐานข้อมูลและไฟล์หลักฐานลงโฟลเดอร์ใหม่ ทำได้ขณะระบบเปิดอยู่"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR", help="โฟลเดอร์ที่ยังไม่มีหรือว่าง")

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        try:
            manifest = make_backup(directory.absolute())
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(f"สำรองแล้วที่ {directory}: {len(manifest.tables)} ตาราง {rows} แถว {len(manifest.files)} ไฟล์")
        for problem in manifest.audit_problems:
            self.stderr.write(f"คำเตือน บันทึกการเปลี่ยนแปลงไม่สมบูรณ์: {problem}")
