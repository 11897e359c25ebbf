"""Pictures of a PDF's own pages, painted by PDFium."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2

PX_PER_PT = 96 / 72  # CSS pixels
DENSITY = 1.5  # picture pixels for a CSS pixel: sharp on most screens
_LOCK = threading.Lock()  # PDFium works for one thread at a time


def page_sizes(pdf: bytes) -> tuple[tuple[int, int], ...]:
    """Width and height of each page in CSS pixels."""
    with _opened(pdf) as document:
        sizes = [document.get_page_size(number) for number in range(len(document))]
    return tuple((round(width * PX_PER_PT), round(height * PX_PER_PT)) for width, height in sizes)


def page_picture(pdf: bytes, number: int) -> bytes:
    """The page of that number, from 1, as PNG. Raises IndexError where there is none."""
    with _opened(pdf) as document:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        page = document[number - 1]
        picture = page.render(scale=PX_PER_PT * DENSITY).to_pil()
        page.close()
    if picture.mode == "RGB" and _is_grey(picture):
        picture = picture.convert("L")  # a third of the bytes
    output = io.BytesIO()
    picture.save(output, "PNG", compress_level=6)
    return output.getvalue()


def _is_grey(picture: object) -> bool:
    red, green, blue = picture.split()  # type: ignore[attr-defined]
    return bool(red.tobytes() == green.tobytes() == blue.tobytes())


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _LOCK:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()
