"""The Word file around the text: paper, styles, embedded fonts, properties; the same content is the same bytes."""

import io
import uuid
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.opc.rel import Relationships
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm

from measures.thai import to_thai_digits
from reports.document import Document, Emblem, Page
from reports.renderers.docx.styles import FONT, styles
from reports.renderers.docx.xml import clean, element, field, paragraph, runs, twips
from reports.renderers.fonts import DIRECTORY, FACES
from reports.renderers.paper import INDENT, paper_for

HEADER_DISTANCE = 4  # millimetres from the edge of the paper to the page number
WORD_2013 = 15  # the newest compatibility mode: Word opens the file as one of its own
MAX_PROPERTY = 255  # characters; python-docx refuses more
REGIONS = {"th": "th-TH"}  # Word wants a region
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # the first date that a zip file can hold
_OBFUSCATED_FONT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_COMPATIBILITY = "http://schemas.microsoft.com/office/word"


def new_word_document(document: Document) -> WordDocument:
    """An empty Word document with the paper, styles, fonts and properties of `document`."""
    word = new_document()
    _keep_relations(word.part.rels, RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS)
    _keep_relations(word.part.package.rels, RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    language = REGIONS.get(document.language, document.language)
    _replace(word.styles.element, styles(paper_for(document.page), language))
    _replace(word.settings.element, _settings(language))
    _embed_fonts(word)
    _set_properties(word, document, language)
    _set_page(word, document.page)
    return word


def picture(word: WordDocument, emblem: Emblem) -> Any:
    """A paragraph with the emblem, which goes into the file beside the text."""
    inline = word.part.new_pic_inline(io.BytesIO(emblem.image), height=Mm(emblem.height))
    inline.docPr.set("descr", clean(emblem.alt))
    drawing = OxmlElement("w:drawing")
    drawing.append(inline)
    made = paragraph("Emblem")
    made.append(element("r", drawing))
    return made


def to_bytes(word: WordDocument) -> bytes:
    """The file, with the same date on each of its parts."""
    saved, output = io.BytesIO(), io.BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in parts.namelist():
            info = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(info, parts.read(name))
    return output.getvalue()


def _keep_relations(relations: Relationships, *kinds: str) -> None:
    """Leave out of the file all that python-docx's template brings along but these kinds of parts."""
    for key in [key for key, relation in relations.items() if relation.reltype not in kinds]:
        del relations[key]


def _replace(parent: Any, children: Iterator[Any]) -> None:
    for child in [*parent]:
        parent.remove(child)
    parent.extend(children)


def _settings(language: str) -> Iterator[Any]:
    yield element("zoom", percent=100)
    yield element("embedTrueTypeFonts")
    yield element("defaultTabStop", val=twips(INDENT))
    yield element("characterSpacingControl", val="doNotCompress")
    mode = element("compatSetting", name="compatibilityMode", uri=_COMPATIBILITY, val=WORD_2013)
    yield element("compat", mode)
    yield element("themeFontLang", val=language, bidi=language)
    yield element("decimalSymbol", val=".")
    yield element("listSeparator", val=",")


def _embed_fonts(word: WordDocument) -> None:
    """Laksaman goes with the file: offices that do not have it read and print the same."""
    root = OxmlElement("w:fonts", nsdecls={prefix: nsmap[prefix] for prefix in ("w", "r")})
    font = element("font", element("charset", val="DE"), element("family", val="auto"), name=FONT)
    root.append(font)
    package = word.part.package
    table = XmlPart(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, root, package)
    word.part.relate_to(table, RELATIONSHIP_TYPE.FONT_TABLE)
    for number, (file, weight) in enumerate(FACES, 1):
        key, content = _obfuscated(file)
        part = Part(PackURI(f"/word/fonts/font{number}.odttf"), _OBFUSCATED_FONT, content, package)
        embedded = element("embedBold" if weight > 400 else "embedRegular", fontKey=key)
        font.append(embedded)
        embedded.set(qn("r:id"), table.relate_to(part, RELATIONSHIP_TYPE.FONT))


@cache
def _obfuscated(file: str) -> tuple[str, bytes]:
    """A font's key and its file as Word embeds it: the first 32 bytes mixed with the key (ECMA-376 part 1, 17.8.1)."""
    content = (DIRECTORY / file).read_bytes()
    key = uuid.uuid5(uuid.NAMESPACE_URL, file)
    mixed = bytes(byte ^ mask for byte, mask in zip(content, key.bytes[::-1] * 2, strict=False))
    return f"{{{str(key).upper()}}}", mixed + content[len(mixed) :]


def _set_properties(word: WordDocument, document: Document, language: str) -> None:
    properties = word.core_properties
    properties.title = clean(document.metadata.title)[:MAX_PROPERTY]
    properties.author = properties.last_modified_by = clean(document.metadata.author)[:MAX_PROPERTY]
    properties.language = language
    properties.comments = ""
    properties.created = properties.modified = _EPOCH.replace(tzinfo=None)


def _set_page(word: WordDocument, page: Page) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if page.orientation == "landscape" else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(side) for side in page.size)
    margins = page.margins
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.header_distance = section.footer_distance = Mm(HEADER_DISTANCE)
    if page.number_format:
        digits = element("pgNumType", fmt="thaiNumbers" if page.thai_digits else "decimal")
        section._sectPr.find(qn("w:cols")).addprevious(digits)
        # Word knows no other beginning than the second page but by fields that LibreOffice prints twice.
        section.different_first_page_header_footer = page.number_from > 1
        section.header.is_linked_to_previous = False
        section.header.paragraphs[0]._p.extend(_page_number(page))


def _page_number(page: Page) -> Iterator[Any]:
    """The number in its frame, as a field; its digits are the section's: LibreOffice reads `ThaiArabic` as letters."""
    before, _, after = page.number_format.partition("{page}")
    yield from runs(before)
    yield from field(" PAGE ", to_thai_digits("1") if page.thai_digits else "1")
    yield from runs(after)
