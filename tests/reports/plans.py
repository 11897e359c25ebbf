"""Snapshots straight from fixtures/: an oracle that shares no code with the loader, the models or the queries."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from measures.snapshot import (
    SCHEMA_VERSION,
    AgencyInfo,
    EntryInfo,
    IndicatorInfo,
    IssueInfo,
    MeasureInfo,
    NarrativeInfo,
    OITItemInfo,
    PointInfo,
    QuestionInfo,
    RoundInfo,
    Snapshot,
    StepInfo,
    SubIndicatorInfo,
    WorkItemInfo,
)

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PLANS = {path.stem.split("-")[0]: path for path in sorted((FIXTURES / "plans").glob("*.toml"))}


@cache
def framework(year: int) -> dict[str, Any]:
    return tomllib.loads((FIXTURES / "frameworks" / f"{year}.toml").read_text(encoding="utf-8"))


@cache
def plan_data(slug: str) -> dict[str, Any]:
    return tomllib.loads(PLANS[slug].read_text(encoding="utf-8"))


def snapshot_of(slug: str, period: str | None = None) -> Snapshot:
    """The plan of a demo agency for a period; without one, for the first period that it has a layout for."""
    data = plan_data(slug)
    plan = data["plan"]
    if period is None:
        period = next(iter(plan["layouts"]))
    printed = {(text["target"], text["field"]): text["text"] for text in data.get("printed_texts", [])}
    rules = framework(plan["framework"])
    analysed = plan.get("analysed_year")
    numbers = count(1)
    issue_ids = {issue["key"]: number for number, issue in enumerate(data.get("issues", []), 1)}

    def work(items: list[dict[str, Any]], indicator: int | None = None) -> tuple[WorkItemInfo, ...]:
        return tuple(_item(next(numbers), item, indicator, period) for item in items)

    return Snapshot(
        schema_version=SCHEMA_VERSION,
        agency=_agency(data["agency"]),
        year=plan["year"],
        analysed_year=analysed,
        period=period,
        layout=plan["layouts"].get(period, next(iter(plan["layouts"].values()))),
        thai_digits=data["agency"]["thai_digits"],
        round=_round(plan["year"], period),
        indicators=_indicators(rules, printed, data.get("scores", []), analysed),
        sub_indicators=tuple(
            SubIndicatorInfo(
                sub["code"],
                sub["indicator"],
                printed.get((f"sub_indicator:{sub['code']}", "name"), sub["name"]),
                printed.get((f"sub_indicator:{sub['code']}", "heading")),
            )
            for sub in rules["sub_indicators"]
        ),
        oit_items=tuple(_oit_item(item, printed) for item in rules["oit_items"]),
        questions=tuple(
            QuestionInfo(question["code"], question["indicator"], question.get("text", ""))
            for question in rules["questions"]
        ),
        narratives=tuple(
            NarrativeInfo(text["section"], text["kind"], text["text"]) for text in data.get("narratives", [])
        ),
        issues=tuple(
            IssueInfo(
                issue_ids[issue["key"]],
                issue.get("indicator"),
                issue.get("label", ""),
                issue["text"],
                issue.get("analysis", ""),
                _points(issue.get("points", []), framework(analysed), printed) if analysed else (),
                work(issue.get("items", []), issue.get("indicator")),
            )
            for issue in data.get("issues", [])
        ),
        measures=tuple(
            MeasureInfo(
                number,
                measure.get("indicator"),
                issue_ids.get(measure.get("issue")),
                measure.get("label", ""),
                measure["text"],
                measure.get("basis", ""),
                work(measure.get("items", []), measure.get("indicator")),
            )
            for number, measure in enumerate(data.get("measures", []), 1)
        ),
        indicator_work=work(data.get("indicator_items", [])),
        oit_work=work(data.get("oit_work_items", [])),
    )


def _agency(agency: dict[str, Any]) -> AgencyInfo:
    names = ("slug", "name", "short_name", "district", "province", "website")
    return AgencyInfo(**{name: agency[name] for name in names})


def _round(year: int, period: str) -> RoundInfo | None:
    match period:
        case "round1":
            return RoundInfo(1, date(year - 544, 10, 1), date(year - 543, 3, 31))
        case "round2":
            return RoundInfo(2, date(year - 543, 4, 1), date(year - 543, 9, 30))
    return None


def _indicators(
    rules: dict[str, Any], printed: dict[tuple[str, str], str], scores: list[dict[str, Any]], analysed: int | None
) -> tuple[IndicatorInfo, ...]:
    chosen = {
        score["target"]: Decimal(score["value"]) for score in scores if score["chosen"] and score["year"] == analysed
    }

    def info(indicator: dict[str, Any]) -> IndicatorInfo:
        target = f"indicator:{indicator['number']}"
        return IndicatorInfo(
            indicator["number"],
            indicator["instrument"],
            printed.get((target, "name"), indicator["name"]),
            printed.get((target, "heading")),
            printed.get((target, "assessment"), ""),
            printed.get((target, "score_label"), ""),
            chosen.get(target),
        )

    return tuple(info(indicator) for indicator in rules["indicators"])


def _oit_item(item: dict[str, Any], printed: dict[tuple[str, str], str]) -> OITItemInfo:
    target = f"oit_item:{item['code']}"
    return OITItemInfo(
        item["code"],
        printed.get((target, "name"), item.get("name", "")),
        item.get("sub_indicator", ""),
        item.get("group", ""),
        printed.get((f"group:{item['code']}", "heading")),
        tuple(item.get("elements", [])),
        printed.get((target, "elements")),
    )


def _points(
    points: list[dict[str, Any]], rules: dict[str, Any], printed: dict[tuple[str, str], str]
) -> tuple[PointInfo, ...]:
    texts = {question["code"]: question.get("text", "") for question in rules["questions"]}
    texts |= {item["code"]: item.get("name", "") for item in rules["oit_items"]}

    def info(point: dict[str, Any]) -> PointInfo:
        code = point["code"]
        text = printed.get((f"question:{code}", "question"), printed.get((f"oit_item:{code}", "name"), texts[code]))
        return PointInfo(code, text, Decimal(point["score"]) if "score" in point else None)

    return tuple(info(point) for point in points)


def _item(number: int, item: dict[str, Any], indicator: int | None, period: str) -> WorkItemInfo:
    return WorkItemInfo(
        id=number,
        indicator=item.get("indicator", indicator),
        oit_code=item.get("code", ""),
        steps=tuple(StepInfo(step["label"], step["text"]) for step in item.get("steps", [])),
        monitoring=item.get("monitoring"),
        responsible=item.get("responsible"),
        period=item.get("period"),
        lead_division=item.get("lead", ""),
        entry=_entry(item.get("entries", []), period),
    )


def _entry(entries: list[dict[str, Any]], period: str) -> EntryInfo | None:
    """The round's entry; for the year the latest one; none for the plan."""
    wanted = {"round1": (1,), "round2": (2,), "annual": (1, 2)}.get(period, ())
    found = [entry for entry in entries if entry["round"] in wanted]
    if not found:
        return None
    last = max(found, key=lambda entry: entry["round"])
    return EntryInfo(last["round"], last.get("status"), last.get("result"), last.get("outcome"))
