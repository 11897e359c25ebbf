"""Layouts: one TOML a form. What TOML cannot say wrongly is not checked; everything else is an error with its place."""

import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from measures.enums import Period, Section, Status
from reports.fields import BOXES_FIELD, FIELDS, Boxes
from reports.placeholders import PLACEHOLDERS, names_in
from reports.rows import ROW_KINDS, RowKind

DIRECTORY = Path(__file__).parent / "layouts"
MAX_COLUMNS = 16
ORIENTATIONS = ("landscape", "portrait")
ALIGNS = ("left", "center", "right")
DEFAULT_BOXES = Boxes()


class LayoutError(ValueError):
    """A layout file that cannot be used; the message names file and key, in Thai."""


@dataclass(frozen=True)
class ColumnSpec:
    """`spans`: a group, "item" (rows of one work item) or "step"/"" (each row its own cell).

    `repeat`: whether a group's text stands again where the group runs on to another page.
    """

    label: str
    field: str
    width: int
    over: str = ""
    spans: str = ""
    align: str = "left"
    repeat: bool = True
    boxes: Boxes = DEFAULT_BOXES


@dataclass(frozen=True)
class TitleSpec:
    lines: tuple[str, ...]


@dataclass(frozen=True)
class NarrativeSpec:
    section: str


@dataclass(frozen=True)
class SignaturesSpec:
    roles: tuple[str, ...]


@dataclass(frozen=True)
class TableSpec:
    """`headings`: a heading and a new table at each change of these; `groups`: merged groups, outermost first."""

    rows: str
    columns: tuple[ColumnSpec, ...]
    heading: str = ""
    running_heading: str = ""
    groups: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    continued: str = "(ต่อ)"


BlockSpec = TitleSpec | NarrativeSpec | SignaturesSpec | TableSpec


@dataclass(frozen=True)
class Layout:
    """`periods` are those that the form is made for; `font_size` is in points.

    Page numbers show from page `page_number_from` on.
    """

    key: str
    name: str
    periods: tuple[str, ...]
    blocks: tuple[BlockSpec, ...]
    orientation: str = "landscape"
    font_size: int = 11
    page_number: str = "- {page} -"
    page_number_from: int = 2


def layouts(directory: Path = DIRECTORY) -> dict[str, Layout]:
    """Every layout of a directory by its key. Raises LayoutError for the first that is wrong."""
    return {path.stem: load_layout(path) for path in sorted(directory.glob("*.toml"))}


def load_layout(path: Path) -> Layout:
    """The layout of one TOML file. Raises LayoutError (Thai, file and key) for anything that is not understood."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise LayoutError(f"แบบรายงาน {path.name}: อ่านแฟ้ม TOML ไม่ได้ ({error})") from error
    layout = _layout(_Part(path.name, "", data))
    if layout.key != path.stem:
        raise LayoutError(f"แบบรายงาน {path.name}: key ต้องตรงกับชื่อแฟ้ม แต่เป็น “{layout.key}”")
    return layout


class _Part:
    """One TOML table while it is read: each key is taken once, by type; what is left over is unknown."""

    def __init__(self, file: str, place: str, data: dict[str, Any]) -> None:
        self.file, self.place, self.data = file, place, dict(data)

    def error(self, key: str, problem: str) -> LayoutError:
        where = ".".join(part for part in (self.place, key) if part)
        return LayoutError(f"แบบรายงาน {self.file}: {where}: {problem}")

    def check_keys(self, kind: type, extra: Iterable[str] = ()) -> None:
        """Every key must be a field of the dataclass `kind`, and every field without a default must be there."""
        known = {field.name for field in fields(kind)} | set(extra)
        for key in self.data:
            if key not in known:
                raise self.error(key, f"ไม่รู้จักคีย์นี้ ที่ใช้ได้คือ {', '.join(sorted(known))}")
        for field in fields(kind):
            if field.default is MISSING and field.name not in self.data:
                raise self.error(field.name, "ต้องมีคีย์นี้")

    def text(self, key: str, choices: Iterable[str] | None = None, default: str = "") -> str:
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"ต้องเป็นข้อความ แต่เป็น {value!r}")
        if choices is not None and value not in choices:
            raise self.error(key, f"ไม่รู้จัก “{value}” ที่ใช้ได้คือ {', '.join(c for c in choices if c)}")
        return value

    def template(self, key: str) -> str:
        self._check_placeholders(key, value := self.text(key))
        return value

    def number(self, key: str, low: int, high: int, default: int = 0) -> int:
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.error(key, f"ต้องเป็นจำนวนเต็ม {low}–{high} แต่เป็น {value!r}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"ต้องเป็น true หรือ false แต่เป็น {value!r}")
        return value

    def texts(self, key: str, choices: Iterable[str] | None = None) -> tuple[str, ...]:
        values = self.data.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.error(key, f"ต้องเป็นรายการข้อความ แต่เป็น {values!r}")
        for value in values:
            if choices is not None and value not in choices:
                raise self.error(key, f"ไม่รู้จัก “{value}” ที่ใช้ได้คือ {', '.join(choices) or 'ไม่มี'}")
        return tuple(values)

    def templates(self, key: str) -> tuple[str, ...]:
        for value in (values := self.texts(key)):
            self._check_placeholders(key, value)
        return values

    def parts(self, key: str) -> list["_Part"]:
        values = self.data.get(key, [])
        if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
            raise self.error(key, f"ต้องมี [[{key}]] อย่างน้อยหนึ่งชุด")
        place = f"{self.place}.{key}" if self.place else key
        return [_Part(self.file, f"{place}[{number}]", value) for number, value in enumerate(values, 1)]

    def _check_placeholders(self, key: str, text: str) -> None:
        try:
            names = names_in(text)
        except ValueError:
            raise self.error(key, f"วงเล็บปีกกาใน “{text}” ไม่ถูกต้อง") from None
        for name in names:
            if name not in PLACEHOLDERS:
                raise self.error(key, f"ไม่รู้จัก {{{name}}} ที่ใช้ได้คือ {', '.join(PLACEHOLDERS)}")


def _layout(part: _Part) -> Layout:
    part.check_keys(Layout)
    periods = part.texts("periods", [period.value for period in Period])
    if not periods:
        raise part.error("periods", "ต้องมีอย่างน้อยหนึ่งช่วงเวลา")
    if not part.text("name").strip():
        raise part.error("name", "ต้องมีชื่อ")
    page_number = part.text("page_number", default="- {page} -")
    if (page_number and page_number.count("{page}") != 1) or set("{}") & set(page_number.replace("{page}", "")):
        raise part.error("page_number", "ต้องมี {page} หนึ่งแห่ง หรือเว้นว่างเมื่อไม่พิมพ์เลขหน้า")
    return Layout(
        key=part.text("key"),
        name=part.text("name"),
        periods=periods,
        blocks=tuple(_block(block) for block in part.parts("blocks")),
        orientation=part.text("orientation", ORIENTATIONS, "landscape"),
        font_size=part.number("font_size", 8, 18, 11),
        page_number=page_number,
        page_number_from=part.number("page_number_from", 1, 99, 2),
    )


def _block(part: _Part) -> BlockSpec:
    kind = part.text("kind", ("title", "narrative", "table", "signatures"))
    match kind:
        case "title":
            part.check_keys(TitleSpec, {"kind"})
            return TitleSpec(part.templates("lines"))
        case "narrative":
            part.check_keys(NarrativeSpec, {"kind"})
            return NarrativeSpec(part.text("section", [section.value for section in Section]))
        case "signatures":
            part.check_keys(SignaturesSpec, {"kind"})
            return SignaturesSpec(part.templates("roles"))
    return _table(part)


def _table(part: _Part) -> TableSpec:
    part.check_keys(TableSpec, {"kind"})
    kind = ROW_KINDS[part.text("rows", ROW_KINDS)]
    groups = part.texts("groups", kind.groups)
    if list(groups) != [group for group in kind.groups if group in groups]:
        raise part.error("groups", f"ต้องเรียงจากใหญ่ไปเล็กและไม่ซ้ำ: {', '.join(kind.groups)}")
    columns = part.parts("columns")
    if len(columns) > MAX_COLUMNS:
        raise part.error("columns", f"มี {len(columns)} คอลัมน์ พิมพ์ได้ไม่เกิน {MAX_COLUMNS} คอลัมน์")
    specs = tuple(_column(column, kind, groups) for column in columns)
    if (total := sum(spec.width for spec in specs)) != 100:
        raise part.error("columns", f"ความกว้าง (width) รวมกันต้องได้ 100 แต่ได้ {total}")
    return TableSpec(
        rows=part.text("rows"),
        columns=specs,
        heading=part.template("heading"),
        running_heading=part.template("running_heading"),
        groups=groups,
        headings=part.texts("headings", kind.headings),
        continued=part.text("continued", default="(ต่อ)"),
    )


def _column(part: _Part, kind: RowKind, groups: tuple[str, ...]) -> ColumnSpec:
    part.check_keys(ColumnSpec, {"box_labels"})
    name = part.text("field", FIELDS)
    if missing := FIELDS[name].needs - kind.parts:
        raise part.error("field", f"“{name}” ใช้กับแถวแบบนี้ไม่ได้ เพราะแถวไม่มี {', '.join(sorted(missing))}")
    spans = ["", *groups, *(part for part in ("item", "step") if part in kind.parts)]
    if name != BOXES_FIELD and (extra := {"boxes", "box_labels"} & part.data.keys()):
        raise part.error(min(extra), f"ใช้ได้เฉพาะกับ field = “{BOXES_FIELD}”")
    return ColumnSpec(
        label=part.template("label"),
        field=name,
        width=part.number("width", 2, 100),
        over=part.template("over"),
        spans=part.text("spans", spans),
        align=part.text("align", ALIGNS, "left"),
        repeat=part.flag("repeat", True),
        boxes=_boxes(part),
    )


def _boxes(part: _Part) -> Boxes:
    """`boxes` maps a status to the number of its box; `box_labels` are the printed labels."""
    labels = part.texts("box_labels") or DEFAULT_BOXES.labels
    ticks = part.data.get("boxes")
    if ticks is None:
        return Boxes(labels) if len(labels) == len(DEFAULT_BOXES.labels) else Boxes(labels, ())
    if not isinstance(ticks, dict):
        raise part.error("boxes", f"ต้องเป็นตารางสถานะกับลำดับช่อง แต่เป็น {ticks!r}")
    inner = _Part(part.file, f"{part.place}.boxes", ticks)
    for status in ticks:
        if status not in set(Status):
            raise inner.error(status, f"ไม่รู้จักสถานะนี้ ที่ใช้ได้คือ {', '.join(Status)}")
    return Boxes(labels, tuple((Status(status), inner.number(status, 1, len(labels))) for status in ticks))
