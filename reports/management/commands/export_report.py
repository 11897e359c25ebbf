"""Write a report of an agency to a file."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures.models import Agency, Plan
from measures.queries.snapshots import UnknownPeriod, snapshot_for
from measures.thai import to_arabic_digits
from reports.choice import choose
from reports.export import ExportError, LeftoverError, export
from reports.renderers import PdfOptions


class Command(BaseCommand):
    help = "เขียนรายงานของหน่วยงานลงแฟ้ม"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency", metavar="AGENCY", help="รหัสหน่วยงาน")
        parser.add_argument("--year", required=True, help="ปีงบประมาณ พ.ศ.")
        parser.add_argument("--period", default="", help="plan, round1, round2 หรือ annual (ปกติ: ตามแบบของแผน)")
        parser.add_argument("--layout", default="", metavar="NAME", help="แบบรายงาน (ปกติ: แบบของแผน)")
        parser.add_argument("--format", required=True, help="pdf, xlsx, docx หรือ html")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="แฟ้มที่จะเขียน")
        parser.add_argument("--archival", action="store_true", help="PDF/A-3u พร้อมข้อมูลของรายงานแนบในแฟ้ม")
        parser.add_argument("--accessible", action="store_true", help="PDF/UA-1 สำหรับโปรแกรมอ่านออกเสียง")
        parser.add_argument("--allow-partial", action="store_true", help="เขียนแม้แบบรายงานไม่มีที่พิมพ์บางรายการ")

    def handle(self, *args: Any, agency: str, output: Path, allow_partial: bool, **options: Any) -> None:
        plan = _plan(agency, options["year"])
        try:
            period, layout = choose(plan, options["period"], options["layout"])
            snapshot = snapshot_for(plan=plan, period=period)
            content = export(snapshot, layout, options["format"], allow_partial, _pdf_options(**options))
        except LeftoverError as error:
            raise CommandError(f"{error}\nหากต้องการรายงานที่ไม่ครบ ให้เพิ่ม --allow-partial") from error
        except (ExportError, UnknownPeriod) as error:
            raise CommandError(str(error)) from error
        _write(output, content)
        self.stdout.write(f"เขียนแล้วที่ {output}: {layout.name} {period.label} {len(content):,} ไบต์")


def _pdf_options(archival: bool, accessible: bool, **_others: object) -> PdfOptions | None:
    return PdfOptions(archival, accessible) if archival or accessible else None


def _plan(slug: str, year: str) -> Plan:
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        known = ", ".join(Agency.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"ไม่มีหน่วยงานรหัส “{slug}” ที่มีคือ {known or 'ยังไม่มีหน่วยงานใด'}")
    number = to_arabic_digits(year)
    plan = Plan.objects.filter(agency=agency, year=int(number)).first() if number.isdecimal() else None
    if plan is None:
        known = ", ".join(str(known) for known in agency.plans.values_list("year", flat=True))
        raise CommandError(f"{agency} ไม่มีแผนของปีงบประมาณ “{year}” ที่มีคือ {known or 'ยังไม่มีแผนใด'}")
    return plan


def _write(output: Path, content: bytes) -> None:
    """Write beside the file and then put it in place, so that there is never half a report."""
    beside = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        try:
            beside.write_bytes(content)
            beside.replace(output)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"เขียนแฟ้ม {output} ไม่ได้: {reason}") from error
