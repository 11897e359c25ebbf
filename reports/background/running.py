"""Making the file of an export in the worker: held by a lease, asked between the parts whether to go on."""

import hashlib
import logging
import os
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from django.db import DatabaseError, OperationalError, connection

from measures.enums import Period
from measures.models import Plan, WorkItem
from measures.operations.beat import beat
from measures.queries.snapshots import UnknownPeriod, snapshot_for
from measures.snapshot import Snapshot
from reports.background import jobs
from reports.choice import choose
from reports.export import ExportError, export
from reports.layout import Layout
from reports.models import Export, ExportKind

if TYPE_CHECKING:
    from reports.background.data_rows import Record

logger = logging.getLogger(__name__)

RENEW = 2.0  # seconds between renewals of the lease: a third of it
STUCK = 600.0  # seconds without a step forward: no report takes so long
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # of the zip format: the same reports are the same bytes

stopping = threading.Event()
"""Set when the worker is asked to end: what it makes goes back into the queue."""


class Lost(Exception):
    """The export was cancelled, or another worker has it."""


class Stopped(Exception):
    """The worker is about to end."""


class Hold:
    """The lease of an export, renewed by a thread as long as the export is being made."""

    def __init__(self, held: Export) -> None:
        self.held, self.done, self.total = held, 0, held.total
        self._lost, self._ended = threading.Event(), threading.Event()
        self._moved = time.monotonic()
        self._thread = threading.Thread(target=self._keep, name=f"lease of export {held.pk}", daemon=True)

    def __enter__(self) -> "Hold":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def reached(self, done: int) -> None:
        """So many parts are done; between two of them is where to stop. Raises Lost or Stopped."""
        self.done, self._moved = done, time.monotonic()
        if self._lost.is_set():
            raise Lost
        if stopping.is_set():
            raise Stopped

    def _keep(self) -> None:
        try:
            while not self._ended.wait(RENEW):
                if time.monotonic() - self._moved > STUCK:
                    # Nothing else ends a renderer in a loop. The lease runs out, and attempts are counted.
                    logger.critical("แฟ้มส่งออก %s ไม่คืบหน้า จึงหยุดโปรแกรมนี้", self.held.pk)
                    os._exit(1)
                if not self._renew():
                    self._lost.set()
                    return
        finally:
            connection.close()

    def _renew(self) -> bool:
        beat()
        try:
            return jobs.renew(self.held, done=self.done, total=self.total)
        except DatabaseError as error:
            # Perhaps it comes back before the lease is over; if not, the row will say that it is lost.
            logger.warning("ต่ออายุงานไม่ได้: %s", error)
            connection.close()
            return True


def run(pk: int) -> None:
    """Take an export and make its file; nothing happens where it is held by another or no longer wanted."""
    held = jobs.take(pk)
    if held is None:
        return
    part = jobs.part_of(held)
    try:
        with Hold(held) as hold:
            notes = MAKERS[ExportKind(held.kind)](held, part, hold)
            sha256, size = _seal(part)
            published = jobs.publish(held, part, sha256=sha256, size=size, notes=notes, total=hold.total)
        logger.info("แฟ้มส่งออก %s %s", held.pk, "เสร็จแล้ว" if published else "มีผู้ทำแทนหรือถูกยกเลิกแล้ว")
    except Lost:
        logger.info("แฟ้มส่งออก %s ถูกยกเลิก หรือมีผู้ทำแทน", held.pk)
    except Stopped:
        jobs.give_back(held)
    except ExportError as error:
        jobs.fail(held, str(error))
    except OSError as error:
        logger.exception("แฟ้มส่งออก %s", held.pk)
        jobs.fail(held, f"เขียนแฟ้มไม่ได้ พื้นที่เก็บข้อมูลอาจเต็ม ({error.strerror or error}) แจ้งผู้ดูแลระบบ แล้วส่งออกใหม่")
    except OperationalError:
        raise  # the database went away: the lease runs out and the export is made again
    except Exception:
        jobs.fail(held, "ระบบขัดข้องขณะทำแฟ้ม แจ้งผู้ดูแลระบบพร้อมเวลาที่ขอ แล้วลองส่งออกใหม่")
        raise
    finally:
        part.unlink(missing_ok=True)


def _seal(part: Path) -> tuple[str, int]:
    """Checksum and size of a file that a power cut can no longer undo."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest(), part.stat().st_size


def _plans(held: Export) -> list[Plan]:
    return list(held.plans.select_related("agency", "framework", "analysed").order_by("agency__slug", "year"))


def _content(held: Export, plan: Plan) -> tuple[bytes, Period]:
    """A plan's report as asked for. Raises ExportError."""
    period, layout, snapshot = _chosen(held, plan)
    return export(snapshot, layout, held.format, allow_partial=held.allow_partial), period


def _chosen(held: Export, plan: Plan) -> tuple[Period, Layout, Snapshot]:
    period, layout = choose(plan, held.period, held.layout)
    try:
        return period, layout, snapshot_for(plan=plan, period=period)
    except UnknownPeriod as error:
        raise ExportError(str(error)) from error


def _make_report(held: Export, part: Path, hold: Hold) -> str:
    (plan,) = _plans(held)
    hold.reached(0)
    content, _ = _content(held, plan)
    part.write_bytes(content)
    hold.reached(1)
    return ""


def _make_bundle(held: Export, part: Path, hold: Hold) -> str:
    """One report after the other into a zip; an agency without one is named in the notes, which lie beside them."""
    missing: list[str] = []
    plans = _plans(held)
    hold.total = len(plans)
    with zipfile.ZipFile(part, "w") as archive:
        for number, plan in enumerate(plans):
            _make_way()
            hold.reached(number)
            try:
                content, period = _content(held, plan)
            except ExportError as error:
                missing.append(f"{plan.agency.name}: {error}")
            else:
                name = f"{plan.agency.slug}-{plan.year}-{period.value}.{held.format}"
                archive.writestr(zipfile.ZipInfo(name, FIRST_DATE), content)  # stored: reports are packed already
        hold.reached(len(plans))
        notes = "\n".join(missing)
        if missing:
            archive.writestr(zipfile.ZipInfo("ไม่มีรายงาน.txt", FIRST_DATE), notes)
    if len(missing) == len(plans):
        raise ExportError(f"ไม่มีหน่วยงานใดมีรายงานตามที่ขอ\n{notes}")
    return notes


def _make_way() -> None:
    """Make the shorter exports that wait, between two parts of a long one: nobody waits ten minutes for one report.

    Their tasks come to their turn later and find nothing left to do.
    """
    for pk in jobs.shorter_waiting():
        try:
            run(pk)
        except Exception:
            logger.exception("แฟ้มส่งออก %s", pk)  # its own row says so; the long one goes on


def _make_data(held: Export, part: Path, hold: Hold) -> str:
    from reports.background.data_rows import COLUMNS, data_rows
    from reports.renderers.xlsx.data import write_table  # openpyxl is loaded where a table is made

    plans = _plans(held)
    hold.total = WorkItem.objects.filter(plan__in=plans).count()

    def rows() -> "Iterator[Record]":
        done = 0
        for plan in plans:
            hold.reached(done)
            for row in data_rows(plan, Period(held.period)):
                yield row
                done += 1
                if done % 200 == 0:
                    hold.reached(done)

    hold.total = write_table(part, sheet="ข้อมูล", columns=COLUMNS, rows=rows(), title=held.label)
    return ""


MAKERS: dict[ExportKind, Callable[[Export, Path, Hold], str]] = {
    ExportKind.REPORT: _make_report,
    ExportKind.BUNDLE: _make_bundle,
    ExportKind.DATA: _make_data,
}
