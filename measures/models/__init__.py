"""The tables of the portal, by room."""

from measures.models.audit import AuditEvent, AuditHead
from measures.models.framework import (
    CalendarEvent,
    Framework,
    Indicator,
    InstrumentWeight,
    LevelRule,
    OITElement,
    OITItem,
    Question,
    SubIndicator,
)
from measures.models.people import Agency, Division, Membership, ReportForm, User
from measures.models.plan import (
    Caution,
    Issue,
    IssuePoint,
    Measure,
    Narrative,
    Plan,
    PlanLayout,
    PrintedText,
    Step,
    WorkItem,
)
from measures.models.round import Evidence, ProgressEntry, Round, StoredSnapshot
from measures.models.score import Score

__all__ = [
    "Agency",
    "AuditEvent",
    "AuditHead",
    "CalendarEvent",
    "Caution",
    "Division",
    "Evidence",
    "Framework",
    "Indicator",
    "InstrumentWeight",
    "Issue",
    "IssuePoint",
    "LevelRule",
    "Measure",
    "Membership",
    "Narrative",
    "OITElement",
    "OITItem",
    "Plan",
    "PlanLayout",
    "PrintedText",
    "ProgressEntry",
    "Question",
    "ReportForm",
    "Round",
    "Score",
    "Step",
    "StoredSnapshot",
    "SubIndicator",
    "User",
    "WorkItem",
]
