"""The plan of an agency for a fiscal year: prose, issues, measures, and the work items that are reported.

Nullable texts of a work item are the three kinds of empty on paper: NULL same as the cell above, '' printed blank.
That target, plan, agency and framework agree is held by database triggers (measures.triggers).
"""

from django.db import models
from django.db.models import Q

from measures.enums import NarrativeKind, Period, PrintedField, Section
from measures.models.constraints import exactly_one, only
from measures.models.framework import Framework, Indicator, OITItem, Question, SubIndicator
from measures.models.people import Agency, Division

WORK_TARGETS = ("measure", "issue", "indicator", "oit_item")
PRINTED_TARGETS = ("indicator", "sub_indicator", "oit_item", "question")


class Plan(models.Model):
    """แผนมาตรการ: one agency, one fiscal year; `analysed` is the framework of the year whose scores it analyses."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="plans")
    year = models.PositiveSmallIntegerField("ปีงบประมาณ พ.ศ.")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="plans")
    analysed = models.ForeignKey(
        Framework, on_delete=models.PROTECT, null=True, blank=True, related_name="analysing_plans"
    )
    source = models.CharField("ที่มา", max_length=200, blank=True)

    class Meta:
        verbose_name = "แผนมาตรการ"
        verbose_name_plural = "แผนมาตรการ"
        ordering = ["agency_id", "year"]
        constraints = [models.UniqueConstraint(fields=["agency", "year"], name="plan_once_per_agency_and_year")]

    def __str__(self) -> str:
        return f"{self.agency} ปีงบประมาณ {self.year}"

    @property
    def analysed_year(self) -> int | None:
        """The B.E. year whose scores the plan analyses."""
        return self.analysed.year if self.analysed else None


class PlanLayout(models.Model):
    """The form in which a period of the plan is printed, and its memo's number; the first is the plan's own."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="layouts")
    position = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=10, choices=Period.choices())
    layout = models.CharField(max_length=50)
    memo_number = models.CharField("เลขที่หนังสือ", max_length=100, blank=True, default="")

    class Meta:
        ordering = ["plan_id", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "period"], name="layout_once_per_period")]


class Narrative(models.Model):
    """Prose of the plan: a heading or a paragraph of a section, in order."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="narratives")
    section = models.CharField(max_length=30, choices=Section.choices())
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=NarrativeKind.choices())
    text = models.TextField()

    class Meta:
        ordering = ["plan_id", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="narrative_position_once")]


class PrintedText(models.Model):
    """What the agency prints in place of the framework's text; '' suppresses it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="printed_texts")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sub_indicator = models.ForeignKey(SubIndicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    oit_item = models.ForeignKey(OITItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=20, choices=PrintedField.choices())
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(*PRINTED_TARGETS), name="printed_text_has_one_target"),
            *[
                models.UniqueConstraint(
                    fields=["plan", name, "field"],
                    condition=only(name, *PRINTED_TARGETS),
                    name=f"printed_text_once_per_{name}",
                )
                for name in PRINTED_TARGETS
            ],
        ]


class Issue(models.Model):
    """ประเด็นที่ต้องปรับปรุง: what the analysis found."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="issues")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("เลขข้อ", max_length=30, blank=True)
    text = models.TextField("ประเด็น", blank=True)
    analysis = models.TextField("ผลการวิเคราะห์ข้อมูล", blank=True)

    class Meta:
        verbose_name = "ประเด็น"
        verbose_name_plural = "ประเด็น"
        ordering = ["plan_id", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="issue_position_once")]

    def __str__(self) -> str:
        return f"{self.label} {self.text}".strip()


class IssuePoint(models.Model):
    """A question or OIT item of the analysed year under an issue, with the score printed there."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    oit_item = models.ForeignKey(OITItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["issue_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "position"], name="point_position_once"),
            models.CheckConstraint(condition=exactly_one("question", "oit_item"), name="point_has_one_target"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="point_score_in_range"
            ),
        ]


class Measure(models.Model):
    """มาตรการ/กิจกรรม; `basis` is the finding it answers, as printed."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="measures")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("เลขข้อ", max_length=30, blank=True)
    text = models.TextField("มาตรการ")
    basis = models.TextField("ที่มาของมาตรการ", blank=True)

    class Meta:
        verbose_name = "มาตรการ"
        verbose_name_plural = "มาตรการ"
        ordering = ["plan_id", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="measure_position_once")]

    def __str__(self) -> str:
        return f"{self.label} {self.text}".strip()


class WorkItem(models.Model):
    """รายการที่ต้องรายงาน: the one thing that is assigned, due and reported."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="work_items")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, null=True, blank=True, related_name="work_items")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="work_items")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    oit_item = models.ForeignKey(OITItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    lead_division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="led_items"
    )
    supporting_divisions = models.ManyToManyField(Division, related_name="supported_items", blank=True)
    responsible = models.TextField("ผู้รับผิดชอบตามที่พิมพ์", null=True, blank=True)
    period_text = models.TextField("ระยะเวลาตามที่พิมพ์", null=True, blank=True)
    monitoring = models.TextField("การกำกับติดตาม", null=True, blank=True)
    starts = models.DateField("เริ่ม", null=True, blank=True)
    ends = models.DateField("แล้วเสร็จ", null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = "รายการที่ต้องรายงาน"
        verbose_name_plural = "รายการที่ต้องรายงาน"
        ordering = ["plan_id", "position"]
        constraints = [
            models.CheckConstraint(condition=exactly_one(*WORK_TARGETS), name="work_item_has_one_target"),
            models.UniqueConstraint(fields=["plan", "position"], name="work_item_position_once"),
            models.UniqueConstraint(fields=["plan", "oit_item"], name="work_item_once_per_oit_item"),
            models.UniqueConstraint(fields=["plan", "indicator"], name="work_item_once_per_indicator"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=models.F("starts")),
                name="work_item_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"รายการที่ {self.position}"


class Step(models.Model):
    """ขั้นตอน/วิธีการ; the label is as printed and is never renumbered."""

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=30, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["work_item_id", "position"]
        constraints = [models.UniqueConstraint(fields=["work_item", "position"], name="step_position_once")]


class Caution(models.Model):
    """A slip of the authors that is kept, or a reading that nobody can decide: shown, never mended silently."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="cautions")
    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, null=True, blank=True, related_name="cautions")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="cautions")
    place = models.TextField("ที่")
    printed = models.TextField("ตามที่พิมพ์", blank=True)
    proposal = models.TextField("ข้อเสนอ", blank=True)
    reason = models.TextField("เหตุผล")

    class Meta:
        ordering = ["plan_id", "id"]
