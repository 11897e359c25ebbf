"""Where lines break: text measured with the very Pango and fonts that print it."""

from functools import lru_cache
from typing import Any, Protocol

from weasyprint.text.constants import PANGO_WRAP_MODE
from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango, unicode_to_char_p

from reports.renderers.engine import LOCK, font_configuration
from reports.renderers.paper import FAMILIES, Type


class Wrap(Protocol):
    def __call__(self, text: str, kind: Type, width: float, indent: float = 0.0) -> tuple[str, ...]: ...


@lru_cache(maxsize=4_000)
def wrap(text: str, kind: Type, width: float, indent: float = 0.0) -> tuple[str, ...]:
    """The lines of a text set as `kind` in `width` pixels, the first one shorter by `indent`; line feeds stay.

    A word wider than the line breaks between letters with their marks; no text is dropped but blanks at line ends.
    """
    if "\n" in text:
        first_line, *others = text.split("\n")
        return wrap(first_line, kind, width, indent) + tuple(line for t in others for line in wrap(t, kind, width))
    text = " ".join(text.split())
    if not text:
        return ("",)
    if indent:
        first, *_ = _lines(text, kind, width - indent)
        rest = text[len(first) :].lstrip()
        return (first.rstrip(), *(wrap(rest, kind, width) if rest else ()))
    return tuple(line.rstrip() for line in _lines(text, kind, width))


def _lines(text: str, kind: Type, width: float) -> list[str]:
    lines: list[str] = []
    with LOCK:
        layout = _layout(kind)
        pango.pango_layout_set_width(layout, int(width * TO_UNITS))
        pointer, data = unicode_to_char_p(text)
        pango.pango_layout_set_text(layout, pointer, -1)
        while (line := pango.pango_layout_get_line_readonly(layout, len(lines))) != ffi.NULL:
            lines.append(data[line.start_index : line.start_index + line.length].decode())
    return lines


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
    pango.pango_layout_set_wrap(layout, PANGO_WRAP_MODE["WRAP_WORD_CHAR"])
    return layout
