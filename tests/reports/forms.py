"""A report with everything that a form can have: emblem, memo, places to sign, other paper and margins."""

import io
from dataclasses import replace

from PIL import Image, ImageDraw

from measures.snapshot import FormInfo, Snapshot
from reports.compose import compose
from reports.document import Document
from reports.layout import layouts
from tests.reports.plans import snapshot_of


def emblem(side: int = 200, kind: str = "PNG", mode: str = "RGBA") -> bytes:
    """A round picture."""
    picture = Image.new(mode, (side, side))
    ImageDraw.Draw(picture).ellipse((4, 4, side - 4, side - 4), outline="maroon", width=8)
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


FULL = FormInfo(
    emblem=emblem(),
    memo_number="มค 72301/123",
    signatures=True,
    paper="F4",
    margin_top=25,
    margin_right=15,
    margin_bottom=20,
    margin_left=30,
)


def snapshot_with(form: FormInfo = FULL, slug: str = "krathok") -> Snapshot:
    return replace(snapshot_of(slug), form=form)


def full_document(slug: str = "krathok") -> Document:
    snapshot = snapshot_with(slug=slug)
    return compose(snapshot, layouts()[snapshot.layout]).document
