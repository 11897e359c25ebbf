"""export(snapshot, layout, format): the file of a report, or a Thai message that says why there is none."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from measures.enums import Period
from measures.snapshot import Snapshot, to_json
from measures.thai import show_digits
from reports.compose import Composed, Leftover, compose
from reports.data_table import data_tables
from reports.kept_pdfs import kept
from reports.layout import Layout, layouts
from reports.renderers import RENDERERS, PdfOptions, RenderError

PDF, EXCEL = "pdf", "xlsx"
NAME_LENGTH = 80  # letters of a leftover's name in messages


class ExportError(ValueError):
    """A report that cannot be made as asked; the message is Thai."""


class UnknownLayout(ExportError):
    """There is no layout of that name."""


class UnknownFormat(ExportError):
    """There is no such file format."""


class PeriodError(ExportError):
    """The layout is not made for the period."""


class LeftoverError(ExportError):
    """The layout has no place for some work items, and nobody said that this is all right."""


def layout_named(name: str) -> Layout:
    """The layout of that key. Raises UnknownLayout."""
    known = layouts()
    if name not in known:
        raise UnknownLayout(f"ไม่มีแบบรายงาน “{name}” ที่มีคือ {', '.join(known)}")
    return known[name]


def export(
    snapshot: Snapshot,
    layout: Layout,
    format: str,
    allow_partial: bool = False,
    pdf: PdfOptions | None = None,
    frozen: bool = False,
) -> bytes:
    """The report as a file of `format` (a suffix of RENDERERS); `pdf` is for PDF alone. Raises ExportError.

    `frozen`: the content will never change, so that its PDF is worth keeping.
    """
    if format not in RENDERERS:
        raise UnknownFormat(f"ไม่มีแฟ้มแบบ “{format}” ที่มีคือ {', '.join(RENDERERS)}")
    if pdf and format != PDF:
        raise UnknownFormat("แฟ้มเพื่อเก็บถาวรหรือเพื่อโปรแกรมอ่านออกเสียงมีเฉพาะ PDF")
    composed = composed_for(snapshot, layout)
    if composed.leftovers and not allow_partial:
        raise LeftoverError(leftover_message(composed.leftovers, layout, snapshot.thai_digits))
    try:
        options = {"options": pdf, "data": to_json(snapshot)} if pdf else {}
        document = replace(composed.document, data=data_tables(snapshot)) if format == EXCEL else composed.document
        make = partial(RENDERERS[format].render, document, **options)
        return kept(snapshot, document, pdf or PdfOptions(), make) if frozen and format == PDF else make()
    except RenderError as error:
        raise ExportError(str(error)) from error


def composed_for(snapshot: Snapshot, layout: Layout) -> Composed:
    """The report, leftovers and all. Raises PeriodError where the layout is not made for the period."""
    if snapshot.period not in layout.periods:
        made_for = " ".join(Period(period).label for period in layout.periods)
        raise PeriodError(f"แบบรายงาน “{layout.name}” ไม่ได้ทำไว้สำหรับ{Period(snapshot.period).label} ใช้ได้กับ: {made_for}")
    return compose(snapshot, layout)


def leftover_message(leftovers: Iterable[Leftover], layout: Layout, thai_digits: bool) -> str:
    """What the layout has no place for, by name."""
    names = leftover_names(leftovers, thai_digits)
    listed = "\n".join(f"- {name}" for name in names)
    text = f"แบบรายงาน “{layout.name}” ไม่มีที่พิมพ์ {len(names)} รายการ:\n{listed}"
    return show_digits(text, thai_digits)


def leftover_names(leftovers: Iterable[Leftover], thai_digits: bool) -> list[str]:
    """Each leftover in one short line."""
    texts = (show_digits(" ".join(leftover.text.split()), thai_digits) for leftover in leftovers)
    return [text if len(text) <= NAME_LENGTH else text[: NAME_LENGTH - 1] + "…" for text in texts]
