"""Pages painted once: what a page shows is kept under the hash of its content, and a file is put together from pages.

After an edit only the pages that changed are laid out and painted again, all others are taken up as they are. The page
number stands apart, for it is the one thing that changes when pages move. WeasyPrint's own Document writes the file,
so that fonts, outline, links and metadata are made as ever.
"""

import copy
import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf
from weasyprint.document import Document
from weasyprint.formatting_structure.boxes import MarginBox, PageBox
from weasyprint.pdf.metadata import DocumentMetadata

from reports.renderers.pdf import engine, tags
from reports.renderers.pdf.lines import MIB, Bounded, Composite, Recorder, Unrecordable
from reports.renderers.pdf.painting import SCALE, FontFile, Painting, codes_of, fonts_of, paint
from reports.renderers.pdf.patches import LEVEL, ReportHTML, merged_lines, quick_compression
from reports.renderers.pdf.text_layer import composite_glyphs

PAGES_BYTES = 48 * MIB
FILES_BYTES = 4 * MIB
Check = Callable[[int, Any], None]


def accept(number: int, page: Any) -> None:
    """Every page is right."""


def _empty_page_box() -> Any:
    box = PageBox.__new__(PageBox)
    box.element, box.children = None, []
    return box


@dataclass(eq=False)
class _Frame:
    """What WeasyPrint's Document asks of a page apart from its painting."""

    width: float
    height: float
    bleed: Any
    bookmarks: Any
    anchors: Any
    links: tuple[()] = ()
    forms: Any = field(default_factory=lambda: {None: []})
    _page_box: Any = field(default_factory=_empty_page_box)


@dataclass(eq=False)
class CachedPage:
    """A page without its number, and the last compressed form of it, which most often is the next one too."""

    frame: _Frame
    painting: Painting
    structure: tags.PageStructure | None
    packed: tuple[bytes, bytes] = (b"", b"")  # hash of operators, and these compressed

    @property
    def weight(self) -> int:
        # The compressed form is counted beforehand; it comes later.
        return 4000 + self.painting.weight * 5 // 4 + (self.structure.weight if self.structure else 0)


@dataclass(eq=False)
class _Placed:
    """A cached page with its number, as WeasyPrint's Document takes pages."""

    cached: CachedPage
    number: Painting
    codes: dict[Composite, bytes]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cached.frame, name)

    def paint(self, stream: Any, scale: float) -> None:
        number = self.number.operators(self.codes)
        if self.cached.structure is not None and number:
            number = b"/Artifact BMC\n" + number + b"\nEMC"
        for painting in (self.cached.painting, self.number):
            stream._resources["ExtGState"].update({k: pydyf.Dictionary(v) for k, v in painting.states.items()})
            for image in painting.images:
                stream.add_image(*image)
        stream.stream.extend((self.cached.painting.operators(self.codes), number))
        if stream.compress:
            self._pack(stream)

    def _pack(self, stream: Any) -> None:
        operators = b"\n".join(pydyf._to_bytes(item) for item in stream.stream)
        digest = hashlib.blake2b(operators, digest_size=16).digest()
        if self.cached.packed[0] != digest:
            self.cached.packed = digest, zlib.compress(operators, LEVEL)
        stream.stream, stream.extra, stream.compress = [self.cached.packed[1]], {"Filter": "/FlateDecode"}, False


@dataclass(frozen=True)
class Shell:
    """What stands around the sections: the HTML before and after them, and the style sheet."""

    before: str
    after: str
    css: str


@dataclass
class PageCache:
    """The caches of a process. Only inside engine.LOCK."""

    limit: int = PAGES_BYTES
    recorder: Recorder = field(default_factory=Recorder)

    def __post_init__(self) -> None:
        self.pages: Bounded[CachedPage] = Bounded(self.limit)
        self.numbers: Bounded[Painting] = Bounded(4 * MIB)
        self.files: Bounded[FontFile] = Bounded(FILES_BYTES)

    def clear(self) -> None:
        for cache in (self.pages, self.numbers, self.files, self.recorder):
            cache.clear()

    def render(
        self, shell: Shell, sections: Sequence[str], metadata: DocumentMetadata, check: Check = accept, **options: Any
    ) -> bytes:
        """The PDF of sections of HTML, a page each; `options` are WeasyPrint's.

        `check` is given the number of each section that is laid out, from 0, and its page, and may refuse it.
        Raises Unrecordable where that cannot be said of it, RenderError as ever.
        """
        tagged = tags.wanted(options)
        head = hashlib.sha256(f"{shell}{tagged}".encode()).digest()
        with engine.warnings_raise(), merged_lines(self.recorder):
            pages = self._pages(shell, head, sections, tagged, check)
            numbers = self._numbers(shell, head, len(pages))
            return self._write(pages, numbers, metadata, options)

    def _pages(
        self, shell: Shell, head: bytes, sections: Sequence[str], tagged: bool, check: Check
    ) -> list[CachedPage]:
        """The pages of these sections, those not known laid out together and painted."""
        keys = [(head, not number, _digest(section)) for number, section in enumerate(sections)]
        pages = {key: page for key in keys if (page := self.pages.get(key)) is not None}
        missing = {key: section for key, section in zip(keys, sections, strict=True) if key not in pages}
        if missing:
            # The first page of a document may have rules of its own, so another page never is the first.
            blank = keys[0] not in missing
            laid_out = self._lay_out(shell, ["", *missing.values()] if blank else [*missing.values()])
            for number, page in enumerate(laid_out, 1):
                self._keep_number(page, (head, number))
            for key, page in zip(missing, laid_out[blank:], strict=True):
                check(keys.index(key), page)
                pages[key] = self.pages.put(key, self._paint(page, tagged))
        return [pages[key] for key in keys]

    def _lay_out(self, shell: Shell, sections: Sequence[str]) -> list[Any]:
        html = "".join(f"<section>\n{section}</section>\n" for section in sections)
        document = engine.lay_out(shell.before + html + shell.after, shell.css, ReportHTML)
        if len(document.pages) != len(sections):
            raise Unrecordable(f"{len(sections)} pages planned, {len(document.pages)} laid out")
        return list(document.pages)

    def _paint(self, page: Any, tagged: bool) -> CachedPage:
        if page.links or any(page.forms.values()):
            raise Unrecordable("links or forms")
        shown = _with_children(page, lambda child: not isinstance(child, MarginBox))
        marks: dict[Any, Any] | None = {} if tagged else None
        painting = paint(shown, self.recorder.masters, marks)
        structure = tags.structure_of(shown, marks, SCALE) if marks is not None else None
        frame = _Frame(page.width, page.height, page.bleed, page.bookmarks, page.anchors)
        return CachedPage(frame, painting, structure)

    def _keep_number(self, page: Any, key: tuple[bytes, int]) -> Painting:
        number = paint(_with_children(page, lambda child: isinstance(child, MarginBox)), self.recorder.masters, None)
        return self.numbers.put(key, number)

    def _numbers(self, shell: Shell, head: bytes, count: int) -> list[Painting]:
        """The page numbers up to `count`."""
        found = [self.numbers.get((head, number)) for number in range(1, count + 1)]
        if any(number is None for number in found):
            blanks = self._lay_out(shell, [""] * count)
            return [self._keep_number(page, (head, number)) for number, page in enumerate(blanks, 1)]
        return [number for number in found if number is not None]

    def _write(
        self, pages: Sequence[CachedPage], numbers: Sequence[Painting], metadata: Any, options: dict[str, Any]
    ) -> bytes:
        paintings = [painting for both in zip((p.painting for p in pages), numbers, strict=True) for painting in both]
        faces, codes = codes_of(paintings, self.recorder.masters)
        placed = [_Placed(page, number, codes) for page, number in zip(pages, numbers, strict=True)]
        document = Document(placed, metadata, engine.fetcher(), engine.font_configuration(), {},
                            options.pop("output_intent", None))  # fmt: skip
        document.fonts = fonts_of(paintings, self.recorder.masters, codes, self.files)
        with composite_glyphs(faces), quick_compression(), tags.kept_structures([page.structure for page in pages]):
            return engine.write(document, **options)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _with_children(page: Any, keep: Any) -> Any:
    """A copy of a page that shows only some of its boxes."""
    shown = copy.copy(page)
    shown._page_box = page._page_box.copy_with_children([c for c in page._page_box.children if keep(c)])
    return shown
