"""WordprocessingML by elements, never by pasted strings: text stays text whatever is in it."""

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

TWIPS_PER_PX = 15  # 1440 twips and 96 pixels to the inch
BOX_FONT = "Segoe UI Symbol"  # the check boxes are not in Laksaman; every Windows has them here
_BOXES = re.compile("([\u2610\u2611]+)")
# What XML 1.0 cannot hold, and tabs; line feeds stay.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """`text` without control characters; a tab becomes a blank, every line end a line feed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _NOT_XML.sub("", text)


def element(tag: str, *children: Any, **attributes: object) -> Any:
    """A `w:` element with its `w:` attributes, and its children in the order of the schema."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def twips(pixels: float) -> int:
    return round(pixels * TWIPS_PER_PX)


def paragraph(style: str, text: str = "", *, keep: bool = False, align: str = "left") -> Any:
    """A paragraph in a named style; `keep` holds it on one page with the next."""
    properties = element("pPr", element("pStyle", val=style))
    if keep:
        properties.append(element("keepNext"))
    if align != "left":
        properties.append(element("jc", val=align))
    return element("p", properties, *runs(text))


def runs(text: str) -> Iterator[Any]:
    """The runs of a text: check boxes in a font that has them, line feeds as line breaks."""
    for part in _BOXES.split(clean(text)):
        if not part:
            continue
        run = element("r")
        if _BOXES.fullmatch(part):
            run.append(element("rPr", fonts(BOX_FONT)))
        for number, line in enumerate(part.split("\n")):
            if number:
                run.append(element("br"))
            if line:
                run.append(_text(line))
        yield run


def fonts(name: str) -> Any:
    """One font for every script, Thai (`cs`) among them."""
    return element("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def field(code: str, result: str) -> Iterator[Any]:
    """The runs of a field; `result` stands there until the program that opens the file has counted."""
    for kind, part in (("begin", _text(code, "instrText")), ("separate", _text(result)), ("end", None)):
        yield element("r", element("fldChar", fldCharType=kind))
        if part is not None:
            yield element("r", part)


def _text(text: str, tag: str = "t") -> Any:
    made = element(tag)
    made.set(qn("xml:space"), "preserve")
    made.text = text
    return made
