"""The append-only trail: one hash chain per agency. Rows hold ids and labels, no foreign keys.

The database refuses UPDATE, DELETE, REPLACE and TRUNCATE of events (measures.triggers).
"""

from django.db import models


class AuditEvent(models.Model):
    """One change. `hash` covers the row and the hash before it; `sequence` counts within the chain from 1."""

    chain = models.CharField(max_length=60)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(max_length=300)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "บันทึกการเปลี่ยนแปลง"
        verbose_name_plural = "บันทึกการเปลี่ยนแปลง"
        ordering = ["chain", "sequence"]
        indexes = [models.Index(fields=["object_kind", "object_id"], name="audit_by_object")]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_sequence_once")]


class AuditHead(models.Model):
    """Where a chain stands: the row that writers of one agency lock in turn."""

    chain = models.CharField(max_length=60, primary_key=True)
    sequence = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
