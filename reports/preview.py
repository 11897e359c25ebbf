"""The preview of a report: its PDF and the pictures of its pages, made once and remembered while there is room."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from reports.document import Block, Document, Heading, Title
from reports.renderers import RENDERERS

ROOM = 48 << 20  # bytes that the previews of a process may take together
FIRST_HEADING = 3  # level of the report's title where it is read on a page that has a title and a section of its own

Scope = tuple[int, str, str]
"""Whose preview it is: plan, period, layout."""


@dataclass
class Preview:
    """`key` names the content of the report within its scope; sizes are CSS pixels."""

    scope: Scope
    key: str
    pdf: bytes
    sizes: tuple[tuple[int, int], ...]
    pictures: dict[int, bytes] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Bytes."""
        return len(self.pdf) + sum(map(len, self.pictures.values()))


class Previews:
    """The previews made last, by key; the oldest go where they take more room than there is."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self.kept: OrderedDict[str, Preview] = OrderedDict()
        self.lock = threading.RLock()

    def find(self, scope: Scope, key: str) -> Preview | None:
        """A preview made before, if it is of this scope."""
        with self.lock:
            found = self.kept.get(key)
            if found is None or found.scope != scope:
                return None
            self.kept.move_to_end(key)
            return found

    def make(self, scope: Scope, document: Document) -> Preview:
        """The preview of a report. Raises RenderError."""
        key = key_of(scope, document)
        with self.lock:
            found = self.find(scope, key)
            if found is None:
                from reports.renderers.pdf.pictures import page_sizes  # PDFium is loaded with the first preview

                pdf = RENDERERS["pdf"].render(document)
                found = self.kept[key] = Preview(scope, key, pdf, page_sizes(pdf))
                self._make_room()
            return found

    def picture(self, preview: Preview, number: int) -> bytes:
        """A page as PNG, counted from 1. Raises IndexError where there is none."""
        with self.lock:
            if number not in preview.pictures:
                from reports.renderers.pdf.pictures import page_picture

                preview.pictures[number] = page_picture(preview.pdf, number)
                self._make_room()
            return preview.pictures[number]

    def _make_room(self) -> None:
        while len(self.kept) > 1 and sum(preview.weight for preview in self.kept.values()) > self.room:
            self.kept.popitem(last=False)


PREVIEWS = Previews()


def key_of(scope: Scope, document: Document) -> str:
    """The same for the same report: 64 hexadecimal digits."""
    return hashlib.sha256(repr((scope, document)).encode(errors="backslashreplace")).hexdigest()


def to_read(document: Document) -> Document:
    """The document with its headings below those of the page on which it is read as text."""
    return replace(document, blocks=tuple(map(_below, document.blocks)))


def _below(block: Block) -> Block:
    match block:
        case Title():
            return Heading("\n".join(block.lines), FIRST_HEADING)
        case Heading():
            return replace(block, level=block.level + FIRST_HEADING - 1)
    return block
