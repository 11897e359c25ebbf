"""Exports for tests, made by the writes that the pages and the worker use."""

import hashlib

from measures.models import Plan, User
from reports.background import jobs
from reports.background.asking import Ask, ask_for_report
from reports.models import Export

CONTENT = b"what the worker made"


def ask_of(plan: Plan, *, period: str = "round1", format: str = "xlsx") -> Ask:
    """One report of the plan."""
    return ask_for_report(plan, period=period, layout="", format=format, allow_partial=False)


def make_export(user: User, plan: Plan, *, content: bytes = CONTENT, period: str = "round1") -> Export:
    """A finished export of the plan, with its file."""
    held = jobs.take(jobs.start(actor=user, ask=ask_of(plan, period=period)).pk)
    assert held is not None
    part = jobs.part_of(held)
    part.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    assert jobs.publish(held, part, sha256=sha256, size=len(content), notes="", total=1)
    return Export.objects.get(pk=held.pk)
