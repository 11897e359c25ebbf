"""Agencies, their divisions, and who is what in them."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from measures.enums import Role
from measures.snapshot import MARGINS, PAPERS

IN_DIVISION = (Role.STAFF, Role.HEAD)
IN_AGENCY = (Role.CLERK, Role.EXECUTIVE, Role.AUDITOR)


class User(AbstractUser):
    """A person who logs in; what the person may do stands in the memberships."""

    display_name = models.CharField("ชื่อที่แสดง", max_length=150, blank=True)

    class Meta:
        verbose_name = "ผู้ใช้"
        verbose_name_plural = "ผู้ใช้"

    def __str__(self) -> str:
        return self.display_name or self.username


class Agency(models.Model):
    """A local government organisation: the tenant."""

    slug = models.SlugField("ชื่อย่อในที่อยู่เว็บ", unique=True)
    code = models.CharField("รหัส อปท.", max_length=10, unique=True, null=True, blank=True)
    name = models.CharField("ชื่อหน่วยงาน", max_length=200)
    short_name = models.CharField("ชื่อย่อ", max_length=100)
    kind = models.CharField("ประเภท", max_length=50)
    district = models.CharField("อำเภอ", max_length=100, blank=True)
    province = models.CharField("จังหวัด", max_length=100, blank=True)
    website = models.URLField("เว็บไซต์", blank=True)
    thai_digits = models.BooleanField("แสดงเลขไทย", default=True)

    class Meta:
        verbose_name = "หน่วยงาน"
        verbose_name_plural = "หน่วยงาน"

    def __str__(self) -> str:
        return self.name


class ReportForm(models.Model):
    """What an agency wishes of its printed reports; what it leaves open stands in the layout.

    The emblem is a PNG that measures.domain.report_forms made; margins are in millimetres.
    """

    agency = models.OneToOneField(Agency, on_delete=models.CASCADE, related_name="report_form")
    emblem = models.BinaryField("ตราหน่วยงาน", default=bytes, blank=True)
    signatures = models.BooleanField("พิมพ์ช่องลงชื่อ", default=False)
    paper = models.CharField("กระดาษ", max_length=10, choices=[(name, name) for name in PAPERS], blank=True)
    margin_top = models.PositiveSmallIntegerField("ขอบบน", null=True, blank=True)
    margin_right = models.PositiveSmallIntegerField("ขอบขวา", null=True, blank=True)
    margin_bottom = models.PositiveSmallIntegerField("ขอบล่าง", null=True, blank=True)
    margin_left = models.PositiveSmallIntegerField("ขอบซ้าย", null=True, blank=True)

    class Meta:
        verbose_name = "แบบพิมพ์ของหน่วยงาน"
        verbose_name_plural = "แบบพิมพ์ของหน่วยงาน"
        constraints = [
            models.CheckConstraint(name="report_form_paper_known", condition=Q(paper__in=["", *PAPERS])),
            *[
                models.CheckConstraint(
                    name=f"report_form_margin_{side}_in_range",
                    condition=Q(**{f"margin_{side}__isnull": True}) | Q(**{f"margin_{side}__range": MARGINS}),
                )
                for side in ("top", "right", "bottom", "left")
            ],
        ]

    def __str__(self) -> str:
        return f"แบบพิมพ์ของ {self.agency}"


class Division(models.Model):
    """A กอง, สำนัก or unit of an agency."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="divisions")
    name = models.CharField("ชื่อกอง/สำนัก", max_length=150)
    position = models.PositiveSmallIntegerField("ลำดับ", default=0)

    class Meta:
        verbose_name = "กอง/สำนัก"
        verbose_name_plural = "กอง/สำนัก"
        ordering = ["agency_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="division_name_once_per_agency")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person, with dates: รักษาราชการแทน comes and goes."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField("บทบาท", max_length=20, choices=Role.choices())
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    province = models.CharField("จังหวัดที่กำกับดูแล", max_length=100, blank=True)
    starts = models.DateField("ตั้งแต่", null=True, blank=True)
    ends = models.DateField("ถึง", null=True, blank=True)

    class Meta:
        verbose_name = "บทบาท"
        verbose_name_plural = "บทบาท"
        constraints = [
            models.CheckConstraint(
                name="membership_scope_fits_role",
                condition=Q(role__in=IN_DIVISION, agency__isnull=False, division__isnull=False, province="")
                | Q(role__in=IN_AGENCY, agency__isnull=False, division__isnull=True, province="")
                | (Q(role=Role.PROVINCE, agency__isnull=True, division__isnull=True) & ~Q(province=""))
                | Q(role=Role.ADMIN, agency__isnull=True, division__isnull=True, province=""),
                violation_error_message="ขอบเขต (หน่วยงาน กอง จังหวัด) ไม่ตรงกับบทบาท",
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=models.F("starts")),
                violation_error_message="วันสิ้นสุดอยู่ก่อนวันเริ่ม",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {Role(self.role).label}"
