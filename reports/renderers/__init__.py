"""Renderers: each turns a document into the bytes of one file format; their libraries are loaded when first used."""

from dataclasses import dataclass
from importlib import import_module

from reports.document import Document


class RenderError(RuntimeError):
    """A file that could not be made as it should look; the message is Thai."""


@dataclass(frozen=True)
class PdfOptions:
    """`archival`: PDF/A-3u with the report's data attached; `accessible`: tagged, PDF/UA-1."""

    archival: bool = False
    accessible: bool = False


@dataclass(frozen=True)
class Renderer:
    """A file format: its label, media type, file suffix, and the module that makes it."""

    label: str
    mime: str
    suffix: str
    module: str

    def render(self, document: Document, **options: object) -> bytes:
        """The document in this format; `options` are the module's own."""
        content: bytes = import_module(f"reports.renderers.{self.module}").render(document, **options)
        return content


_OFFICE = "application/vnd.openxmlformats-officedocument"
RENDERERS = {
    renderer.suffix: renderer
    for renderer in (
        Renderer("PDF", "application/pdf", "pdf", "pdf.remote"),
        Renderer("Excel", f"{_OFFICE}.spreadsheetml.sheet", "xlsx", "xlsx.render"),
        Renderer("Word", f"{_OFFICE}.wordprocessingml.document", "docx", "docx.render"),
        Renderer("HTML", "text/html; charset=utf-8", "html", "html"),
    )
}
