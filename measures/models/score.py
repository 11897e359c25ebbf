"""Scores of the ITA as they were received: several may stand, at most one of a target is chosen."""

from django.db import models
from django.db.models import Q

from measures.models.constraints import at_most_one, only
from measures.models.framework import Framework, Indicator, OITItem, Question
from measures.models.people import Agency

SCORE_TARGETS = ("indicator", "oit_item", "question")


class Score(models.Model):
    """A score (0 to 100) of an indicator, OIT item or question of the framework's year; without a target, the total."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="scores")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="scores")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    oit_item = models.ForeignKey(OITItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    value = models.DecimalField("คะแนน", max_digits=5, decimal_places=2)
    level = models.CharField("ระดับตามที่พิมพ์", max_length=100, blank=True)
    chosen = models.BooleanField("ใช้ค่านี้", default=False)
    source = models.CharField("ที่มา", max_length=300, blank=True)

    class Meta:
        verbose_name = "คะแนน"
        verbose_name_plural = "คะแนน"
        constraints = [
            models.CheckConstraint(condition=at_most_one(*SCORE_TARGETS), name="score_has_at_most_one_target"),
            models.CheckConstraint(condition=Q(value__gte=0, value__lte=100), name="score_in_range"),
            *[
                models.UniqueConstraint(
                    fields=["agency", name],
                    condition=only(name, *SCORE_TARGETS) & Q(chosen=True),
                    name=f"score_chosen_once_per_{name}",
                )
                for name in SCORE_TARGETS
            ],
            models.UniqueConstraint(
                fields=["agency", "framework"],
                condition=Q(**{f"{name}__isnull": True for name in SCORE_TARGETS}, chosen=True),
                name="score_total_chosen_once",
            ),
        ]
