"""The render process: one an installation, whose memory of painted pages all web processes share over a Unix socket."""

import logging
import os
import socket
import socketserver
import threading
from pathlib import Path

from reports.document import Document, Metadata, Page, Paragraph
from reports.render_protocol import MAX_QUESTION, Kind, ProtocolError, decode, receive, send
from reports.renderers import RenderError
from reports.renderers.pdf import render as pdf

PATIENCE = 5.0  # seconds without a byte from the one who asks
MOST_AT_ONCE = 16  # connections; one is worked on at a time, and who waits long makes his PDF himself

logger = logging.getLogger(__name__)


class AlreadyServed(RuntimeError):
    """Another render process listens at the address."""


class _Handler(socketserver.BaseRequestHandler):
    request: socket.socket
    server: "RenderServer"

    def handle(self) -> None:
        """Read one question and answer it; whoever sends anything else is hung up on."""
        if not self.server.places.acquire(blocking=False):
            return
        try:
            self.request.settimeout(PATIENCE)
            kind, content = receive(self.request, MAX_QUESTION)
            if kind == Kind.QUESTION:
                send(self.request, *answer(content))
        except (OSError, ProtocolError) as error:
            logger.warning("a question that was not understood: %s", error)
        finally:
            self.server.places.release()


def answer(content: bytes) -> tuple[Kind, bytes]:
    """The answer to a question. Raises ProtocolError."""
    question = decode(content)
    try:
        made = pdf.render(question.document, question.options, question.data)
    except RenderError as error:
        return Kind.REFUSED, str(error).encode()
    except Exception:  # whatever it is, the process must go on, and the one who asks sees it again
        logger.exception("a document that cannot be made")
        return Kind.FAILED, b""
    return Kind.DONE, made


class RenderServer(socketserver.ThreadingUnixStreamServer):
    """Listens at a path that only its own user can open. Raises AlreadyServed."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 32

    def __init__(self, path: Path) -> None:
        self.places = threading.Semaphore(MOST_AT_ONCE)
        if _answers(path):
            raise AlreadyServed(str(path))
        path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            super().__init__(str(path), _Handler)
        finally:
            os.umask(mask)

    def handle_error(self, request: object, client_address: object) -> None:
        logger.exception("a question ended in an error")


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def warm_up() -> None:
    """Load fonts and libraries before the first question."""
    page = Page("landscape", 11, "{page}", 1)
    pdf.render(Document(Metadata("", ""), page, (Paragraph("ก"),)))
