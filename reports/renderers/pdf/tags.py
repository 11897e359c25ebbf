"""The structure of a tagged page, kept with the page: WeasyPrint makes it once, later files number it anew."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pydyf
from weasyprint import pdf
from weasyprint.pdf import VARIANTS

from reports.renderers.pdf.archive import Structure, heading_level
from reports.renderers.pdf.lines import Unrecordable

_FIRST = 9_000_000_000  # numbers of objects that stand for others; no file has so many
_HEADING = 90_000  # on top of that for the level of a heading
_LEVELS = 6
_NUMBER = re.compile(rb"90000\d{5}")
_BETWEEN = b"\0"


def wanted(options: dict[str, Any]) -> bool:
    """Whether WeasyPrint's options ask for tags, by name or by the variant of PDF."""
    _, properties = VARIANTS.get(options.get("pdf_variant") or "", (None, {}))
    return bool(properties.get("pdf_tags", options.get("pdf_tags")))


@dataclass(frozen=True, eq=False)
class PageStructure:
    """The objects of a page's structure as one template, and what each of its numbers means.

    That is the page (0), the document's element (1), the page's own elements (2 and on), or after them the level of a
    heading. `headings` are the levels by themselves.
    """

    template: bytes
    numbers: tuple[int, ...]
    count: int
    kids: tuple[int, ...]
    parents: tuple[int, ...]
    headings: tuple[int, ...]

    @property
    def weight(self) -> int:
        return len(self.template) + 36 * (len(self.numbers) + len(self.kids) + len(self.parents))

    def objects(self, actual: Sequence[int]) -> list[bytes]:
        """The objects, where each number is what it means."""
        return (self.template % tuple([actual[number] for number in self.numbers])).split(_BETWEEN)


class _Objects(list[Any]):
    """Objects by the numbers that stand for theirs."""

    def __getitem__(self, number: Any) -> Any:
        return super().__getitem__(number - _FIRST)


class _Scratch(pydyf.PDF):
    """A file of one page whose objects have numbers that are found again."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.objects: Any = _Objects(self.objects)
        self.content, self.sheet = pydyf.Stream(), pydyf.Dictionary({"MediaBox": (0, 0, width, height)})
        self.add_object(self.content)
        self.sheet["Contents"] = self.content.reference
        self.add_page(self.sheet)
        self.catalog["Lang"] = pydyf.String("th")

    def add_object(self, object_: Any) -> None:
        super().add_object(object_)
        object_.number += _FIRST


class _Kept(pydyf.Object):
    """An object of a structure as it is written."""

    data = b""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data


def structure_of(page: Any, marks: dict[Any, Any], scale: float) -> PageStructure:
    """The structure, put right, of a page that was painted with `marks`.

    Raises Unrecordable for what leads out of the page.
    """
    file = _Scratch(page.width * scale, page.height * scale)
    before = len(file.objects)
    pdf.add_tags(file, SimpleNamespace(pages=[page]), "1.7", [SimpleNamespace(_tags=dict(marks))])
    Structure(file, level=_LEVELS).put_right()
    mapping, _, document, *elements = list(file.objects)[before:]
    elements = [element for element in elements if element]
    headings = _open_levels(elements)
    known = {file.sheet.number: 0, document.number: 1} | {e.number: n for n, e in enumerate(elements, 2)}
    known |= {_FIRST + _HEADING + n: len(elements) + 2 + n for n in range(len(headings))}
    datas = [element.data for element in elements]
    if len(mapping["Nums"]) != 2 or b"null" in mapping["Nums"][1] or any(_BETWEEN in data for data in datas):
        raise Unrecordable("notes, artifacts or control characters in the structure")
    text = _BETWEEN.join(datas)

    def meant(references: Sequence[bytes]) -> tuple[int, ...]:
        return tuple(known[int(reference.split(b" ")[0])] for reference in references)

    numbers = tuple(known[int(number)] for number in _NUMBER.findall(text))
    template = _NUMBER.sub(b"%d", text.replace(b"%", b"%%"))
    return PageStructure(
        template, numbers, len(elements), meant(document["K"]), meant(mapping["Nums"][1]), tuple(headings)
    )


def _open_levels(elements: Sequence[Any]) -> list[int]:
    """The levels of the headings, which depend on the pages before and so become numbers to fill in."""
    levels = []
    for element in elements:
        if re.fullmatch("/H[1-6]", str(element["S"])):
            levels.append(int(element["S"][2:]))
            element["S"] = f"/H{_FIRST + _HEADING + len(levels) - 1}"
    return levels


@contextmanager
def kept_structures(structures: Sequence[PageStructure | None]) -> Iterator[None]:
    """Inside, a file of as many pages is tagged with their structures. Not for several threads at once."""
    stock = pdf.add_tags

    def add_tags(file: Any, document: Any, version: Any, streams: Any) -> None:
        # The pages have no boxes, so that this makes the tree around them, and no element.
        for stream in streams:
            stream._tags = {}
        stock(file, document, version, streams)
        root = file.objects[int(file.catalog["StructTreeRoot"].split(b" ")[0])]
        mapping = file.objects[int(root["ParentTree"].split(b" ")[0])]
        element = file.objects[int(root["K"][0].split(b" ")[0])]
        level = 0
        for number, (page, structure) in enumerate(zip(file.page_references, structures, strict=True)):
            if structure is None:
                raise Unrecordable("a page without structure")
            levels = []
            for own in structure.headings:
                levels.append(level := heading_level(own, level))
            first = len(file.objects)
            actual = (int(page.split(b" ")[0]), element.number, *range(first, first + structure.count), *levels)
            if structure.count:
                for data in structure.objects(actual):
                    file.add_object(_Kept(data))
            element["K"].extend(b"%d 0 R" % actual[kid] for kid in structure.kids)
            mapping["Nums"][2 * number + 1].extend(b"%d 0 R" % actual[parent] for parent in structure.parents)

    pdf.add_tags = add_tags
    try:
        yield
    finally:
        pdf.add_tags = stock
