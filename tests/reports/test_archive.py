"""Archival and accessible PDF: what can be seen of both standards without a validator."""

import io
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from measures.snapshot import from_data, to_json
from measures.thai import fold
from reports.compose import compose
from reports.document import Emblem, Heading, Table, Title
from reports.layout import layouts
from reports.renderers import PdfOptions
from reports.renderers.pdf import render as pdf
from reports.renderers.pdf.measure import wrap
from reports.renderers.pdf.pages import plan
from tests.reports.forms import FULL, snapshot_with
from tests.reports.plans import PLANS
from tests.reports.reading import pdf_text

BOTH, ARCHIVAL, ACCESSIBLE = PdfOptions(True, True), PdfOptions(archival=True), PdfOptions(accessible=True)
LEAVES = {"/P", "/TD", "/TH", "/H1", "/H2", "/H3", "/Figure"}
FORBIDDEN = {
    "/JavaScript",
    "/JS",
    "/Launch",
    "/Sound",
    "/Movie",
    "/OpenAction",
    "/AA",
    "/Encrypt",
    "/XFA",
    "/LZWDecode",
}


@cache
def made(slug: str, options: PdfOptions) -> bytes:
    snapshot = snapshot_with(slug=slug)
    return pdf.render(compose(snapshot, layouts()[snapshot.layout]).document, options, to_json(snapshot))


def opened(slug: str, options: PdfOptions) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made(slug, options)))


def elements(file: pikepdf.Pdf) -> Iterator[Any]:
    """The structure elements in reading order."""

    def below(element: Any) -> Iterator[Any]:
        yield element
        for kid in element.get("/K", []):
            if isinstance(kid, pikepdf.Dictionary):
                yield from below(kid)

    (document,) = file.Root.StructTreeRoot.K
    yield from below(document)


def pieces(element: Any) -> list[int]:
    return [int(kid) for kid in element.get("/K", []) if not isinstance(kid, pikepdf.Dictionary)]


def fonts(file: pikepdf.Pdf) -> list[Any]:
    return [font for font in file.objects if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/Font"]


@pytest.mark.parametrize("slug", sorted(PLANS))
@pytest.mark.parametrize("options", [BOTH, ARCHIVAL, ACCESSIBLE], ids=["both", "archival", "accessible"])
def test_file_says_what_it_is(slug: str, options: PdfOptions) -> None:
    file = opened(slug, options)
    assert file.check_pdf_syntax() == []
    packet = file.Root.Metadata.read_bytes().decode()
    assert ("<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in packet) == options.archival
    assert ("<pdfuaid:part>1</pdfuaid:part>" in packet) == options.accessible
    assert ("pdfaExtension:schemas" in packet) == (options == BOTH)
    with file.open_metadata() as metadata:
        assert metadata["dc:title"] == str(file.docinfo["/Title"])
        assert metadata["dc:creator"] == [str(file.docinfo["/Author"])]
        assert metadata["pdf:Producer"] == str(file.docinfo["/Producer"])
    assert str(file.Root.Lang) == "th"
    assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
    assert ("/MarkInfo" in file.Root) == ("/StructTreeRoot" in file.Root) == options.accessible


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_archive_carries_its_data_and_colours_and_fonts(slug: str) -> None:
    file = opened(slug, ARCHIVAL)
    (intent,) = file.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    assert intent.DestOutputProfile.N == 3
    (attached,) = file.Root.AF
    assert attached.AFRelationship == "/Data"
    assert (str(attached.F), str(attached.UF)) == ("snapshot.json", "snapshot.json")
    stream = attached.EF.F
    assert (str(stream.Subtype), int(stream.Params.Size)) == ("/application/json", len(stream.read_bytes()))
    assert file.attachments["snapshot.json"].get_file().read_bytes() == stream.read_bytes()
    assert to_json(from_data(json.loads(stream.read_bytes()))) == to_json(snapshot_with(slug=slug))
    assert "/ID" in file.trailer
    for font in fonts(file):
        if "/FontDescriptor" in font:
            assert "/FontFile2" in font.FontDescriptor
    assert {str(font.Subtype) for font in fonts(file)} == {"/Type0", "/CIDFontType2"}


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_archive_has_nothing_forbidden(slug: str) -> None:
    file = opened(slug, BOTH)
    for item in file.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            assert not FORBIDDEN & set(item.keys())
            assert not item.get("/Interpolate", False)
            assert str(item.get("/S", "")) not in FORBIDDEN
            assert str(item.get("/Filter", "")) not in FORBIDDEN
    assert "/Encrypt" not in file.trailer
    for font in fonts(file):
        if "/ToUnicode" in font:
            texts = re.findall(rb"> <([0-9a-f]*)>", font.ToUnicode.read_bytes())
            assert [text for text in texts if not text or text in {b"0000", b"feff", b"fffe"}] == []


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_tables_are_tables_with_headers_of_columns(slug: str) -> None:
    snapshot = snapshot_with(slug=slug)
    document = compose(snapshot, layouts()[snapshot.layout]).document
    columns = {len(block.columns) for block in document.blocks if isinstance(block, Table)}
    found = list(elements(file := opened(slug, BOTH)))
    assert file.pages
    tables = [element for element in found if element.S == "/Table"]
    assert len(tables) >= sum(isinstance(block, Table) for block in document.blocks)
    for table in tables:
        assert [str(part.S) for part in table.K] in (["/THead", "/TBody"], ["/THead"])
        grid = [[(cell, int(cell.A.get("/ColSpan", 1))) for cell in row.K] for part in table.K for row in part.K]
        assert sum(width for _, width in grid[0]) in columns
        assert {str(row.S) for part in table.K for row in part.K} == {"/TR"}
        assert {str(cell.S) for row in table.K[0].K for cell in row.K} == {"/TH"}
        assert {str(cell.A.Scope) for row in table.K[0].K for cell in row.K} == {"/Column"}
        assert {str(cell.S) for part in list(table.K)[1:] for row in part.K for cell in row.K} <= {"/TD"}
    assert not [element for element in found if "/ID" in element or "/Headers" in element.get("/A", {})]


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_headings_skip_no_level_and_pictures_have_a_text(slug: str) -> None:
    found = list(elements(file := opened(slug, BOTH)))
    assert file.pages
    levels = [int(str(element.S)[2:]) for element in found if re.fullmatch(r"/H\d", str(element.S))]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    (figure,) = [element for element in found if element.S == "/Figure"]
    assert str(figure.Alt).startswith("ตรา")
    left, bottom, right, top = (float(edge) for edge in figure.A.BBox)
    assert round((top - bottom) * 25.4 / 72) == 20
    assert 0 < left < right < 330 * 72 / 25.4
    assert 0 < bottom < top < 210 * 72 / 25.4


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_all_that_is_painted_is_an_element_or_an_artifact(slug: str) -> None:
    """Each piece belongs to one element, that of the parent tree; page numbers are artifacts."""
    file = opened(slug, BOTH)
    owners: dict[Any, dict[int, Any]] = {}
    for element in elements(file):
        if pieces(element):
            assert str(element.S) in LEAVES
        for piece in pieces(element):
            assert owners.setdefault(element.Pg.objgen, {}).setdefault(piece, element.objgen) == element.objgen
    parents = dict(zip(*[iter(file.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    for number, page in enumerate(file.pages):
        marked, depth, artifact, numbered = [], 0, False, False
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                assert depth == 0
                depth += 1
                artifact = operands[0] == "/Artifact"
                if not artifact:
                    marked.append(int(operands[1].MCID))
            elif name == "EMC":
                depth -= 1
            elif name in ("Tj", "TJ", "Do", "f", "S", "sh"):
                assert depth == 1, name
                numbered |= artifact and name in ("Tj", "TJ")
        assert depth == 0
        assert sorted(marked) == sorted(owners.get(page.objgen, {}))
        assert numbered == (number > 0)
        found = {piece: parent.objgen for piece, parent in enumerate(parents[number]) if parent is not None}
        assert found == owners.get(page.objgen, {})


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_outline_names_titles_headings_and_indicators(slug: str) -> None:
    snapshot = snapshot_with(slug=slug)
    document = compose(snapshot, layouts()[snapshot.layout]).document
    wanted = []
    for block in document.blocks:
        match block:
            case Title():
                wanted.append(" ".join(" ".join(block.lines).split()))
            case Heading():
                wanted.append(" ".join(block.text.split()))
            case Table():
                wanted += [row.bookmark for row in block.rows if row.bookmark]
    found: list[str] = []
    file = opened(slug, PdfOptions())

    def collect(items: Any) -> None:
        for item in items:
            found.append(item.title)
            collect(item.children)

    with file.open_outline() as outline:
        collect(outline.root)
    assert found == wanted
    assert len(found) > 2


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_tags_and_archive_leave_the_text_as_it_is(slug: str, tmp_path: Path) -> None:
    plain = pdf_text(made(slug, PdfOptions()), tmp_path)
    assert "ำ" in plain
    assert pdf_text(made(slug, BOTH), tmp_path) == plain
    assert fold("ลงชื่อ") in fold(plain)


@pytest.mark.parametrize("slug", ["arunnikhom", "krathok"])
def test_structure_is_the_same_with_and_without_remembered_pages(slug: str) -> None:
    snapshot = snapshot_with(slug=slug)
    document = compose(snapshot, layouts()[snapshot.layout]).document
    stock = pikepdf.open(io.BytesIO(pdf.render_stock(document, plan(document, wrap), BOTH, to_json(snapshot))))
    remembered = opened(slug, BOTH)

    def told(file: pikepdf.Pdf) -> list[tuple[str, dict[str, str]]]:
        found = [(str(e.S), {str(k): str(v) for k, v in e.get("/A", {}).items()}) for e in elements(file)]
        assert len(found) > 50
        return found

    assert told(stock) == told(remembered)
    assert stock.Root.Metadata.read_bytes() == remembered.Root.Metadata.read_bytes()


def test_data_of_a_plain_report_is_not_attached() -> None:
    file = opened("krathok", ACCESSIBLE)
    assert dict(file.attachments) == {}
    assert "/OutputIntents" not in file.Root


def test_picture_with_transparency_stays_one() -> None:
    snapshot = snapshot_with(slug="krathok")
    first = compose(snapshot, layouts()[snapshot.layout]).document.blocks[0]
    assert isinstance(first, Emblem)
    assert first.image == FULL.emblem
    file = opened("krathok", ARCHIVAL)
    images = [item for item in file.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"]
    assert len(images) == 2  # the picture and its mask
