"""Load the five agencies of the source documents and print the demo accounts."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from measures.domain import demo
from measures.domain.errors import DomainError
from measures.models import Agency


class Command(BaseCommand):
    help = "นำข้อมูลสาธิตของหน่วยงาน ๕ แห่งเข้าฐานข้อมูล และแสดงบัญชีสาธิต (ใช้ได้เฉพาะเมื่อ DEMO=1)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="ไม่โหลดเมื่อมีหน่วยงานอยู่แล้ว")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures" / "plans")

    def handle(self, *args: Any, if_empty: bool, folder: Path, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("ข้อมูลสาธิตมีบัญชีที่ทุกคนรู้รหัสผ่าน จึงโหลดได้เฉพาะเมื่อกำหนด DEMO=1")
        password = _password()
        if not (if_empty and Agency.objects.exists()):
            self.stdout.write("กำลังโหลดข้อมูลสาธิตของหน่วยงาน ๕ แห่ง …")
            try:
                demo.load_demo(folder=folder, password=password)
            except DomainError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"บัญชีสาธิต (รหัสผ่านเดียวกันทุกบัญชี: {password})")
        for account in demo.accounts():
            self.stdout.write(f"  {account.username:<22} {account.role} {account.scope}".rstrip())


def _password() -> str:
    """The password of this installation's demo accounts, kept where only the owner reads it."""
    path: Path = settings.VAR_DIR / "demo_password"
    if not path.is_file():
        path.touch(mode=0o600)
        path.write_text(demo.new_password())
    return path.read_text().strip()
