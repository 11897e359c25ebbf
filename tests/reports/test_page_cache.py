"""The page cache: what comes out of it is what would come without it, whatever was made before; and it stays small."""

from dataclasses import replace

import pytest

from reports.document import Cell, Column, Document, Heading, Metadata, Page, Paragraph, Row, Table, Title
from reports.renderers import PdfOptions, RenderError
from reports.renderers.pdf import lines
from reports.renderers.pdf import render as pdf
from reports.renderers.pdf.lines import MIB, Bounded
from reports.renderers.pdf.measure import wrap
from reports.renderers.pdf.page_cache import PageCache
from reports.renderers.pdf.pages import plan
from tests.reports.plans import PLANS
from tests.reports.test_patches import each_page, picture, report, text

TAGGED = PdfOptions(accessible=True)


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> PageCache:
    """An empty cache in place of the process's own."""
    empty = PageCache()
    monkeypatch.setattr(pdf, "CACHE", empty)
    return empty


def table(*texts: str) -> Document:
    rows = tuple(Row((Cell((words,)), Cell(()))) for words in texts)
    block = Table((Column("ข้อความ", 90), Column("", 10)), rows)
    return Document(Metadata("ชื่อ", "หน่วยงาน"), Page("landscape", 11, "- {page} -", 2), (Title(("ชื่อ",)), block))


def edited(document: Document, number: int, words: str) -> Document:
    """The document with a word more in one cell of each table, the `number`-th row of it."""

    def change(block: object) -> object:
        if not isinstance(block, Table):
            return block
        at = number % len(block.rows)
        cells = list(block.rows[at].cells)
        place = max(index for index, cell in enumerate(cells) if cell is not None)
        cell = cells[place]
        assert cell is not None
        cells[place] = replace(cell, paragraphs=(*cell.paragraphs[:-1], f"{''.join(cell.paragraphs[-1:])} {words}"))
        rows = (*block.rows[:at], replace(block.rows[at], cells=tuple(cells)), *block.rows[at + 1 :])
        return replace(block, rows=rows)

    return replace(document, blocks=tuple(change(block) for block in document.blocks))  # type: ignore[misc]


def fresh(document: Document, options: PdfOptions = TAGGED) -> bytes:
    """The document as a process makes it that has made nothing before."""
    kept, pdf.CACHE = pdf.CACHE, PageCache()
    try:
        return pdf.render(document, options)
    finally:
        pdf.CACHE = kept


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_edited_report_is_the_one_made_from_nothing(slug: str, cache: PageCache) -> None:
    """Byte for byte, after edits that leave the breaks and such that move them, with letters seen and unseen."""
    document = report(slug)
    pdf.render(document, TAGGED)
    for number, words in [(3, "ด"), (1, "ฬฤๅ ฯลฯ ฿๑,๐๐๐"), (7, "ดำเนินการแล้ว " * 60), (0, "น้ำฎุ๋ฏู้")]:
        changed = edited(document, number, words)
        assert pdf.render(changed, TAGGED) == fresh(changed)
    assert pdf.render(document, TAGGED) == fresh(document)


def test_edited_pages_are_those_of_the_stock_way(cache: PageCache) -> None:
    document = report("mueangkhong")
    pdf.render(document)
    changed = edited(document, 2, "ทดสอบแก้ไข ☐ ☑ 12")
    stock = pdf.render_stock(changed, plan(changed, wrap))
    fast = pdf.render(changed)
    assert each_page(fast, picture) == each_page(stock, picture)
    assert each_page(fast, text) == each_page(stock, text)


def test_only_the_page_that_changed_is_painted_again(cache: PageCache, monkeypatch: pytest.MonkeyPatch) -> None:
    document = table(*[f"แถวที่ {number}" for number in range(150)])
    pdf.render(document, TAGGED)
    before = len(cache.pages)
    assert before > 3
    pdf.render(edited(document, 100, "แก้"), TAGGED)
    assert len(cache.pages) == before + 1


def test_moved_page_gets_its_new_number(cache: PageCache) -> None:
    document = table(*[f"แถวที่ {number}" for number in range(150)])
    pdf.render(document)
    front = replace(document, blocks=(Paragraph("ความนำ " * 2_000), *document.blocks))
    assert pdf.render(front) == fresh(front, PdfOptions())


def test_headings_after_others_keep_their_levels(cache: PageCache) -> None:
    """The level of a heading depends on the page before, the page itself does not."""
    rows = table(*["ก"] * 60).blocks
    deep = replace(table("ก"), blocks=(Title(("ชื่อ",)), Heading("ส่วน", 3), *rows, Heading("ย่อย", 3), *rows))
    shallow = replace(deep, blocks=(Title(("ชื่อ",)), Heading("ส่วน", 2), *rows, Heading("ย่อย", 3), *rows))
    for document in (deep, shallow, deep):
        assert pdf.render(document, TAGGED) == fresh(document)


def test_missing_letter_leaves_nothing_behind(cache: PageCache) -> None:
    good = table("ผลงานดี", "ก")
    with pytest.raises(RenderError, match="U\\+10FFFD"):
        pdf.render(table("ผลงานดี", "\U0010fffd"))
    assert pdf.render(good) == fresh(good, PdfOptions())


def test_what_cannot_be_kept_is_made_the_stock_way(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, cache: PageCache
) -> None:
    """Here because the planner is wrong: what it takes for one page needs three. WeasyPrint breaks it by itself."""
    document = table("ก", "ข")
    monkeypatch.setattr(pdf, "plan", lambda whole, wrap: ((*whole.blocks, *[Paragraph("ค")] * 60),))
    content = pdf.render(document)
    assert len(each_page(content, text)) == 1
    assert "made without the cache" in caplog.text
    assert "printed without a plan" in caplog.text


def test_page_cache_stays_within_its_bounds(cache: PageCache) -> None:
    cache.pages.limit, cache.recorder.lines.limit = MIB // 4, MIB // 4
    for number in range(5):
        document = table(*[f"ชุดที่ {number} แถวที่ {row}" for row in range(200)])
        assert pdf.render(document) == fresh(document, PdfOptions())
        assert max(cache.pages.weight, cache.recorder.lines.weight) <= MIB // 4


def test_letters_without_end_do_not_use_up_the_codes(cache: PageCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_COMPOSITES", 50)
    for first in range(4):
        letters = [chr(0x0E01 + first * 8 + number) for number in range(8)]
        marks = ["ิ", "ี", "ึ", "ื", "ุ", "ู", "ำ", "ั"]
        document = table(*[f"{letter}{mark}้ {letter}{mark}" for letter in letters for mark in marks])
        assert pdf.render(document) == fresh(document, PdfOptions())


class Weight:
    def __init__(self, weight: int) -> None:
        self.weight = weight


def test_bounded_forgets_what_was_used_longest_ago() -> None:
    kept: Bounded[Weight] = Bounded(10)
    for name in "abc":
        kept.put(name, Weight(3))
    kept.get("a")
    kept.put("d", Weight(3))
    assert [name for name in "abcd" if kept.get(name)] == ["a", "c", "d"]
    assert kept.weight == 9
    kept.put("a", Weight(1))
    assert (len(kept), kept.weight) == (3, 7)
