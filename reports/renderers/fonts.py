"""The fonts of print: Laksaman as vendored, and two check boxes that it lacks; all handed over as data: addresses."""

import io
from base64 import b64encode
from functools import cache
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

DIRECTORY = Path(__file__).resolve().parents[2] / "static" / "fonts" / "laksaman"
FACES = (("Laksaman.ttf", 400), ("Laksaman-Bold.ttf", 700))
BOX_EMPTY, BOX_TICKED = 0x2610, 0x2611
_EM, _ADVANCE, _SPACE = 1000, 720, 324  # the blank is as wide as Laksaman's


@cache
def font_faces() -> str:
    """The @font-face rules, fonts included."""
    rules = [_face("Laksaman", weight, (DIRECTORY / name).read_bytes()) for name, weight in FACES]
    return "\n".join([*rules, _face("Report Boxes", 400, box_font())])


def _face(family: str, weight: int, font: bytes) -> str:
    data = b64encode(font).decode("ascii")
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url(data:font/ttf;base64,{data}) }}'


@cache
def box_font() -> bytes:
    """A TrueType font of the characters ☐ and ☑, drawn here so that no other font needs to be shipped for them."""
    builder = FontBuilder(_EM, isTTF=True)
    blank = TTGlyphPen(None).glyph()
    glyphs = {".notdef": blank, "space": blank, "empty": _box(False), "ticked": _box(True)}
    builder.setupGlyphOrder(list(glyphs))
    # A blank between two boxes is taken from their font.
    builder.setupCharacterMap({0x20: "space", BOX_EMPTY: "empty", BOX_TICKED: "ticked"})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (_ADVANCE, 0)) | {"space": (_SPACE, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupNameTable({"familyName": "Report Boxes", "styleName": "Regular"})
    builder.setupPost()
    builder.setupHead(unitsPerEm=_EM, created=0, modified=0)
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


def _box(ticked: bool) -> object:
    """A square outline, with a tick inside where `ticked`; the hole is drawn the other way round."""
    pen = TTGlyphPen(None)
    shapes = [
        [(60, -60), (60, 540), (660, 540), (660, -60)],
        [(105, -15), (615, -15), (615, 495), (105, 495)],
    ]
    if ticked:
        shapes.append([(180, 250), (235, 305), (315, 215), (515, 440), (570, 390), (320, 100)])
    for first, *rest in shapes:
        pen.moveTo(first)
        for point in rest:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()
