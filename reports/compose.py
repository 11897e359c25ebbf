"""compose(snapshot, layout): the document as printed, and the work items that the layout has no place for. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from measures.snapshot import Snapshot
from measures.thai import normalise, show_digits
from reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Emblem,
    Heading,
    Margins,
    Metadata,
    Page,
    Paragraph,
    Row,
    Signatures,
    Table,
    Title,
    map_texts,
)
from reports.fields import BOXES_FIELD, FIELDS, boxes_and_result, indicator_heading, labelled
from reports.layout import (
    ColumnSpec,
    EmblemSpec,
    Layout,
    MemoSpec,
    NarrativeSpec,
    SignaturesSpec,
    TableSpec,
    TitleSpec,
)
from reports.placeholders import fill
from reports.rows import ROW_KINDS, RowData

BOOKMARK_LENGTH = 120  # letters
NOTHING = "-"  # printed in each cell of a table that has no row


@dataclass(frozen=True)
class Leftover:
    """A work item without a place in the layout: its id, and in words what it is."""

    id: int
    text: str


@dataclass(frozen=True)
class Composed:
    document: Document
    leftovers: tuple[Leftover, ...]


def compose(snapshot: Snapshot, layout: Layout) -> Composed:
    """`snapshot` in the form of `layout`; digits are shown by the agency's switch, once, in every text."""
    blocks: list[Block] = []
    placed: set[int] = set()
    for spec in layout.blocks:
        match spec:
            case EmblemSpec() if snapshot.form.emblem:
                blocks.append(Emblem(snapshot.form.emblem, f"ตรา{snapshot.agency.name}", spec.height))
            case MemoSpec() if snapshot.form.memo_number:
                blocks.append(Paragraph(fill(spec.text, snapshot), indent=False))
            case TitleSpec():
                lines = (fill(line, snapshot) for line in spec.lines)
                blocks.append(Title(tuple(line for line in lines if line)))
            case NarrativeSpec():
                blocks.extend(_narrative(snapshot, spec.section))
            case SignaturesSpec() if snapshot.form.signatures or not spec.on_request:
                blocks.append(Signatures(tuple(fill(role, snapshot) for role in spec.roles)))
            case TableSpec():
                rows = list(ROW_KINDS[spec.rows].rows(snapshot))
                placed.update(item.id for row in rows for item in row.items)
                blocks.extend(_table(snapshot, spec, rows))
    titles = [line for block in blocks if isinstance(block, Title) for line in block.lines]
    document = Document(
        metadata=Metadata(" ".join(titles) or layout.name, snapshot.agency.name),
        page=_page(snapshot, layout),
        blocks=tuple(blocks),
    )
    shown = map_texts(document, lambda text: show_digits(normalise(text), snapshot.thai_digits))
    return Composed(shown, tuple(_leftovers(snapshot, placed)))


def _page(snapshot: Snapshot, layout: Layout) -> Page:
    """The layout's page, but paper and margins as the agency wishes."""
    wishes = {side: getattr(snapshot.form, f"margin_{side}") for side in ("top", "right", "bottom", "left")}
    margins: Margins = replace(layout.margins, **{side: white for side, white in wishes.items() if white is not None})
    return Page(
        orientation=layout.orientation,
        font_size=layout.font_size,
        number_format=layout.page_number,
        number_from=layout.page_number_from,
        thai_digits=snapshot.thai_digits,
        paper=snapshot.form.paper or layout.paper,
        margins=margins,
    )


def _narrative(snapshot: Snapshot, section: str) -> Iterator[Block]:
    for narrative in snapshot.narratives:
        if narrative.section == section and narrative.kind == "heading":
            yield Heading(narrative.text)
        elif narrative.section == section:
            yield from (Paragraph(line) for line in narrative.text.split("\n") if line.strip())


def _table(snapshot: Snapshot, spec: TableSpec, rows: list[RowData]) -> Iterator[Block]:
    """The table, or one a heading where the form is broken by headings."""
    if spec.heading:
        yield Heading(fill(spec.heading, snapshot))
    columns = tuple(
        Column(fill(column.label, snapshot), column.width, fill(column.over, snapshot), column.align)
        for column in spec.columns
    )
    for headings, part in _sections(spec, rows):
        yield from headings
        yield Table(
            columns=columns,
            rows=_merge(snapshot, spec, part) if part else (Row(tuple(Cell((NOTHING,)) for _ in columns)),),
            running_heading=fill(spec.running_heading, snapshot),
            continued=spec.continued,
        )


def _sections(spec: TableSpec, rows: list[RowData]) -> Iterator[tuple[list[Heading], list[RowData]]]:
    """Runs of rows with the headings that open them; a suppressed heading opens nothing."""
    if not spec.headings or not rows:
        yield [], rows
        return
    open_headings: list[Heading] = []
    part: list[RowData] = []
    for above, row in zip([None, *rows], rows, strict=False):
        headings = _headings(spec, above, row)
        if headings and part:
            yield open_headings, part
            part = []
        if headings or not part:
            open_headings = headings
        part.append(row)
    yield open_headings, part


def _headings(spec: TableSpec, above: RowData | None, row: RowData) -> list[Heading]:
    """The sub-indicator's heading, marked as continued where it repeats, and the group's."""
    sub, item = row.sub_indicator, row.oit_item
    new_sub = above is None or above.sub_indicator != sub
    new_group = (
        "oit_group" in spec.headings
        and item is not None
        and (new_sub or above is None or above.oit_item is None or above.oit_item.group != item.group)
    )
    group = ""
    if new_group and item:
        group = item.group if item.group_heading is None else item.group_heading
    title = ""
    if "sub_indicator" in spec.headings and sub and (new_sub or group):
        title = f"ตัวชี้วัดย่อยที่ {sub.code} {sub.name}" if sub.heading is None else sub.heading
        if title and not new_sub:
            title = labelled(title, spec.continued)
    return [Heading(text, level) for text, level in ((title, 2), (group, 3)) if text]


def _merge(snapshot: Snapshot, spec: TableSpec, rows: list[RowData]) -> tuple[Row, ...]:
    """The rows' cells. A cell reaches over the rows of its span, and over rows below whose value is None."""
    levels = _levels(spec, rows)
    columns = [_column_cells(snapshot, spec, column, rows, levels) for column in spec.columns]
    bookmarks = _bookmarks(spec, rows)
    return tuple(Row(cells, mark) for cells, mark in zip(zip(*columns, strict=True), bookmarks, strict=True))


def _bookmarks(spec: TableSpec, rows: list[RowData]) -> list[str]:
    """What each row opens in the outline: an indicator, or else the outermost group; "" where nothing new begins.

    A form that is broken by headings has those in its outline.
    """
    if spec.headings:
        return [""] * len(rows)
    part = "indicator" if all(row.indicator for row in rows) else next(iter(spec.groups), "")
    if not part:
        return [""] * len(rows)
    opens = [above is None or above.key(part) != row.key(part) for above, row in zip([None, *rows], rows, strict=False)]
    return [_bookmark(row, part) if new else "" for row, new in zip(rows, opens, strict=True)]


def _bookmark(row: RowData, part: str) -> str:
    if part == "indicator":
        text = indicator_heading(row.indicator)
    else:
        opened = row.issue if part == "issue" else row.measure
        text = labelled(opened.label, opened.text) if opened else ""
    text = " ".join(text.split())
    return text if len(text) <= BOOKMARK_LENGTH else text[: BOOKMARK_LENGTH - 1] + "…"


def _levels(spec: TableSpec, rows: list[RowData]) -> list[int]:
    """For each row the place in `spec.groups` of the outermost group that begins there; the length where none does."""
    levels = [0]
    for above, row in pairwise(rows):
        changed = (level for level, group in enumerate(spec.groups) if row.key(group) != above.key(group))
        levels.append(next(changed, len(spec.groups)))
    return levels


def _column_cells(
    snapshot: Snapshot, spec: TableSpec, column: ColumnSpec, rows: list[RowData], levels: list[int]
) -> list[Cell | None]:
    depth = len(spec.groups)
    group = column.spans if column.spans in spec.groups else ""
    limit = spec.groups.index(group) if group else depth
    starts: list[tuple[int, str]] = []
    for index, row in enumerate(rows):
        if index and group and levels[index] > limit:
            continue
        same_group = index and levels[index] == depth
        if same_group and column.spans == "item" and row.key("item") == rows[index - 1].key("item"):
            continue
        value = _value(snapshot, column, row)
        if value is None and index and levels[index] >= limit:
            continue
        starts.append((index, value or ""))
    cells: list[Cell | None] = [None] * len(rows)
    for (start, text), end in zip(starts, [*(start for start, _ in starts[1:]), len(rows)], strict=True):
        paragraphs = tuple(line for line in text.split("\n") if line.strip())
        cells[start] = Cell(paragraphs, end - start, bool(group) and column.repeat)
    return cells


def _value(snapshot: Snapshot, column: ColumnSpec, row: RowData) -> str | None:
    if column.field == BOXES_FIELD:
        return boxes_and_result(row, column.boxes)
    return FIELDS[column.field].value(snapshot, row)


def _leftovers(snapshot: Snapshot, placed: set[int]) -> Iterator[Leftover]:
    """Work items that no table printed, each told by what it hangs on."""
    for measure in snapshot.measures:
        for item in measure.items:
            if item.id not in placed:
                yield Leftover(item.id, f"มาตรการ {labelled(measure.label, measure.text)}")
    for issue in snapshot.issues:
        for item in issue.items:
            if item.id not in placed:
                yield Leftover(item.id, f"ประเด็น {labelled(issue.label, issue.text)}".strip())
    indicators = {indicator.number: indicator for indicator in snapshot.indicators}
    for item in snapshot.indicator_work:
        if item.id not in placed:
            yield Leftover(item.id, indicator_heading(indicators.get(item.indicator or 0)))
    names = {oit.code: oit.name for oit in snapshot.oit_items}
    for item in snapshot.oit_work:
        if item.id not in placed:
            yield Leftover(item.id, f"ข้อ {item.oit_code} {names.get(item.oit_code, '')}".strip())
