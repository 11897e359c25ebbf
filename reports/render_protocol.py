"""What the web and the render process say to each other: one question and one answer a connection, as JSON and PDF.

A message is a mark, a kind, a length and so many bytes. Nothing is unpickled: a document is read field by field, as
its dataclasses say, and what does not fit them is refused.
"""

import socket
import struct
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import ConfigDict, TypeAdapter, ValidationError

from reports.document import Document
from reports.renderers import PdfOptions

MIB = 1024 * 1024
MAX_QUESTION = 2 * MIB  # some 300 pages; who has more works on them himself, and lets others get their turn
MAX_ANSWER = 64 * MIB
_HEAD = struct.Struct("!4sBI")
_MARK = b"ITA1"


class Kind(IntEnum):
    QUESTION = 0
    DONE = 1  # the PDF
    REFUSED = 2  # a Thai message for the one who asked: the same document fails everywhere
    FAILED = 3  # nobody's fault: try elsewhere


class ProtocolError(ValueError):
    """Bytes that are no message, or a message that is too long."""


@dataclass(frozen=True)
class Question:
    """A document to make into PDF, and what to attach."""

    document: Document
    options: PdfOptions
    data: bytes


def address() -> Path:
    """Where the render process of this installation listens."""
    path: Path = settings.VAR_DIR / "render.sock"
    return path


@cache
def _adapter() -> TypeAdapter[tuple[Document, PdfOptions, bytes]]:
    config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
    return TypeAdapter(tuple[Document, PdfOptions, bytes], config=config)


def encode(question: Question) -> bytes:
    return _adapter().dump_json((question.document, question.options, question.data))


def decode(content: bytes) -> Question:
    """Raises ProtocolError."""
    try:
        return Question(*_adapter().validate_json(content))
    except ValidationError as error:
        raise ProtocolError("not a document") from error


def send(connection: socket.socket, kind: Kind, content: bytes) -> None:
    connection.sendall(_HEAD.pack(_MARK, kind, len(content)))
    connection.sendall(content)


def receive(connection: socket.socket, limit: int) -> tuple[Kind, bytes]:
    """The next message. Raises ProtocolError, OSError."""
    mark, kind, length = _HEAD.unpack(_exactly(connection, _HEAD.size))
    if mark != _MARK or length > limit or kind not in set(Kind):
        raise ProtocolError("no message, or too long")
    return Kind(kind), _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    content = bytearray()
    while len(content) < length:
        piece: Any = connection.recv(min(MIB, length - len(content)))
        if not piece:
            raise ProtocolError("the other side has hung up")
        content += piece
    return bytes(content)
