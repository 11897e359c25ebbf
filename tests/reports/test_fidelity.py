"""Every text of the five plans stands in the exported files: in Excel in its column and order, in PDF at 99 %.

What to expect is read from fixtures/plans/*.toml here, apart from snapshot, fields and compose.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from measures.thai import fold
from reports.export import export
from reports.layout import layouts
from tests.reports.plans import PLANS, framework, plan_data, snapshot_of
from tests.reports.reading import pdf_text, sheet_columns, sheet_text

Data = dict[str, Any]


@cache
def exported(slug: str, format: str) -> bytes:
    snapshot = snapshot_of(slug)
    return export(snapshot, layouts()[snapshot.layout], format)


def joined(label: str, text: str) -> str:
    return f"{label}{text}"


def steps(item: Data) -> str:
    return "".join(joined(step["label"], step["text"]) for step in item.get("steps", []))


def printed(data: Data, target: str, field: str) -> str | None:
    texts = [t["text"] for t in data.get("printed_texts", []) if (t["target"], t["field"]) == (target, field)]
    return texts[0] if texts else None


def indicator(data: Data, number: int) -> str:
    """The indicator as its heading prints it."""
    heading = printed(data, f"indicator:{number}", "heading")
    if heading is not None:
        return heading
    names = {i["number"]: i["name"] for i in framework(data["plan"]["framework"])["indicators"]}
    return f"ตัวชี้วัดที่ {number} {printed(data, f'indicator:{number}', 'name') or names[number]}"


def runs(values: list[Any]) -> list[Any]:
    """The values without repetitions of the one before."""
    return [value for number, value in enumerate(values) if not number or values[number - 1] != value]


def results(item: Data) -> list[str]:
    return [entry["result"] for entry in item.get("entries", []) if "result" in entry]


def boxed(item: Data) -> str:
    (entry,) = item["entries"]
    assert entry["status"] == "DONE"
    return "☐ ยังไม่ได้ดำเนินการ ☑ ดำเนินการ" + entry["result"]


def points(issue: Data, data: Data) -> list[tuple[str, str, str]]:
    """Code, text and score of each point."""
    rules = framework(data["plan"]["analysed_year"])
    texts = {row["code"]: row.get("text", row.get("name", "")) for row in rules["questions"] + rules["oit_items"]}
    found = []
    for point in issue.get("points", []):
        code = point["code"]
        own = printed(data, f"question:{code}", "question") or printed(data, f"oit_item:{code}", "name")
        found.append((code, own or texts[code], point.get("score", "")))
    return found


def yangsisurat(data: Data) -> Iterator[tuple[str, list[str]]]:
    measures = data["measures"]
    items = [item for measure in measures for item in measure["items"]]
    numbers = runs([measure["indicator"] for measure in measures])
    yield "ตัวชี้วัด", [indicator(data, number) for number in numbers]
    yield "การประเมิน", [printed(data, f"indicator:{number}", "assessment") or "" for number in numbers]
    yield "มาตรการ", [joined(measure["label"], measure["text"]) for measure in measures]
    yield "ขั้นตอน/วิธีการปฏิบัติ", [joined(s["label"], s["text"]) for item in items for s in item.get("steps", [])]
    yield "แนวทางการกำกับติดตาม", [item.get("monitoring", "") for item in items]
    yield "ผลการดำเนินการ", [text for item in items for text in results(item)]


def krathok(data: Data) -> Iterator[tuple[str, list[str]]]:
    issues = data["issues"]
    items = [item for issue in issues for item in issue["items"]]
    cells, last = [], None
    for issue in issues:
        opening = indicator(data, issue["indicator"]) if issue["indicator"] != last else ""
        questions = "".join(f"{code}{text}" for code, text, _ in points(issue, data))
        cells.append(opening + joined(issue["label"], issue["text"]) + questions)
        last = issue["indicator"]
    yield "ประเด็นที่ต้องปรับปรุงแก้ไข/ประเด็นที่ต้องพัฒนา", cells
    yield "ผู้รับผิดชอบ", [item["responsible"] for item in items]
    yield "ขั้นตอนหรือวิธีการ/มาตรการ", [steps(item) for item in items]
    yield "การรายงานผลและการกำกับติดตาม กำหนดเวลาแล้วเสร็จ", [item["monitoring"] for item in items]
    yield "การดำเนินการ", [text for item in items for text in results(item)]


def arunnikhom(data: Data) -> Iterator[tuple[str, list[str]]]:
    issues = data["issues"]
    scores = {score["target"]: score["value"] for score in data["scores"]}
    numbers = runs([issue["indicator"] for issue in issues])
    yield (
        "ตัวชี้วัด",
        [
            indicator(data, n) + (printed(data, f"indicator:{n}", "score_label") or "") + scores[f"indicator:{n}"]
            for n in numbers
        ],
    )
    yield "ประเด็นที่ต้องปรับปรุง", [joined(issue["label"], issue["text"]) for issue in issues]
    yield "แนวทางการปรับปรุงแก้ไข", ["".join(map(steps, issue.get("items", []))) for issue in issues]
    for label, field in (("ผู้รับผิดชอบ", "responsible"), ("การตรวจติดตามประเมินผล", "monitoring")):
        yield label, ["".join(item.get(field, "") for item in issue.get("items", [])) for issue in issues]
    measures = data["measures"]
    items = [item for measure in measures for item in measure["items"]]
    yield "มาตรการ/แนวทาง", [joined(measure["label"], measure["text"]) for measure in measures]
    yield "วิธีดำเนินการ", [joined(s["label"], s["text"]) for item in items for s in item["steps"]]
    for label, field in (
        ("ผู้รับผิดชอบ", "responsible"),
        ("ระยะเวลาดำเนินการ", "period"),
        ("การติดตามประเมินผล", "monitoring"),
    ):
        yield label, [item.get(field, "") for item in items]


def mueangkhong(data: Data) -> Iterator[tuple[str, list[str]]]:
    measures = data["measures"]
    items = [item for measure in measures for item in measure["items"]]
    yield "ลำดับ", [measure["label"] for measure in measures]
    yield "มาตรการ/กิจกรรม", [measure["text"] for measure in measures]
    yield "วิธีดำเนินการ", [m["basis"] + steps(item) for m in measures for item in m["items"]]
    yield "ระยะเวลาในการดำเนินการ", [item["period"] for item in items]
    yield "ผู้รับผิดชอบ", [item["responsible"] for item in items]
    yield "สรุปผลการดำเนินการตามมาตรการหรือกิจกรรม", [text for item in items for text in results(item)]
    yield "ผลลัพธ์หรือความสำเร็จในการดำเนินการ", [item["entries"][0]["outcome"] for item in items]
    work = data["indicator_items"]
    yield "ตัวชี้วัด", [indicator(data, item["indicator"]) for item in work]
    yield "แนวทางในการยกระดับการประเมิน", [steps(item) for item in work]
    yield "ผู้รับผิดชอบ", [item["responsible"] for item in work]
    yield "ระยะเวลา", [item["period"] for item in work]
    yield "ความก้าวหน้าผลการดำเนินการ", [boxed(item) for item in work]
    rules = {item["code"]: item for item in framework(data["plan"]["framework"])["oit_items"]}
    work = data["oit_work_items"]
    yield "ข้อ", [item["code"] for item in work]
    yield "ข้อมูล", [printed(data, f"oit_item:{w['code']}", "name") or rules[w["code"]]["name"] for w in work]
    yield (
        "องค์ประกอบด้านข้อมูล",
        [
            printed(data, f"oit_item:{w['code']}", "elements")
            or "".join(f"- {element}" for element in rules[w["code"]]["elements"])
            for w in work
        ],
    )
    yield "ผู้รับผิดชอบ", [item["responsible"] for item in work]
    yield "ความก้าวหน้าผลการดำเนินการ", [boxed(item) for item in work]


def bungmai(data: Data) -> Iterator[tuple[str, list[str]]]:
    issues = data["issues"]
    rows = [point for issue in issues for point in points(issue, data)]
    assert len(rows) == 101
    yield "ประเด็น", [joined(issue["label"], issue["text"]) for issue in issues]
    yield "ข้อคำถาม ITA", [code + text for code, text, _ in rows]
    yield "คะแนนที่ได้รับ", [score for *_, score in rows]
    yield "ผลการวิเคราะห์ข้อมูล", [issue["analysis"] for issue in issues]
    yield (
        "มาตรการ",
        ["".join(joined(m["label"], m["text"]) for m in data["measures"] if m["issue"] == i["key"]) for i in issues],
    )
    items = [item for issue in issues for item in issue["items"]]
    yield "ขั้นตอน/วิธีการปฏิบัติ", [steps(item) for item in items]
    yield "ระยะเวลาดำเนินการ", [item["period"] for item in items]
    yield "ส่วนงานที่รับผิดชอบ", [item["responsible"] for item in items]


EXPECTED: dict[str, Callable[[Data], Iterator[tuple[str, list[str]]]]] = {
    "yangsisurat": yangsisurat,
    "krathok": krathok,
    "arunnikhom": arunnikhom,
    "mueangkhong": mueangkhong,
    "bungmai": bungmai,
}


def expected(slug: str) -> list[tuple[str, list[str]]]:
    columns = EXPECTED[slug](plan_data(slug))
    return [(fold(label), [fold(text) for text in texts if text]) for label, texts in columns]


def test_every_agency_of_the_fixtures_is_compared() -> None:
    assert PLANS.keys() == EXPECTED.keys()


@pytest.mark.parametrize("slug", sorted(EXPECTED))
def test_excel_has_every_cell_in_its_column_and_order(slug: str) -> None:
    found = list(sheet_columns(exported(slug, "xlsx")))
    assert [label for label, _ in found] == [label for label, _ in expected(slug)]
    for (label, cells), (_, wanted) in zip(found, expected(slug), strict=True):
        assert cells == wanted, label


@pytest.mark.parametrize("slug", sorted(EXPECTED))
def test_narrative_stands_in_both_files(slug: str, tmp_path: Path) -> None:
    wanted = [fold(text["text"]) for text in plan_data(slug).get("narratives", [])]
    excel, pdf = sheet_text(exported(slug, "xlsx")), fold(pdf_text(exported(slug, "pdf"), tmp_path))
    assert [text for text in wanted if text not in excel] == []
    assert [text for text in wanted if text not in pdf] == []


@pytest.mark.parametrize("slug", sorted(EXPECTED))
def test_pdf_text_has_every_cell(slug: str, tmp_path: Path) -> None:
    """As one piece of text, or as two where a page break divides it."""
    text = fold(pdf_text(exported(slug, "pdf"), tmp_path))
    cells = [cell for label, texts in expected(slug) for cell in [label, *texts]]
    divided = [cell for cell in cells if cell not in text]
    assert len(divided) <= len(cells) / 6
    assert [cell for cell in divided if not any(cell[:n] in text and cell[n:] in text for n in range(len(cell)))] == []
