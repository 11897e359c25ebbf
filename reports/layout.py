"""Layouts: one TOML a form. What TOML cannot say wrongly is not checked; everything else is an error with its place."""

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from measures.enums import Period, Section, Status
from measures.snapshot import MARGINS, PAPERS
from reports.document import Margins
from reports.fields import BOXES_FIELD, FIELDS, Boxes
from reports.layout_file import LayoutError, Part
from reports.rows import ROW_KINDS, RowKind

DIRECTORY = Path(__file__).parent / "layouts"
MAX_COLUMNS = 16
ORIENTATIONS = ("landscape", "portrait")
ALIGNS = ("left", "center", "right")
DEFAULT_BOXES = Boxes()
DEFAULT_MARGINS = Margins()
WHITE = asdict(DEFAULT_MARGINS)
EMBLEM_HEIGHTS = (10, 50)  # millimetres
SIGNERS = {"landscape": 4, "portrait": 3}  # places to sign that fit side by side


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
class EmblemSpec:
    """The agency's emblem, where it has one; `height` in millimetres."""

    height: int = 20


@dataclass(frozen=True)
class MemoSpec:
    """The line with the number of the memo, where the period has one."""

    text: str = "ที่ {memo_number}"


@dataclass(frozen=True)
class SignaturesSpec:
    """Who signs, side by side; `on_request`: only where the agency wishes its reports signed."""

    roles: tuple[str, ...]
    on_request: bool = False


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


BlockSpec = EmblemSpec | MemoSpec | TitleSpec | NarrativeSpec | SignaturesSpec | TableSpec


@dataclass(frozen=True)
class Layout:
    """`periods` are those that the form is made for; `font_size` is in points, margins are in millimetres.

    Page numbers show from page `page_number_from` on. An agency may wish for another paper and other margins.
    """

    key: str
    name: str
    periods: tuple[str, ...]
    blocks: tuple[BlockSpec, ...]
    orientation: str = "landscape"
    font_size: int = 11
    page_number: str = "- {page} -"
    page_number_from: int = 2
    paper: str = "A4"
    margins: Margins = DEFAULT_MARGINS


def layouts(directory: Path = DIRECTORY) -> dict[str, Layout]:
    """Every layout of a directory by its key. Raises LayoutError for the first that is wrong."""
    return {path.stem: load_layout(path) for path in sorted(directory.glob("*.toml"))}


def load_layout(path: Path) -> Layout:
    """The layout of one TOML file. Raises LayoutError (Thai, file and key) for anything that is not understood."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise LayoutError(f"แบบรายงาน {path.name}: อ่านแฟ้ม TOML ไม่ได้ ({error})") from error
    layout = _layout(Part(path.name, "", data))
    if layout.key != path.stem:
        raise LayoutError(f"แบบรายงาน {path.name}: key ต้องตรงกับชื่อแฟ้ม แต่เป็น “{layout.key}”")
    return layout


def _layout(part: Part) -> Layout:
    part.check_keys(Layout, {f"margin_{side}" for side in WHITE}, without={"margins"})
    periods = part.texts("periods", [period.value for period in Period])
    if not periods:
        raise part.error("periods", "ต้องมีอย่างน้อยหนึ่งช่วงเวลา")
    if not part.text("name").strip():
        raise part.error("name", "ต้องมีชื่อ")
    page_number = part.text("page_number", default="- {page} -")
    if (page_number and page_number.count("{page}") != 1) or set("{}") & set(page_number.replace("{page}", "")):
        raise part.error("page_number", "ต้องมี {page} หนึ่งแห่ง หรือเว้นว่างเมื่อไม่พิมพ์เลขหน้า")
    orientation = part.text("orientation", ORIENTATIONS, "landscape")
    return Layout(
        key=part.text("key"),
        name=part.text("name"),
        periods=periods,
        blocks=tuple(_block(block, orientation) for block in part.parts("blocks")),
        orientation=orientation,
        font_size=part.number("font_size", 8, 18, 11),
        page_number=page_number,
        page_number_from=part.number("page_number_from", 1, 99, 2),
        paper=part.text("paper", PAPERS, "A4"),
        margins=Margins(**{side: part.number(f"margin_{side}", *MARGINS, white) for side, white in WHITE.items()}),
    )


def _block(part: Part, orientation: str) -> BlockSpec:
    kind = part.text("kind", ("emblem", "memo", "title", "narrative", "table", "signatures"))
    match kind:
        case "emblem":
            part.check_keys(EmblemSpec, {"kind"})
            return EmblemSpec(part.number("height", *EMBLEM_HEIGHTS, EmblemSpec.height))
        case "memo":
            part.check_keys(MemoSpec, {"kind"})
            return MemoSpec(part.template("text", MemoSpec.text))
        case "title":
            part.check_keys(TitleSpec, {"kind"})
            return TitleSpec(part.templates("lines"))
        case "narrative":
            part.check_keys(NarrativeSpec, {"kind"})
            return NarrativeSpec(part.text("section", [section.value for section in Section]))
        case "signatures":
            return _signatures(part, orientation)
    return _table(part)


def _signatures(part: Part, orientation: str) -> SignaturesSpec:
    part.check_keys(SignaturesSpec, {"kind"})
    roles, most = part.templates("roles"), SIGNERS[orientation]
    if not 1 <= len(roles) <= most:
        raise part.error("roles", f"ต้องมี 1–{most} ตำแหน่งเมื่อกระดาษเป็น {orientation} แต่มี {len(roles)}")
    return SignaturesSpec(roles, part.flag("on_request", False))


def _table(part: Part) -> TableSpec:
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


def _column(part: Part, kind: RowKind, groups: tuple[str, ...]) -> ColumnSpec:
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


def _boxes(part: Part) -> Boxes:
    """`boxes` maps a status to the number of its box; `box_labels` are the printed labels."""
    labels = part.texts("box_labels") or DEFAULT_BOXES.labels
    ticks = part.data.get("boxes")
    if ticks is None:
        return Boxes(labels) if len(labels) == len(DEFAULT_BOXES.labels) else Boxes(labels, ())
    if not isinstance(ticks, dict):
        raise part.error("boxes", f"ต้องเป็นตารางสถานะกับลำดับช่อง แต่เป็น {ticks!r}")
    inner = Part(part.file, f"{part.place}.boxes", ticks)
    for status in ticks:
        if status not in set(Status):
            raise inner.error(status, f"ไม่รู้จักสถานะนี้ ที่ใช้ได้คือ {', '.join(Status)}")
    return Boxes(labels, tuple((Status(status), inner.number(status, 1, len(labels))) for status in ticks))
