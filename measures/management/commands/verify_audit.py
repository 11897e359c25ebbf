"""Check that every audit chain is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from measures.domain.audit import verify_chains
from measures.models import AuditEvent


class Command(BaseCommand):
    help = "ตรวจว่าบันทึกการเปลี่ยนแปลงไม่ถูกแก้ไขหรือลบ"

    def handle(self, *args: Any, **options: Any) -> None:
        problems = verify_chains()
        if problems:
            raise CommandError("บันทึกการเปลี่ยนแปลงผิดปกติ:\n" + "\n".join(problems))
        self.stdout.write(f"บันทึกการเปลี่ยนแปลง {AuditEvent.objects.count()} รายการ ครบถ้วนและไม่ถูกแก้ไข")
