"""The table of exports: who asked for which file, how far it is, and who works on it until when."""

import secrets
import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from measures.enums import Labelled, Period
from measures.models import Plan, User


class ExportKind(Labelled):
    """What a file holds."""

    REPORT = "report", "รายงานหนึ่งหน่วยงาน"
    BUNDLE = "bundle", "รายงานหลายหน่วยงาน"
    DATA = "data", "ตารางข้อมูล"


class ExportState(Labelled):
    """Where an export stands; the last three are final."""

    QUEUED = "QUEUED", "รอคิว"
    RUNNING = "RUNNING", "กำลังทำ"
    DONE = "DONE", "เสร็จแล้ว"
    FAILED = "FAILED", "ทำไม่สำเร็จ"
    CANCELLED = "CANCELLED", "ยกเลิกแล้ว"


UNFINISHED = (ExportState.QUEUED, ExportState.RUNNING)


def random_name() -> str:
    """A name that nobody can guess: 32 hexadecimal digits."""
    return secrets.token_hex(16)


class Export(models.Model):
    """แฟ้มส่งออก: a file made in the background.

    The result is always the same path of a random name, so making it again replaces it. `token` is the worker's
    hold on the row: whoever writes for the job names it, and one that lost its lease writes nothing any more.
    `plan_count` is how many plans were asked for; a plan deleted since then hides the export, as nobody can say
    any more whether its requester may see it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    kind = models.CharField("ชนิด", max_length=10, choices=ExportKind.choices())
    plans = models.ManyToManyField(Plan, related_name="exports")
    plan_count = models.PositiveIntegerField()
    period = models.CharField("ช่วงเวลา", max_length=10, choices=Period.choices(), blank=True)
    layout = models.CharField("แบบรายงาน", max_length=50, blank=True)
    format = models.CharField("ชนิดแฟ้ม", max_length=10)
    allow_partial = models.BooleanField("ยอมให้ไม่ครบ", default=False)
    label = models.CharField("เรื่อง", max_length=300)
    download_name = models.CharField("ชื่อแฟ้ม", max_length=150)
    ask = models.CharField("ลายนิ้วมือของคำขอ", max_length=64)

    state = models.CharField("สถานะ", max_length=10, choices=ExportState.choices(), default=ExportState.QUEUED)
    done = models.PositiveIntegerField("ทำแล้ว", default=0)
    total = models.PositiveIntegerField("ทั้งหมด", default=0)
    message = models.TextField("เหตุที่ไม่สำเร็จ", blank=True)
    notes = models.TextField("ข้อสังเกต", blank=True)

    attempts = models.PositiveSmallIntegerField("ลองแล้ว", default=0)
    token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    task_id = models.UUIDField(null=True, blank=True)

    file_name = models.CharField(max_length=32, default=random_name, unique=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("ขนาด", default=0)
    created_at = models.DateTimeField("ขอเมื่อ", auto_now_add=True)
    started_at = models.DateTimeField("เริ่มทำ", null=True, blank=True)
    finished_at = models.DateTimeField("เสร็จเมื่อ", null=True, blank=True)
    removed_at = models.DateTimeField("ลบแฟ้มเมื่อ", null=True, blank=True)

    class Meta:
        verbose_name = "แฟ้มส่งออก"
        verbose_name_plural = "แฟ้มส่งออก"
        indexes = [models.Index(fields=["state", "lease_until"], name="export_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(ExportKind)), name="export_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(ExportState)), name="export_state_known"),
            models.CheckConstraint(
                condition=(Q(state=ExportState.RUNNING, lease_until__isnull=False) & ~Q(token=""))
                | (~Q(state=ExportState.RUNNING) & Q(lease_until__isnull=True, token="")),
                name="export_leased_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNFINISHED, finished_at__isnull=True)
                | (~Q(state__in=UNFINISHED) & Q(finished_at__isnull=False)),
                name="export_finished_has_its_hour",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.DONE) | ~Q(sha256=""), name="export_done_has_its_checksum"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="export_done_within_total"),
            models.UniqueConstraint(
                fields=["user", "ask"], condition=Q(state__in=UNFINISHED), name="export_asked_for_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def path(self) -> Path:
        """Where the result lies; below MEDIA_ROOT, which no URL serves."""
        return export_folder() / f"{self.file_name}.{self.suffix}"

    @property
    def suffix(self) -> str:
        """The suffix of the result: the format's, or zip where several reports are in one file."""
        return "zip" if self.kind == ExportKind.BUNDLE else self.format

    @property
    def is_finished(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state not in UNFINISHED

    @property
    def is_there(self) -> bool:
        """Whether there is a file to take; a restored backup may hold the row alone."""
        return self.state == ExportState.DONE and self.removed_at is None and self.path.is_file()


def export_folder() -> Path:
    """Where results lie; made on first use, for this user only."""
    folder = Path(settings.MEDIA_ROOT) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
