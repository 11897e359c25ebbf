"""Where lines break: text measured with the very Pango and fonts that print it."""

import re
from array import array
from functools import lru_cache, partial
from itertools import accumulate, pairwise
from typing import Any, Protocol

from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango, unicode_to_char_p

from reports.renderers.paper import FAMILIES, Type
from reports.renderers.pdf.breaks import Ruler, cuts, may_part
from reports.renderers.pdf.engine import LOCK, font_configuration

_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")  # white space but for the blanks that must not break
_GLYPH_SIZE, _WIDTH_PLACE = ffi.sizeof("PangoGlyphInfo"), ffi.offsetof("PangoGlyphInfo", "geometry") // 4

MOST_IN_CLUSTER = 8  # letters; what claims to belong together beyond that is no word


class Wrap(Protocol):
    def __call__(self, text: str, kind: Type, width: float, indent: float = 0.0) -> tuple[str, ...]: ...


@lru_cache(maxsize=8_000)
def wrap(text: str, kind: Type, width: float, indent: float = 0.0) -> tuple[str, ...]:
    """The lines of a text set as `kind` in `width` pixels, the first one shorter by `indent`; line feeds stay.

    A word wider than the line breaks between letters with their marks; no text is dropped but blanks at line ends.
    """
    if "\n" in text:
        first, *others = text.split("\n")
        return wrap(first, kind, width, indent) + tuple(line for t in others for line in wrap(t, kind, width))
    text = _BLANKS.sub(" ", text).strip(" ")
    shape = _shape(text, kind)
    if shape.starts[-1] <= (width - indent) * TO_UNITS:
        return (text,)
    places = cuts(text, shape, partial(_letters, text, kind), int(width * TO_UNITS), int(indent * TO_UNITS))
    return tuple(text[start:end].strip(" ") for start, end in pairwise([0, *places]))


@lru_cache(maxsize=4_000)
def _shape(text: str, kind: Type) -> Ruler:
    """The text measured in one piece, in Pango units, with the word boundaries that Pango finds in it."""
    with LOCK:
        layout = _set(text, kind)
        offsets = _offsets(text, layout)
        attributes = pango.pango_layout_get_log_attrs_readonly(layout, ffi.NULL)
        places = [place for place in range(1, len(text)) if attributes[place].is_line_break]
    return _ruler(text, offsets, places)


def _letters(text: str, kind: Type) -> Ruler:
    """The same with the boundaries between letters."""
    with LOCK:
        layout = _set(text, kind)
        offsets = _offsets(text, layout)
        attributes = pango.pango_layout_get_log_attrs_readonly(layout, ffi.NULL)
        places = [0]
        for place in range(1, len(text)):
            if attributes[place].is_cursor_position and (may_part(text, place) or place - places[-1] > MOST_IN_CLUSTER):
                places.append(place)
    return _ruler(text, offsets, places[1:])


def _ruler(text: str, offsets: list[int], places: list[int]) -> Ruler:
    places.append(len(text))
    ends = (offsets[place - 1] if text[place - 1 : place] == " " else offsets[place] for place in places)
    return Ruler(array("l", places), array("l", ends), array("l", (offsets[place] for place in places)))


def _set(text: str, kind: Type) -> Any:
    layout = _layout(kind)
    pointer, _ = unicode_to_char_p(text)
    pango.pango_layout_set_text(layout, pointer, -1)
    return layout


def _offsets(text: str, layout: Any) -> list[int]:
    """Where each letter begins, and the end; marks begin where their letter ends."""
    data = text.encode()
    widths = [0] * (len(data) + 1)  # of what begins at each byte
    node = pango.pango_layout_get_line_readonly(layout, 0).runs
    while node != ffi.NULL:
        run, node = node.data, node.next
        offset, glyphs = run.item.offset, run.glyphs
        clusters = ffi.unpack(glyphs.log_clusters, glyphs.num_glyphs)
        numbers = memoryview(ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * _GLYPH_SIZE)).cast("i")
        for cluster, width in zip(clusters, numbers[_WIDTH_PLACE :: _GLYPH_SIZE // 4], strict=True):
            widths[offset + cluster] += width
    by_byte = [0, *accumulate(widths)]
    return [by_byte[place] for place in accumulate((len(letter.encode()) for letter in text), initial=0)]


@lru_cache(maxsize=32)
def _layout(kind: Type) -> Any:
    """A Pango layout for one kind of type, set up as WeasyPrint sets up its own."""
    font_map = font_configuration().font_map
    context = ffi.gc(pango.pango_font_map_create_context(font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    language, _ = unicode_to_char_p("th")
    pango.pango_context_set_language(context, pango.pango_language_from_string(language))
    layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    description = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
    families, _ = unicode_to_char_p(",".join(FAMILIES))
    pango.pango_font_description_set_family(description, families)
    pango.pango_font_description_set_absolute_size(description, int(kind.size * TO_UNITS))
    pango.pango_font_description_set_weight(description, 700 if kind.bold else 400)
    pango.pango_layout_set_font_description(layout, description)
    pango.pango_layout_set_auto_dir(layout, False)
    pango.pango_layout_set_width(layout, -1)
    return layout
