"""Rounds of a plan, what was reported in them, and the frozen content of a closed one."""

from django.db import models
from django.db.models import Q

from measures.enums import EvidenceKind, Period, RoundState, Status
from measures.models.people import User
from measures.models.plan import Plan, WorkItem


class Round(models.Model):
    """รอบรายงาน: opens, closes; `auto_close` lets the calendar close it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField("รอบที่")
    starts = models.DateField("ตั้งแต่")
    ends = models.DateField("ถึง")
    state = models.CharField("สถานะ", max_length=10, choices=RoundState.choices(), default=RoundState.PLANNED)
    auto_close = models.BooleanField("ปิดอัตโนมัติ", default=True)

    class Meta:
        verbose_name = "รอบรายงาน"
        verbose_name_plural = "รอบรายงาน"
        ordering = ["plan_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="round_number_once"),
            models.CheckConstraint(condition=Q(number__in=[1, 2]), name="round_is_one_or_two"),
            models.CheckConstraint(condition=Q(ends__gte=models.F("starts")), name="round_ends_after_start"),
            models.CheckConstraint(condition=Q(state__in=list(RoundState)), name="round_state_known"),
        ]

    def __str__(self) -> str:
        return f"รอบที่ {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether entries of the round may be written."""
        return self.state == RoundState.OPEN


class ProgressEntry(models.Model):
    """ผลการดำเนินการ of one work item in one round. A NULL status is unknown; no entry is not reported."""

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="entries")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="entries")
    status = models.CharField("สถานะ", max_length=20, choices=Status.choices(), null=True, blank=True)
    status_reason = models.TextField("สถานะนี้อ่านจาก", blank=True)
    result = models.TextField("ผลการดำเนินการ", null=True, blank=True)
    outcome = models.TextField("ผลลัพธ์", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "ผลการดำเนินการ"
        verbose_name_plural = "ผลการดำเนินการ"
        constraints = [
            models.UniqueConstraint(fields=["work_item", "round"], name="entry_once_per_item_and_round"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__in=list(Status)), name="entry_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_item} {self.round}"


class Evidence(models.Model):
    """หลักฐาน of an entry: a labelled link with the date the evidence is from."""

    entry = models.ForeignKey(ProgressEntry, on_delete=models.CASCADE, related_name="evidence")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices(), default=EvidenceKind.LINK)
    label = models.CharField("ชื่อหลักฐาน", max_length=200)
    url = models.URLField("ลิงก์", max_length=2000)
    dated = models.DateField("วันที่ของหลักฐาน", null=True, blank=True)

    class Meta:
        verbose_name = "หลักฐาน"
        verbose_name_plural = "หลักฐาน"
        ordering = ["entry_id", "position"]
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="evidence_position_once")]


class StoredSnapshot(models.Model):
    """The content of a closed period as it was frozen; a reopened round gets a new version, the old one stays."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="snapshots")
    period = models.CharField(max_length=10, choices=Period.choices())
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["plan_id", "period", "version"]
        constraints = [models.UniqueConstraint(fields=["plan", "period", "version"], name="snapshot_version_once")]
