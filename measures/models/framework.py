"""The criteria of one fiscal year: indicators, OIT items, questions, weights, levels, calendar.

A code such as o34 is meaningful only with its year, so everything here hangs on one Framework.
Each fact carries where it comes from and whether that was a document (`verified`).
"""

from django.db import models
from django.db.models import Q

from measures.enums import Instrument, Origin


class Sourced(models.Model):
    """A fact with its provenance."""

    provenance = models.TextField("ที่มา", blank=True)
    verified = models.BooleanField("ตรวจสอบกับเอกสารแล้ว", default=False)

    class Meta:
        abstract = True


class Framework(models.Model):
    """The criteria of a B.E. fiscal year; immutable once a plan uses it, a change is a new version."""

    year = models.PositiveSmallIntegerField("ปีงบประมาณ พ.ศ.")
    version = models.PositiveSmallIntegerField("รุ่น", default=1)
    name = models.CharField("ชื่อ", max_length=200)
    origin = models.CharField("แหล่ง", max_length=10, choices=Origin.choices(), default=Origin.FILE)
    published = models.BooleanField("ประกาศใช้", default=True)
    system_name = models.CharField("ระบบของ ป.ป.ช.", max_length=50, blank=True)
    pass_mark = models.DecimalField("คะแนนผ่าน", max_digits=5, decimal_places=2)
    provenance = models.TextField("ที่มา", blank=True)
    notes = models.TextField("ข้อที่ยังไม่ตรวจสอบ", blank=True)
    digest = models.CharField("ลายนิ้วมือของแฟ้ม", max_length=64, blank=True)

    class Meta:
        verbose_name = "เกณฑ์ ITA"
        verbose_name_plural = "เกณฑ์ ITA"
        ordering = ["year", "version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="framework_version_once_per_year"),
            models.CheckConstraint(condition=Q(year__gte=2500, year__lte=2700), name="framework_year_is_be"),
        ]

    def __str__(self) -> str:
        return self.name


class InstrumentWeight(Sourced):
    """The share of an instrument in the total, per cent."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="weights")
    instrument = models.CharField(max_length=3, choices=Instrument.choices())
    weight = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["framework_id", "id"]
        constraints = [models.UniqueConstraint(fields=["framework", "instrument"], name="weight_once_per_instrument")]


class LevelRule(Sourced):
    """A level and the scores it asks for, highest first."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="levels")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    minimum_total = models.DecimalField(max_digits=5, decimal_places=2)
    minimum_each = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["framework_id", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "position"], name="level_position_once")]


class CalendarEvent(Sourced):
    """A span of the NACC's calendar of the year."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="calendar")
    key = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    start = models.DateField(null=True, blank=True)
    end = models.DateField()

    class Meta:
        ordering = ["framework_id", "end", "id"]
        constraints = [models.UniqueConstraint(fields=["framework", "key"], name="calendar_key_once")]


class Indicator(Sourced):
    """ตัวชี้วัด of the year, numbered."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="indicators")
    number = models.PositiveSmallIntegerField("เลขที่")
    name = models.CharField("ชื่อ", max_length=200)
    instrument = models.CharField("แบบวัด", max_length=3, choices=Instrument.choices())

    class Meta:
        ordering = ["framework_id", "number"]
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="indicator_number_once")]

    def __str__(self) -> str:
        return f"ตัวชี้วัดที่ {self.number} {self.name}"


class SubIndicator(Sourced):
    """ตัวชี้วัดย่อย such as 9.1, of an indicator of the same framework."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="sub_indicators")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="sub_indicators")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["framework_id", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="sub_indicator_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OITItem(Sourced):
    """A disclosure item; `unknown` marks one whose name no source gives."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="oit_items")
    sub_indicator = models.ForeignKey(
        SubIndicator, on_delete=models.CASCADE, null=True, blank=True, related_name="oit_items"
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=5)
    name = models.CharField(max_length=300, blank=True)
    group = models.CharField(max_length=200, blank=True)
    unknown = models.BooleanField(default=False)
    succeeds = models.ManyToManyField("self", symmetrical=False, related_name="succeeded_by", blank=True)

    class Meta:
        verbose_name = "ข้อ OIT"
        verbose_name_plural = "ข้อ OIT"
        ordering = ["framework_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="oit_code_once"),
            models.CheckConstraint(
                condition=Q(unknown=True, name="") | (Q(unknown=False) & ~Q(name="")), name="oit_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class OITElement(models.Model):
    """One required element (องค์ประกอบด้านข้อมูล) of an OIT item."""

    item = models.ForeignKey(OITItem, on_delete=models.CASCADE, related_name="elements")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["item_id", "position"]
        constraints = [models.UniqueConstraint(fields=["item", "position"], name="element_position_once")]


class Question(Sourced):
    """A survey question; `negative`: a high score means the bad thing is rare."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="questions")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=5)
    text = models.TextField(blank=True)
    negative = models.BooleanField(default=False)
    unknown = models.BooleanField(default=False)

    class Meta:
        verbose_name = "ข้อคำถาม"
        verbose_name_plural = "ข้อคำถาม"
        ordering = ["framework_id", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="question_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()
