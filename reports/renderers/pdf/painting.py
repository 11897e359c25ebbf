"""What a page draws, apart from any file: operators with gaps for the codes of composite glyphs, and their fonts."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pydyf
from weasyprint.pdf.stream import Stream

from reports.renderers.pdf.lines import Bounded, Composite, Line, Masters, Unrecordable
from reports.renderers.pdf.text_layer import Face

SCALE = 0.75  # PDF points in a CSS pixel


@dataclass(eq=False)
class Painting:
    """Operators with gaps for the codes of composites, and what they draw on. `gaps` index `composites`."""

    parts: list[bytes]
    gaps: list[int]
    composites: list[Composite]
    glyphs: dict[int, frozenset[int]]  # by font
    states: dict[str, dict[str, Any]]
    images: list[tuple[Any, Any, Any]]

    @property
    def weight(self) -> int:
        composites = 200 * len(self.composites) + 8 * len(self.gaps)
        return 1000 + sum(map(len, self.parts)) + 40 * len(self.parts) + composites + 8192 * len(self.images)

    def operators(self, codes: dict[Composite, bytes]) -> bytes:
        pieces = [b""] * (len(self.parts) + len(self.gaps))
        own = [codes[composite] for composite in self.composites]
        pieces[::2] = self.parts
        pieces[1::2] = [own[gap] for gap in self.gaps]
        return b"".join(pieces)


@dataclass(frozen=True, eq=False)
class FontFile:
    content: bytes

    @property
    def weight(self) -> int:
        return len(self.content) + 2000


def paint(page: Any, masters: Masters, marks: dict[Any, Any] | None) -> Painting:
    """What a page draws. Raises Unrecordable where it is more than text, rules and pictures."""
    resources: dict[str, Any] = {"ExtGState": {}, "XObject": {}, "Pattern": {}, "Shading": {}, "ColorSpace": None}
    images: dict[str, Any] = {}
    stream = Stream(masters, (0, 0, page.width, page.height), resources, images, marks, {}, None, compress=False)
    page.paint(stream, SCALE)
    if resources["Pattern"] or resources["Shading"] or set(resources["XObject"]) != set(images):
        raise Unrecordable("patterns or transparent groups")
    replay = [(i["image"], i["interpolate"], ratio) for i in images.values() for ratio in sorted(i["dpi_ratios"])]
    return _painting(stream.stream, {k: dict(v) for k, v in resources["ExtGState"].items()}, replay)


def _painting(items: Iterable[Any], states: dict[str, dict[str, Any]], images: list[tuple[Any, Any, Any]]) -> Painting:
    parts, gaps, run = [], [], []
    index: dict[Composite, int] = {}
    glyphs: dict[int, set[int]] = {}
    for item in items:
        if not isinstance(item, Line):
            run.append(pydyf._to_bytes(item))
            continue
        for key, used in item.glyphs:
            glyphs.setdefault(key, set()).update(used)
        for part, composite in zip(item.parts, item.composites, strict=False):
            run.append(part)
            parts.append(b"\n".join(run) if len(run) > 1 else part)
            gaps.append(index.setdefault(composite, len(index)))
            run = []
        # What follows the last gap begins in the middle of a string of glyphs: no line feed before it.
        run.append(item.parts[-1])
    parts.append(b"\n".join(run))
    fonts = {key: frozenset(used) for key, used in glyphs.items()}
    return Painting(parts, gaps, list(index), fonts, states, images)


def codes_of(paintings: Iterable[Painting], masters: Masters) -> tuple[dict[str, Face], dict[Composite, bytes]]:
    """The composites of a file by the hash of their font, and how each is written; counted in order of appearance."""
    faces: dict[str, Face] = {}
    codes: dict[Composite, bytes] = {}
    for painting in paintings:
        for composite in painting.composites:
            if composite not in codes:
                font = masters[composite.font]
                face = faces.setdefault(font.hash, Face(font.glyph_count))
                code = face.code(composite.components, composite.text, composite.advance)
                codes[composite] = b"%04x" % code
    return faces, codes


def fonts_of(
    paintings: Iterable[Painting], masters: Masters, codes: dict[Composite, bytes], files: Bounded[FontFile]
) -> dict[int, Any]:
    """Copies of the fonts for one file, each with the texts and widths of the glyphs used in it."""
    used: dict[int, set[int]] = {}
    for painting in paintings:
        for key, some in painting.glyphs.items():
            used.setdefault(key, set()).update(some)
    fonts = {}
    for key, glyphs in used.items():
        font = fonts[key] = copy.copy(masters[key])
        font.to_unicode = {glyph: font.to_unicode.get(glyph, "") for glyph in sorted(glyphs)}
        font.widths = {glyph: font.widths[glyph] for glyph in sorted(glyphs)}
        font.missing = {}
    for composite, code in codes.items():
        font = fonts[composite.font]
        font.to_unicode[int(code, 16)], font.widths[int(code, 16)] = composite.text, composite.advance
    for font in fonts.values():
        _keep_file(font, files, [c[1:3] for c in codes if masters[c.font].hash == font.hash])
    return fonts


def _keep_file(font: Any, files: Bounded[FontFile], composites: Any) -> None:
    """Let a font be subset only where no file before had the very same glyphs."""

    def clean_once(to_unicode: dict[int, str], hinting: bool) -> None:
        key = font.hash, hinting, tuple(sorted(to_unicode)), tuple(composites)
        known = files.get(key)
        if known is None:
            type(font).clean(font, to_unicode, hinting)
            known = files.put(key, FontFile(font.file_content))
        font.file_content = known.content

    font.clean = clean_once
