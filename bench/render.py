"""How long a PDF takes beside Chromium and Typst: the five reports, alone and as batches, cold, warm and after an edit.

All arms of a line run by turns in one process or beside it, and every figure is a ratio to Chromium's time for the
same pages in the same round of turns. Texts differ from agency to agency of a batch, so that nothing is painted twice.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

SECRET = "bench-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
Arm = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, nargs="*", default=[1, 5, 20], help="agencies of a batch")
    parser.add_argument("--rounds", type=int, default=5, help="turns of the smallest batch")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "ita_portal.settings", "VAR_DIR": scratch, "DEMO": "1"}
        os.environ["SECRET_KEY"] = SECRET
        import django

        django.setup()
        measure(Path(scratch), options.agencies, options.rounds)


def measure(scratch: Path, agencies: list[int], rounds: int) -> None:
    from bench.render_peers import peers
    from reports.compose import compose
    from reports.layout import layouts
    from tests.reports.plans import PLANS, snapshot_of

    with peers(scratch) as others:
        for tagged in (True, False):
            print(f"\n{'all tagged' if tagged else 'all untagged'}; 1.00 = a running Chromium in the same turn")
            for slug in PLANS:
                snapshot = snapshot_of(slug)
                document = compose(snapshot, layouts()[snapshot.layout]).document
                for count in agencies:
                    batch = [_of_agency(document, number) for number in range(count)]
                    arms = _own_arms(batch, tagged) | {name: peer(batch, tagged) for name, peer in others.items()}
                    _report(f"{slug} x{count}", _turns(arms, max(1, rounds // count)))
    _memory()


def _own_arms(batch: list[Any], tagged: bool) -> dict[str, Arm]:
    from reports.renderers import PdfOptions
    from reports.renderers.pdf import render as pdf
    from reports.renderers.pdf.measure import wrap
    from reports.renderers.pdf.pages import plan

    options = PdfOptions(accessible=tagged)
    edits = iter(range(1_000_000))

    def stock() -> None:
        for document in batch:
            pdf.render_stock(document, plan(document, wrap), options)

    def warm() -> None:
        for document in batch:
            pdf.render(document, options)

    def cold() -> None:
        pdf.CACHE.clear()
        wrap.cache_clear()
        warm()

    def pages_cold() -> None:
        pdf.CACHE.pages.clear()
        warm()

    def edit() -> None:
        pdf.render(_edited(batch[-1], next(edits)), options)

    return {"stock": stock, "cold": cold, "lines kept": pages_cold, "pages kept": warm, "one edit": edit}


def _turns(arms: dict[str, Arm], rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(rounds + (rounds > 1)):  # the first of several is to warm up
        for name, arm in arms.items():
            begun = time.perf_counter()
            arm()
            if number or rounds == 1:
                taken[name].append(time.perf_counter() - begun)
    return taken


def _report(title: str, taken: dict[str, list[float]]) -> None:
    base = taken.get("chromium") or taken["stock"]
    ratios = {name: statistics.median(a / b for a, b in zip(times, base, strict=True)) for name, times in taken.items()}
    shown = "  ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    edit = statistics.median(taken["one edit"]) * 1000
    print(f"{title:<18} {shown}   (one edit {edit:.0f} ms, 1.00 = {statistics.median(base) * 1000:.0f} ms)", flush=True)


def _of_agency(document: Any, number: int) -> Any:
    """The report of another agency: every paragraph of a cell says something else, of the same length nearly."""
    return _changed(document, lambda text: f"{text} {number}" if number and text else text)


def _edited(document: Any, number: int) -> Any:
    """The report after a change in one cell of its middle that moves no line: its last letters are other digits."""
    from reports.document import Table

    tables = [block for block in document.blocks if isinstance(block, Table)]
    chosen = max(tables, key=lambda table: len(table.rows))
    at = len(chosen.rows) // 2
    cells = list(chosen.rows[at].cells)
    place = next(i for i, cell in reversed(list(enumerate(cells))) if cell is not None)
    words = (*cells[place].paragraphs[:-1], f"{''.join(cells[place].paragraphs[-1:])} {number % 90 + 10}")
    cells[place] = replace(cells[place], paragraphs=words)
    rows = (*chosen.rows[:at], replace(chosen.rows[at], cells=tuple(cells)), *chosen.rows[at + 1 :])
    blocks = tuple(replace(chosen, rows=rows) if block is chosen else block for block in document.blocks)
    return replace(document, blocks=blocks)


def _changed(document: Any, change: Callable[[str], str]) -> Any:
    from reports.document import Row, Table

    def cell(old: Any) -> Any:
        return old and replace(old, paragraphs=tuple(map(change, old.paragraphs)))

    def block(old: Any) -> Any:
        if not isinstance(old, Table):
            return old
        return replace(old, rows=tuple(Row(tuple(map(cell, row.cells))) for row in old.rows))

    return replace(document, blocks=tuple(map(block, document.blocks)))


def _memory() -> None:
    import resource

    from reports.renderers.pdf import render as pdf

    kept = (pdf.CACHE.pages.weight + pdf.CACHE.recorder.lines.weight) / 1024 / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nmost memory of this process, all batches made in it: {peak:.0f} MiB; of it remembered: {kept:.0f} MiB")


if __name__ == "__main__":
    main()
