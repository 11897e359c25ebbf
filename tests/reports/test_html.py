"""HTML: one golden document, semantic and inert."""

from reports.document import Cell, Column, Document, Heading, Metadata, Page, Paragraph, Row, Signatures, Table, Title
from reports.renderers import html

SAMPLE = Document(
    Metadata('<ชื่อ> "หนึ่ง"', "หน่วยงาน"),
    Page(),
    (
        Title(("บรรทัด ๑", "บรรทัด <๒>")),
        Paragraph("ย่อหน้า & ข้อความ"),
        Heading("หัวข้อ", 3),
        Table(
            (Column("ก", 40), Column("ข", 35, "บน"), Column("ค", 25, "บน", "center")),
            (
                Row((Cell(("ช",), 2), Cell(("๑.", "๒.")), Cell(("<b>",))), '"'),
                Row((None, Cell(()), Cell(("๓",)))),
            ),
            running_heading="หัวทุกหน้า",
        ),
        Signatures(("ผู้รายงาน",)),
    ),
)
GOLDEN = """<article class="report" lang="th">
<h1>บรรทัด ๑
บรรทัด &lt;๒&gt;</h1>
<p>ย่อหน้า &amp; ข้อความ</p>
<h3>หัวข้อ</h3>
<table>
<colgroup><col width="40%"><col width="35%"><col width="25%"></colgroup>
<thead>
<tr class="running"><th colspan="3">หัวทุกหน้า</th></tr>
<tr><th scope="col" rowspan="2">ก</th><th scope="colgroup" colspan="2">บน</th></tr>
<tr><th scope="col">ข</th><th scope="col">ค</th></tr>
</thead>
<tbody>
<tr data-bookmark="&quot;"><td rowspan="2">ช</td><td><p>๑.</p><p>๒.</p></td><td class="center">&lt;b&gt;</td></tr>
<tr><td></td><td class="center">๓</td></tr>
</tbody>
</table>
<div class="signatures of-1"><p>ลงชื่อ .................................... ผู้รายงาน
(....................................)
ตำแหน่ง ....................................
วันที่ ....................................</p></div>
</article>
"""


def test_fragment_is_golden() -> None:
    assert html.fragment(SAMPLE) == GOLDEN


def test_file_is_complete_and_fetches_nothing() -> None:
    text = html.render(SAMPLE).decode()
    assert text.startswith('<!doctype html>\n<html lang="th">\n<head>\n<meta charset="utf-8">\n')
    assert "<title>&lt;ชื่อ&gt; &quot;หนึ่ง&quot;</title>" in text
    assert GOLDEN in text
    assert "url(" not in text
    assert "http" not in text


def test_fragment_is_styled_by_the_style_sheet_alone() -> None:
    assert "style=" not in GOLDEN
    assert ".report .center" in html.stylesheet()
