"""The render process: what it answers is what the web would make itself, and without it nothing is lost."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from reports import render_protocol, render_server
from reports.document import Cell, Column, Document, Heading, Metadata, Page, Paragraph, Row, Signatures, Table, Title
from reports.render_protocol import Kind, ProtocolError, Question, decode, encode, receive, send
from reports.render_server import AlreadyServed, RenderServer
from reports.renderers import PdfOptions, RenderError
from reports.renderers.pdf import remote
from reports.renderers.pdf import render as pdf
from tests.reports.plans import PLANS
from tests.reports.test_patches import report

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
PLAIN = PdfOptions()


def small(words: str = "ผลการดำเนินการ") -> Document:
    cells = Row((Cell((words, "")), Cell(("รวม",), 2, True))), Row((Cell(()), None))
    table = Table((Column("ก", 60, "บน"), Column("", 40, "บน", "center")), cells, "หัว", "(ต่อ)")
    blocks = (Title(("ก", "ข")), Heading("หัวข้อ"), Paragraph("ย่อหน้า", indent=False), table)
    return Document(Metadata("ชื่อ", "หน่วยงาน"), Page("portrait", 12, "- {page} -", 1), blocks)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "render.sock"
    monkeypatch.setattr(remote, "address", lambda: path)
    return path


@pytest.fixture
def server(place: Path) -> Iterator[RenderServer]:
    """A server in a thread of this process."""
    with RenderServer(place) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def only_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is made by the one who asks."""
    asked = remote._asked
    answers: list[bool] = []

    def remember(question: bytes) -> bytes | None:
        answer = asked(question)
        answers.append(answer is not None)
        return answer

    monkeypatch.setattr(remote, "_asked", remember)
    yield
    assert all(answers)


@pytest.mark.parametrize("slug", sorted(PLANS))
def test_document_survives_the_way(slug: str) -> None:
    question = Question(report(slug), PdfOptions(archival=True), b"\x00\xff data")
    assert decode(encode(question)) == question


def test_every_block_survives_the_way() -> None:
    document = small()
    assert decode(encode(Question(document, PLAIN, b""))).document == document


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"[1,2,3]", b"\x80\x04pickle", b'[{"metadata": 1}, {}, ""]'])
def test_garbage_is_no_question(content: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(content)


@pytest.mark.usefixtures("only_asked", "server")
def test_answer_is_what_would_be_made_here() -> None:
    for options in (PLAIN, PdfOptions(accessible=True)):
        assert remote.render(small(), options) == pdf.render(small(), options)


@pytest.mark.usefixtures("only_asked", "server")
def test_refusal_comes_back_in_thai() -> None:
    with pytest.raises(RenderError, match=r"ไม่มีแบบอักษร.*U\+10FFFD"):
        remote.render(small("\U0010fffd"))


@pytest.mark.usefixtures("only_asked", "server")
def test_many_ask_at_once_and_each_gets_its_own() -> None:
    documents = [small(f"รายการที่ {number}") for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(remote.render, documents))
    assert answers == [pdf.render(document) for document in documents]


def test_socket_is_for_its_own_user_only(server: RenderServer, place: Path) -> None:
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.usefixtures("only_asked")
def test_garbage_on_the_socket_harms_nobody(server: RenderServer, place: Path) -> None:
    head = render_protocol._HEAD
    for content in (
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00" * 100,
        head.pack(b"ITA1", 0, 2**32 - 1),
        head.pack(b"ITA1", 9, 1) + b"x",
        head.pack(b"ITA1", 0, 5) + b"junk!",
        head.pack(b"ITA1", 0, 50) + b"cut short",
        b"",
    ):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(place))
            connection.settimeout(5)
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):  # hung up on before all was read
                assert connection.recv(10) == b""
    assert remote.render(small()) == pdf.render(small())


@pytest.mark.usefixtures("server")
def test_failure_of_the_server_is_made_good_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_server, "pdf", None)
    assert remote.render(small()) == pdf.render(small())


def test_two_servers_do_not_share_a_place(server: RenderServer, place: Path) -> None:
    with pytest.raises(AlreadyServed):
        RenderServer(place)


def test_without_a_server_the_pdf_is_made_here(place: Path) -> None:
    assert remote.render(small()) == pdf.render(small())


def test_slow_server_is_not_waited_for(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(remote, "PATIENCE", 0.2)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(place))
        silent.listen()
        assert remote.render(small()) == pdf.render(small())
    assert "does not answer" in caplog.text


def test_too_long_a_question_is_not_asked(server: RenderServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MAX_QUESTION", 10)
    monkeypatch.setattr(render_server, "answer", lambda content: pytest.fail("asked"))
    assert remote.render(small()) == pdf.render(small())


def test_who_sends_nothing_is_hung_up_on(server: RenderServer, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_server, "PATIENCE", 0.1)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(place))
        connection.settimeout(5)
        assert connection.recv(10) == b""


def test_signers_survive_the_way() -> None:
    document = replace(small(), blocks=(Signatures(("ผู้รายงาน", "ผู้บริหาร")),))  # type: ignore[arg-type]
    assert decode(encode(Question(document, PLAIN, b""))).document == document


def test_killed_server_is_missed_by_nobody(place: Path, tmp_path: Path) -> None:
    """The command itself, asked, killed with -9, asked again, and started again over what it left behind."""
    environment = os.environ | {"VAR_DIR": str(tmp_path)}
    for _ in range(2):
        process = subprocess.Popen([sys.executable, str(MANAGE), "render_server"], env=environment)
        try:
            deadline = time.monotonic() + 30
            while remote._asked(encode(Question(small(), PLAIN, b""))) is None:
                assert time.monotonic() < deadline, "the server never answers"
                time.sleep(0.1)
            with open(f"/proc/{process.pid}/status") as status:
                resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
            assert resident < 200 * 1024
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert place.exists()
        assert remote.render(small()) == pdf.render(small())


def test_message_comes_through_whole() -> None:
    here, there = socket.socketpair()
    with here, there:
        threading.Thread(target=send, args=(here, Kind.DONE, b"x" * 3_000_000)).start()
        assert receive(there, 4_000_000) == (Kind.DONE, b"x" * 3_000_000)
