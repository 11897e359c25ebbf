"""What the database itself refuses: rows of one plan pointing into another, and any change of the audit trail.

Foreign keys cannot say that two rows share a plan, so triggers do, on SQLite and PostgreSQL alike. The migrations
install them from here; tests that flush take them down and put them back with the same SQL.
A migration that rebuilds one of these tables on SQLite must end with `install` again: SQLite drops them with it.
"""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class SameParent:
    """Of `table`, the row that `column` names must have the same `theirs` as our `ours` (SQL expressions)."""

    table: str
    column: str
    ours: str
    target: str
    theirs: str

    @property
    def name(self) -> str:
        return f"{self.table}_{self.column}_agrees"


_FRAMEWORK_OF_PLAN = "(SELECT framework_id FROM measures_plan WHERE id = NEW.plan_id)"
_AGENCY_OF_PLAN = "(SELECT agency_id FROM measures_plan WHERE id = NEW.plan_id)"
_ANALYSED_OF_ISSUE = (
    "(SELECT p.analysed_id FROM measures_plan p JOIN measures_issue i ON i.plan_id = p.id WHERE i.id = NEW.issue_id)"
)
_AGENCY_OF_ITEM = (
    "(SELECT p.agency_id FROM measures_plan p JOIN measures_workitem w ON w.plan_id = p.id "
    "WHERE w.id = NEW.workitem_id)"
)
_PLAN_OF_ITEM = "(SELECT plan_id FROM measures_workitem WHERE id = NEW.work_item_id)"

SAME_PARENT = (
    SameParent("measures_workitem", "measure_id", "NEW.plan_id", "measures_measure", "plan_id"),
    SameParent("measures_workitem", "issue_id", "NEW.plan_id", "measures_issue", "plan_id"),
    SameParent("measures_workitem", "indicator_id", _FRAMEWORK_OF_PLAN, "measures_indicator", "framework_id"),
    SameParent("measures_workitem", "oit_item_id", _FRAMEWORK_OF_PLAN, "measures_oititem", "framework_id"),
    SameParent("measures_workitem", "lead_division_id", _AGENCY_OF_PLAN, "measures_division", "agency_id"),
    SameParent(
        "measures_workitem_supporting_divisions",
        "division_id",
        _AGENCY_OF_ITEM,
        "measures_division",
        "agency_id",
    ),
    SameParent("measures_measure", "issue_id", "NEW.plan_id", "measures_issue", "plan_id"),
    SameParent("measures_measure", "indicator_id", _FRAMEWORK_OF_PLAN, "measures_indicator", "framework_id"),
    SameParent("measures_issue", "indicator_id", _FRAMEWORK_OF_PLAN, "measures_indicator", "framework_id"),
    SameParent("measures_issuepoint", "question_id", _ANALYSED_OF_ISSUE, "measures_question", "framework_id"),
    SameParent("measures_issuepoint", "oit_item_id", _ANALYSED_OF_ISSUE, "measures_oititem", "framework_id"),
    SameParent("measures_progressentry", "round_id", _PLAN_OF_ITEM, "measures_round", "plan_id"),
    SameParent("measures_caution", "work_item_id", "NEW.plan_id", "measures_workitem", "plan_id"),
    SameParent("measures_caution", "issue_id", "NEW.plan_id", "measures_issue", "plan_id"),
    SameParent("measures_score", "indicator_id", "NEW.framework_id", "measures_indicator", "framework_id"),
    SameParent("measures_score", "oit_item_id", "NEW.framework_id", "measures_oititem", "framework_id"),
    SameParent("measures_score", "question_id", "NEW.framework_id", "measures_question", "framework_id"),
    SameParent("measures_oititem", "sub_indicator_id", "NEW.framework_id", "measures_subindicator", "framework_id"),
    SameParent("measures_subindicator", "indicator_id", "NEW.framework_id", "measures_indicator", "framework_id"),
    SameParent("measures_question", "indicator_id", "NEW.framework_id", "measures_indicator", "framework_id"),
    SameParent("measures_membership", "division_id", "NEW.agency_id", "measures_division", "agency_id"),
)

# The other end of the agreement: a parent may not move to another plan, agency or framework under its children.
FIXED = (
    ("measures_measure", "plan_id"),
    ("measures_issue", "plan_id"),
    ("measures_workitem", "plan_id"),
    ("measures_round", "plan_id"),
    ("measures_plan", "agency_id"),
    ("measures_division", "agency_id"),
    ("measures_indicator", "framework_id"),
    ("measures_subindicator", "framework_id"),
    ("measures_oititem", "framework_id"),
    ("measures_question", "framework_id"),
)

AUDIT = "measures_auditevent"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger, replacing those that exist."""
    uninstall(connection)
    build = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for statement in build():
            cursor.execute(statement)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger that exists."""
    with connection.cursor() as cursor:
        for name, table in names():
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}_insert")
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}_update")


def names() -> list[tuple[str, str]]:
    """Name and table of each rule's trigger (on SQLite the name carries _insert or _update)."""
    return [
        *((rule.name, rule.table) for rule in SAME_PARENT),
        *((f"{table}_{column}_fixed", table) for table, column in FIXED),
        (f"{AUDIT}_append_only", AUDIT),
        (f"{AUDIT}_no_truncate", AUDIT),
        (f"{AUDIT}_no_replace", AUDIT),
    ]


def _sqlite() -> list[str]:
    statements = []
    for rule in SAME_PARENT:
        condition = (
            f"NEW.{rule.column} IS NOT NULL AND "
            f"(SELECT {rule.theirs} FROM {rule.target} WHERE id = NEW.{rule.column}) IS NOT {rule.ours}"
        )
        for event in ("insert", "update"):
            statements.append(_sqlite_trigger(rule.name, rule.table, event, event.upper(), condition, rule.name))
    for table, column in FIXED:
        name = f"{table}_{column}_fixed"
        statements.append(
            _sqlite_trigger(name, table, "update", f"UPDATE OF {column}", f"NEW.{column} IS NOT OLD.{column}", name)
        )
    refusal = f"{AUDIT} is append-only"
    # The insert rule catches REPLACE, which deletes without firing DELETE triggers unless recursive_triggers is on.
    taken = f"EXISTS (SELECT 1 FROM {AUDIT} WHERE id = NEW.id OR (chain = NEW.chain AND sequence = NEW.sequence))"
    statements += [
        _sqlite_trigger(f"{AUDIT}_no_replace", AUDIT, "insert", "INSERT", taken, refusal),
        _sqlite_trigger(f"{AUDIT}_append_only", AUDIT, "update", "UPDATE", "1", refusal),
        _sqlite_trigger(f"{AUDIT}_no_truncate", AUDIT, "update", "DELETE", "1", refusal),
    ]
    return statements


def _sqlite_trigger(name: str, table: str, suffix: str, event: str, condition: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {name}_{suffix} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql() -> list[str]:
    statements: list[str] = []
    for rule in SAME_PARENT:
        condition = (
            f"NEW.{rule.column} IS NOT NULL AND (SELECT {rule.theirs} FROM {rule.target} WHERE id = NEW.{rule.column}) "
            f"IS DISTINCT FROM {rule.ours}"
        )
        statements += _postgresql_trigger(rule.name, rule.table, "BEFORE INSERT OR UPDATE", condition, rule.name)
    for table, column in FIXED:
        name = f"{table}_{column}_fixed"
        changed = f"NEW.{column} IS DISTINCT FROM OLD.{column}"
        statements += _postgresql_trigger(name, table, f"BEFORE UPDATE OF {column}", changed, name)
    refusal = f"{AUDIT} is append-only"
    statements += _postgresql_trigger(f"{AUDIT}_append_only", AUDIT, "BEFORE UPDATE OR DELETE", "TRUE", refusal)
    statements += _postgresql_trigger(
        f"{AUDIT}_no_truncate", AUDIT, "BEFORE TRUNCATE", "TRUE", refusal, level="STATEMENT"
    )
    return statements


def _postgresql_trigger(
    name: str, table: str, event: str, condition: str, message: str, level: str = "ROW"
) -> tuple[str, str]:
    function = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    return function, f"CREATE TRIGGER {name} {event} ON {table} FOR EACH {level} EXECUTE FUNCTION {name}()"
