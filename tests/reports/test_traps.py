"""Known traps of printing Thai with WeasyPrint, kept out of our reports; and a round in which nobody wrote a word."""

import re
from pathlib import Path

import pytest

from measures.thai import fold
from reports.compose import compose
from reports.export import export, layout_named
from reports.renderers import RENDERERS, html
from reports.renderers.fonts import font_faces
from tests.reports.plans import PLANS, snapshot_of
from tests.reports.reading import pdf_text, sheet_text


def test_a_print_family_is_one_whole_file_for_each_weight() -> None:
    """Sarabun's Thai and Latin files under one family, told apart by unicode-range, print wrong glyphs."""
    faces = re.findall(r'font-family: "([^"]+)"; font-weight: (\d+)', font_faces())
    assert len(faces) == font_faces().count("@font-face")
    assert len(set(faces)) == len(faces)
    assert "unicode-range" not in font_faces()


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_a_report_holds_no_svg(slug: str) -> None:
    """Thai in SVG <text> prints dotted circles: labels of charts in print are HTML."""
    snapshot = snapshot_of(slug)
    document = compose(snapshot, layout_named(snapshot.layout)).document
    assert "<svg" not in html.page(document, html.blocks(document.blocks))


@pytest.mark.parametrize("suffix", RENDERERS)
def test_a_round_without_a_word_is_printed(suffix: str, tmp_path: Path) -> None:
    snapshot = snapshot_of("yangsisurat", "round2")
    assert all(item.entry is None for item in snapshot.work_items())
    content = export(snapshot, layout_named("round-progress"), suffix)
    step = fold(snapshot.measures[0].items[0].steps[0].text)[:20]
    if suffix == "pdf":
        assert step in fold(pdf_text(content, tmp_path))
    if suffix == "xlsx":
        assert step in sheet_text(content)
