"""Bring fixtures/frameworks/*.toml into the database, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from measures.domain.errors import DomainError
from measures.domain.frameworks import sync_frameworks


class Command(BaseCommand):
    help = "นำเกณฑ์ ITA ประจำปีจากแฟ้ม TOML เข้าฐานข้อมูล (สั่งซ้ำได้ ไม่มีผลถ้าไม่มีอะไรเปลี่ยน)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures" / "frameworks")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            result = sync_frameworks(folder=folder)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"เกณฑ์ ITA: ใหม่ {len(result.created)} เปลี่ยน {len(result.changed)} เหมือนเดิม {len(result.unchanged)} แฟ้ม"
        )
