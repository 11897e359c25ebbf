"""PDF from the render process, which has most pages painted already; without it the PDF is made here (pdf.py)."""

import logging
import socket

from reports.document import Document
from reports.render_protocol import (
    MAX_ANSWER,
    MAX_QUESTION,
    Kind,
    ProtocolError,
    Question,
    address,
    encode,
    receive,
    send,
)
from reports.renderers import PdfOptions, RenderError

PATIENCE = 8.0  # seconds without a byte; then it is quicker to make the PDF oneself
PLAIN = PdfOptions()

logger = logging.getLogger(__name__)


def render(document: Document, options: PdfOptions = PLAIN, data: bytes = b"") -> bytes:
    """The document as PDF. Raises RenderError."""
    made = _asked(encode(Question(document, options, data)))
    if made is not None:
        return made
    from reports.renderers.pdf import render as pdf  # a web process that never needs it is spared WeasyPrint

    return pdf.render(document, options, data)


def _asked(question: bytes) -> bytes | None:
    """What the render process made; None when there is none, or it does not answer in time."""
    if len(question) > MAX_QUESTION or not address().exists():
        return None
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(str(address()))
            send(connection, Kind.QUESTION, question)
            kind, content = receive(connection, MAX_ANSWER)
    except (OSError, ProtocolError) as error:
        logger.warning("the render process does not answer (%s): rendered here", error)
        return None
    if kind == Kind.REFUSED:
        raise RenderError(content.decode())
    return content if kind == Kind.DONE else None
