"""How an agency prints: its emblem, paper, margins and signatures, and the number of a period's memo."""

import io
import struct
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from measures import thai
from measures.domain import audit
from measures.domain.errors import DomainError
from measures.enums import Period
from measures.models import Agency, Plan, PlanLayout, ReportForm, User

MAX_UPLOAD = 1_000_000  # bytes of a picture as it is handed in
MAX_SIDE = 4_000  # pixels of it
EMBLEM_SIDE = 480  # pixels of the longer side as it is kept: 400 to the inch at 30 millimetres
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_PNG_END, _JPEG_END = b"IEND\xaeB`\x82", b"\xff\xd9"
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers of the segments that tell the size

Margins = tuple[int | None, int | None, int | None, int | None]
"""Top, right, bottom, left in millimetres; None leaves the one of the layout."""


@dataclass(frozen=True)
class Printing:
    """All that is set at once: the agency's form as save_report_form takes it, and the plan's memo numbers."""

    emblem: bytes | None
    signatures: bool
    paper: str
    margins: Margins
    memo_numbers: tuple[tuple[Period, str], ...]


def emblem_from(upload: bytes) -> bytes:
    """A PNG of a picture handed in as PNG or JPEG, small and without anything but the picture.

    Type and size are read from its first bytes before anything opens it. Raises DomainError (Thai).
    """
    from PIL import Image

    if len(upload) > MAX_UPLOAD:
        raise DomainError(f"ภาพตราใหญ่เกินไป ({len(upload):,} ไบต์) ใช้ได้ไม่เกิน {MAX_UPLOAD:,} ไบต์")
    width, height = _size_of(upload)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise DomainError(f"ภาพตรากว้าง {width} สูง {height} จุด ใช้ได้ด้านละไม่เกิน {MAX_SIDE} จุด")
    kind, end = ("PNG", _PNG_END) if upload.startswith(_PNG) else ("JPEG", _JPEG_END)
    try:
        if end not in upload:  # Pillow is told elsewhere in this process to put up with half a picture
            raise OSError("cut off")
        with Image.open(io.BytesIO(upload), formats=[kind]) as picture:
            clean = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DomainError("เปิดภาพตราไม่ได้ แฟ้มอาจเสีย ให้บันทึกภาพใหม่เป็น PNG หรือ JPEG แล้วลองอีกครั้ง") from error
    clean.thumbnail((EMBLEM_SIDE, EMBLEM_SIDE))
    clean.info.clear()
    output = io.BytesIO()
    clean.save(output, "PNG", optimize=True)
    return output.getvalue()


def _size_of(upload: bytes) -> tuple[int, int]:
    """Width and height in pixels as the head of the file says."""
    if upload.startswith(_PNG) and upload[12:16] == b"IHDR" and len(upload) >= 24:
        width, height = struct.unpack(">II", upload[16:24])
        return width, height
    if upload.startswith(_JPEG):
        place = 2
        while place + 9 <= len(upload) and upload[place] == 0xFF:
            if upload[place + 1] in _JPEG_SIZES:
                height, width = struct.unpack(">HH", upload[place + 5 : place + 9])
                return width, height
            place += 2 + int.from_bytes(upload[place + 2 : place + 4], "big")
    raise DomainError("ตราหน่วยงานต้องเป็นภาพ PNG หรือ JPEG")


@transaction.atomic
def save_report_form(
    *,
    actor: User | None,
    agency: Agency,
    emblem: bytes | None = None,
    signatures: bool = False,
    paper: str = "",
    margins: Margins = (None, None, None, None),
) -> ReportForm:
    """Keep what the agency wishes of its reports; margins are top, right, bottom, left in millimetres.

    `emblem` is a picture as handed in; None leaves the one that stands, b"" takes it away. What changes nothing
    leaves no trace. Raises DomainError.
    """
    picture = emblem_from(emblem) if emblem else emblem
    form = ReportForm.objects.select_for_update().filter(agency=agency).first()
    before = _told(form) if form else None
    form = form or ReportForm(agency=agency)
    if picture is not None:
        form.emblem = picture
    form.signatures, form.paper = signatures, paper
    form.margin_top, form.margin_right, form.margin_bottom, form.margin_left = margins
    if picture is None and before == _told(form):
        return form
    try:
        form.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    form.save()
    audit.record(actor=actor, agency=agency, action="report_form.save", target=form, before=before, after=_told(form))
    return form


@transaction.atomic
def set_memo_number(*, actor: User | None, plan: Plan, period: Period, number: str) -> PlanLayout:
    """The number of the memo with which a period's report is sent. Raises DomainError where it has no form."""
    row = PlanLayout.objects.select_for_update().filter(plan=plan, period=period).first()
    if row is None:
        raise DomainError(f"{plan} ยังไม่ได้กำหนดแบบรายงานของ{period.label}")
    before, row.memo_number = row.memo_number, thai.normalise(number).strip()
    try:
        row.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    row.save(update_fields=["memo_number"])
    audit.record(
        actor=actor,
        agency=plan.agency,
        action="memo_number.set",
        target=row,
        before={"memo_number": before},
        after={"memo_number": row.memo_number},
    )
    return row


@transaction.atomic
def save_printing(*, actor: User | None, plan: Plan, printing: Printing) -> None:
    """Keep the agency's form and those memo numbers that change, all or nothing. Raises DomainError."""
    save_report_form(
        actor=actor,
        agency=plan.agency,
        emblem=printing.emblem,
        signatures=printing.signatures,
        paper=printing.paper,
        margins=printing.margins,
    )
    standing = dict(plan.layouts.values_list("period", "memo_number"))
    for period, number in printing.memo_numbers:
        if number != standing.get(period):
            set_memo_number(actor=actor, plan=plan, period=period, number=number)


def _told(form: ReportForm) -> dict[str, object]:
    """The form for the audit trail: of the emblem only its size."""
    names = ("signatures", "paper", "margin_top", "margin_right", "margin_bottom", "margin_left")
    return {name: getattr(form, name) for name in names} | {"emblem": len(form.emblem)}
