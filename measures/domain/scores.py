"""Recording scores as they were received; contradictions stand beside each other until a person chooses."""

from decimal import Decimal

from django.db import transaction

from measures.domain import audit
from measures.models import Agency, Framework, Indicator, OITItem, Question, Score, User


@transaction.atomic
def add_score(
    *,
    actor: User | None,
    agency: Agency,
    framework: Framework,
    target: Indicator | OITItem | Question | None,
    value: Decimal,
    level: str = "",
    chosen: bool = False,
    source: str = "",
) -> Score:
    """A score of the framework's year; without a target it is the total."""
    column = {Indicator: "indicator", OITItem: "oit_item", Question: "question"}
    where = {column[type(target)]: target} if target is not None else {}
    row = Score.objects.create(
        agency=agency, framework=framework, value=value, level=level, chosen=chosen, source=source, **where
    )
    after = {
        "target": str(target) if target else "total",
        "value": str(value),
        "chosen": chosen,
        "source": source,
    }
    audit.record(actor=actor, agency=agency, action="score.add", target=row, after=after)
    return row
