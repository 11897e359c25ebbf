"""The fast way to a PDF beside the stock way: the same pages, pixel for pixel, with the same text, outline and tags."""

import inspect
import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest
import weasyprint
from pypdf import PdfReader
from weasyprint import draw
from weasyprint import pdf as writing
from weasyprint.draw import text as drawing
from weasyprint.layout import block
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream
from weasyprint.text import line_break

from reports.compose import compose
from reports.document import Document
from reports.layout import layouts
from reports.renderers import PdfOptions
from reports.renderers.pdf import patches, text_layer
from reports.renderers.pdf import render as pdf
from reports.renderers.pdf.lines import Recorder
from reports.renderers.pdf.measure import wrap
from reports.renderers.pdf.pages import plan
from tests.reports.plans import PLANS, snapshot_of

OPTIONS = {
    "plain": PdfOptions(),
    "accessible": PdfOptions(accessible=True),
    "archival": PdfOptions(archival=True),
    "both": PdfOptions(archival=True, accessible=True),
}


def report(slug: str) -> Document:
    snapshot = snapshot_of(slug)
    return compose(snapshot, layouts()[snapshot.layout]).document


def both_ways(document: Document, options: PdfOptions = OPTIONS["plain"]) -> tuple[bytes, bytes]:
    pages = plan(document, wrap)
    return pdf.render_stock(document, pages, options, b"{}"), pdf.render_cached(document, pages, options, b"{}")


def each_page(content: bytes, look: Callable[[Any], Any]) -> list[Any]:
    found = []
    with pypdfium2.PdfDocument(content) as opened:
        for page in opened:
            found.append(look(page))
            page.close()
    return found


def picture(page: Any) -> bytes:
    pixels: bytes = page.render(scale=1).to_pil().tobytes()
    return pixels


def text(page: Any) -> str:
    opened = page.get_textpage()
    words: str = opened.get_text_range()
    opened.close()
    return words


def outline(content: bytes) -> list[tuple[str, int, object]]:
    reader = PdfReader(io.BytesIO(content))

    def entries(items: Any) -> Iterator[tuple[str, int, object]]:
        for item in items:
            if isinstance(item, list):
                yield from entries(item)
            else:
                yield str(item.title), reader.get_destination_page_number(item) or 0, item.top

    return list(entries(reader.outline))


def structure(content: bytes) -> list[tuple[str, str, int]]:
    """Of each element of the tree its tag, its attributes but for numbers of objects, and its page, in order."""
    with pikepdf.open(io.BytesIO(content)) as file:
        pages = {page.objgen: number for number, page in enumerate(file.pages)}

        def walk(element: Any) -> Iterator[tuple[str, str, int]]:
            attributes = {key: str(value) for key, value in element.get("/A", {}).items()}
            page = pages[element.Pg.objgen] if "/Pg" in element else -1
            yield str(element.S), str(sorted(attributes.items())), page
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                    yield from walk(kid)

        return [entry for kid in file.Root.StructTreeRoot.K for entry in walk(kid)]


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_pages_are_those_of_the_stock_way(slug: str) -> None:
    stock, fast = both_ways(report(slug))
    assert each_page(fast, picture) == each_page(stock, picture)
    assert each_page(fast, text) == each_page(stock, text)
    assert outline(fast) == outline(stock)
    assert PdfReader(io.BytesIO(fast)).metadata == PdfReader(io.BytesIO(stock)).metadata


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "plain"])
@pytest.mark.parametrize("slug", ["mueangkhong", "bungmai"])
def test_marked_files_are_those_of_the_stock_way(slug: str, name: str) -> None:
    stock, fast = both_ways(report(slug), OPTIONS[name])
    assert each_page(fast, picture) == each_page(stock, picture)
    with pikepdf.open(io.BytesIO(stock)) as first, pikepdf.open(io.BytesIO(fast)) as second:
        assert set(second.Root) == set(first.Root)
        assert [set(page.obj) for page in second.pages] == [set(page.obj) for page in first.pages]
        assert second.check_pdf_syntax() == []
    if OPTIONS[name].accessible:
        assert structure(fast) == structure(stock)


def test_each_piece_of_a_tagged_page_belongs_to_one_element() -> None:
    _, fast = both_ways(report("bungmai"), OPTIONS["accessible"])
    with pikepdf.open(io.BytesIO(fast)) as file:
        numbers = file.Root.StructTreeRoot.ParentTree.Nums
        for number, page in enumerate(file.pages):
            owners = numbers[2 * int(page.StructParents) + 1]
            operations = pikepdf.parse_content_stream(page)
            marked = [o.operands[1].MCID for o in operations if str(o.operator) == "BDC" and "/MCID" in o.operands[1]]
            assert sorted(map(int, marked)) == list(range(len(owners))), number
            assert all(int(owner.K[0] if isinstance(owner.K, pikepdf.Array) else owner.K) >= 0 for owner in owners)


def test_untested_version_takes_the_stock_way(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(weasyprint, "__version__", "99.0")
    monkeypatch.setattr(pdf, "render_cached", lambda *_: pytest.fail("the fast way"))
    assert pdf.render(report("krathok")).startswith(b"%PDF")
    assert "patches not tested with WeasyPrint 99.0" in caplog.text


def test_weasyprint_is_left_as_it_was() -> None:
    before = block._linebox_layout, draw.draw_text, drawing.draw_first_line, Font.clean, writing.add_tags
    both_ways(report("krathok"), OPTIONS["accessible"])
    with pytest.raises(RuntimeError, match="inside"), patches.merged_lines(Recorder()):
        raise RuntimeError("inside")
    after = block._linebox_layout, draw.draw_text, drawing.draw_first_line, Font.clean, writing.add_tags
    assert after == before


PIECES = {
    block._linebox_layout: "context, box, index, child, new_children, page_is_empty, absolute_boxes, fixed_boxes, "
    "adjoining_margins, bottom_space, position_y, skip_stack, first_letter_style, first_line_style, "
    "draw_bottom_decoration, max_lines",
    draw.draw_text: "stream, textbox, offset_x, text_overflow, block_ellipsis",
    drawing.draw_first_line: "stream, textbox, text_overflow, block_ellipsis, matrix",
    writing.add_tags: "pdf, document, pdf_version, page_streams",
    line_break.create_layout: "text, style, context, max_width, justification_spacing",
    line_break.line_size: "line, style",
    line_break.strut: "style",
    line_break._font_style_cache_key: "style, include_size",
    weasyprint.HTML._ua_stylesheets: "self, forms",
    Font.clean: "self, to_unicode, hinting",
    Stream.__init__: "self, fonts, page_rectangle, resources, images, tags, color_profiles, output_intent, "
    "args, kwargs",
    weasyprint.Document.__init__: "self, pages, metadata, url_fetcher, font_config, color_profiles, output_intent",
}


def test_weasyprint_is_the_one_that_the_patches_know() -> None:
    known = f"WeasyPrint {weasyprint.__version__} differs from the one that reports/renderers knows; see patches.py"
    assert weasyprint.__version__ in text_layer.TESTED_VERSIONS, known
    for piece, parameters in PIECES.items():
        now = ", ".join(inspect.signature(piece).parameters)
        assert now == parameters, f"{known}: {piece.__qualname__}({now})"
