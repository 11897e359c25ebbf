"""Printed lines recorded once: a line of text in one kind of type becomes PDF operators that any page can take up.

Which code a composite glyph (text_layer) has is known only when a file is put together, so a recorded line has gaps
there. Pango is asked once a line: for its size, when pages are laid out, and for its glyphs, when they are painted.
"""

import io
import re
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from fontTools.ttLib import TTFont
from weasyprint.draw import text as drawing
from weasyprint.matrix import Matrix
from weasyprint.pdf.stream import Stream
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, harfbuzz, pango

from reports.renderers.pdf.text_layer import Components, Face, merge_line

MIB = 1024 * 1024
LINES_BYTES = 24 * MIB
MAX_COMPOSITES = 20_000  # of one kind of type; far more than there are, and far less than there is room for
_TOKEN = re.compile(rb"/[A-Z]+ \S+ Tf|<[0-9a-f]+>")


class Unrecordable(Exception):
    """Something that cannot be recorded apart from its document, which is then made without any cache."""


class Weighed(Protocol):
    @property
    def weight(self) -> int: ...


Value = TypeVar("Value", bound=Weighed)


class Bounded(Generic[Value]):
    """What was used last, up to so many bytes."""

    def __init__(self, limit: int) -> None:
        self.limit, self.weight = limit, 0
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable) -> Value | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: Hashable, value: Value) -> Value:
        old = self._values.pop(key, None)
        self.weight += value.weight - (old.weight if old is not None else 0)
        self._values[key] = value
        while self.weight > self.limit and len(self._values) > 1:
            _, dropped = self._values.popitem(last=False)
            self.weight -= dropped.weight
        return value

    def clear(self) -> None:
        self._values.clear()
        self.weight = 0


class Composite(NamedTuple):
    """One glyph for a grapheme: of which font, made of what, for which text, how wide (1/1000 em)."""

    font: int
    components: Components
    text: str
    advance: int


@dataclass(frozen=True, eq=False)
class Line:
    """Size in pixels, and operators with a gap between every two parts for the code of a composite."""

    width: float
    height: float
    baseline: float
    parts: tuple[bytes, ...] = (b"",)
    composites: tuple[Composite, ...] = ()
    glyphs: tuple[tuple[int, frozenset[int]], ...] = ()  # by font

    @property
    def weight(self) -> int:
        return 600 + sum(map(len, self.parts)) + 150 * len(self.parts) + 60 * sum(len(g) for _, g in self.glyphs)


class Masters(dict[int, Any]):
    """The fonts met so far, each with the texts and widths of all its glyphs; files get copies."""

    def __setitem__(self, key: int, font: Any) -> None:
        # Pango may drop its font; the face that is subset for each file must stay.
        font.kept_face = ffi.gc(harfbuzz.hb_face_reference(font.hb_face), harfbuzz.hb_face_destroy)
        font.to_unicode, font.widths = _texts_and_widths(font)
        super().__setitem__(key, font)


def _texts_and_widths(font: Any) -> tuple[dict[int, str], dict[int, int]]:
    """Of each glyph that a character stands for that character, and of all the width in 1/1000 em.

    Taken from the font, not from the first text that uses it: what is recorded must not depend on the past.
    """
    file = TTFont(io.BytesIO(font.file_content), fontNumber=font.index, lazy=True)
    ids = file.getReverseGlyphMap()
    texts: dict[int, str] = {}
    for character, name in sorted(file.getBestCmap().items(), key=lambda item: (0xE000 <= item[0] < 0xF900, item[0])):
        texts.setdefault(ids[name], chr(character))
    widths = {ids[name]: round(width * 1000 / font.upem) for name, (width, _) in file["hmtx"].metrics.items()}
    return texts, widths


@dataclass
class _Kind:
    """One kind of type: its composites by the hash of the font."""

    faces: dict[str, Face] = field(default_factory=dict)


class Recorder:
    """Records lines, and remembers them. Not for several threads at once."""

    def __init__(self) -> None:
        self.lines: Bounded[Line] = Bounded(LINES_BYTES)
        self.masters = Masters()
        self.kinds: dict[str, _Kind] = {}
        resources: dict[str, Any] = {"ExtGState": {}, "XObject": {}, "Pattern": {}, "Shading": {}, "ColorSpace": None}
        self.stream = Stream(self.masters, (0, 0, 0, 0), resources, {}, None, {}, None, compress=False)

    def line(self, text: str, style: Any) -> Line:
        """The line `text` in the type of a computed style."""
        key = type_key(style)
        found = self.lines.get((key, text))
        return found if found is not None else self.lines.put((key, text), self._record(text, style, key))

    def _record(self, text: str, style: Any, key: str) -> Line:
        layout = line_break.create_layout(text, style, None, None, 0)
        line, _ = layout.get_first_line()
        width, height = line_break.line_size(line, style)
        baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
        if not text.strip():
            return Line(width, height, baseline)
        kind = self.kinds.setdefault(key, _Kind())
        if any(len(face.codes) > MAX_COMPOSITES for face in kind.faces.values()):
            kind.faces.clear()
        operators = self._draw(text, style, layout, kind)
        return Line(width, height, baseline, *self._gaps(operators, kind))

    def _draw(self, text: str, style: Any, layout: Any, kind: _Kind) -> bytes:
        get_first_line = layout.get_first_line

        def merged_first_line() -> Any:
            line, index = get_first_line()
            merge_line(self.stream, text, line, kind.faces)
            return line, index

        layout.get_first_line = merged_first_line
        self.stream.stream, self.stream._current_font = [], None
        emojis = drawing.draw_first_line(self.stream, _TextBox(text, style, layout), "clip", "none", Matrix())
        if emojis:
            raise Unrecordable("pictures instead of glyphs")
        operators = self.stream.stream[1:]  # after the place, which is the page's to say
        return b"\n".join(item if isinstance(item, bytes) else str(item).encode() for item in operators)

    def _gaps(
        self, operators: bytes, kind: _Kind
    ) -> tuple[tuple[bytes, ...], tuple[Composite, ...], tuple[tuple[int, frozenset[int]], ...]]:
        """The operators without the codes of composites, these, and the glyphs of each font used."""
        parts, composites, start = [], [], 0
        glyphs: dict[int, set[int]] = {}
        fonts = {font.hash.encode(): key for key, font in self.masters.items()}
        key, first_code, codes, advances = 0, 0, [], {}  # type: ignore[var-annotated]
        for token in _TOKEN.finditer(operators):
            if token[0][:1] == b"/":
                key = fonts[token[0][1:].split(b" ")[0]]
                font = self.masters[key]
                face = kind.faces.get(font.hash)
                first_code = font.glyph_count
                codes, advances = (list(face.codes), face.advances) if face else ([], {})
                used = glyphs.setdefault(key, set())
                continue
            for at in range(token.start() + 1, token.end() - 1, 4):
                code = int(operators[at : at + 4], 16)
                if code < first_code:
                    used.add(code)
                    continue
                components, text = codes[code - first_code]
                composites.append(Composite(key, components, text, advances[code]))
                parts.append(operators[start:at])
                start = at + 4
        parts.append(operators[start:])
        return tuple(parts), tuple(composites), tuple((k, frozenset(used)) for k, used in glyphs.items())

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]


class _TextBox(NamedTuple):
    """What WeasyPrint needs to know of a text to draw it."""

    text: str
    style: Any
    pango_layout: Any


def type_key(style: Any) -> str:
    """Tells apart the kinds of type of lines. Raises Unrecordable for type that Pango alone cannot set."""
    key: str | None = style.__dict__.get("type_key")
    if key is None:
        plain = {"direction": "ltr", "letter_spacing": "normal", "word_spacing": 0, "visibility": "visible"}
        if any(style[name] != value for name, value in plain.items()) or style["font_size"] < 1:
            raise Unrecordable("letters spaced, hidden or from right to left")
        if style["text_decoration_line"] not in ("none", frozenset(), set()):
            raise Unrecordable("letters with lines")
        key = style.type_key = line_break._font_style_cache_key(style, include_size=True)
    return key
