"""Two other ways from a report to a PDF, to be measured beside ours: Chromium from our HTML, Typst from our table."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Peer = Callable[[list[Any], bool], Callable[[], object]]
FONTS = Path(__file__).resolve().parents[1] / "static" / "fonts" / "laksaman"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def peers(scratch: Path) -> Iterator[dict[str, Peer]]:
    """Those that this machine has; of the others one line."""
    from playwright.sync_api import sync_playwright

    found: dict[str, Peer] = {}
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if find_spec("typst"):
        found["typst"] = _typst
    else:
        print("no Typst here (PyPI `typst`): left out")
    if program is None:
        print("no Chromium here: ratios are to the stock way instead")
        yield found
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        found["chromium"] = lambda batch, tagged: _chromium(browser, batch, tagged)
        found["chromium --print-to-pdf"] = lambda batch, tagged: _chromium_cold(program, scratch, batch, tagged)
        yield found
        browser.close()


def _html(batch: list[Any]) -> str:
    from reports.renderers import html
    from reports.renderers.fonts import font_faces
    from reports.renderers.paper import style_sheet

    body = "".join(f"<section>{html.blocks(document.blocks)}</section>" for document in batch)
    sheet = style_sheet(batch[0].page).replace("white-space: pre;", "white-space: pre-line;")
    return html.page(batch[0], body, f"<style>{font_faces()}\n{sheet}</style>")


def _chromium(browser: Any, batch: list[Any], tagged: bool) -> Callable[[], object]:
    """A browser that runs already."""
    text = _html(batch)

    def run() -> None:
        page = browser.new_page()
        page.set_content(text)
        page.pdf(prefer_css_page_size=True, tagged=tagged)
        page.close()

    return run


def _chromium_cold(program: str, scratch: Path, batch: list[Any], tagged: bool) -> Callable[[], object]:
    """A browser that is started for it."""
    source, target = scratch / "peer.html", scratch / "peer.pdf"
    source.write_text(_html(batch), encoding="utf-8")
    tags = "--export-tagged-pdf" if tagged else "--disable-pdf-tagging"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", tags]

    def run() -> None:
        command = [program, *flags, f"--print-to-pdf={target}", str(source)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own command line

    return run


def _typst(batch: list[Any], tagged: bool) -> Callable[[], object]:
    import typst

    source = "".join(_typst_of(document) for document in batch).encode()
    turns = iter(range(1_000_000))

    def run() -> None:
        # A comment more each time: the compiler remembers sources, we remember pages in arms of their own.
        options = {} if tagged else {"pdf_tags": False}
        text = source + b"// %d" % next(turns)
        try:
            typst.compile(text, font_paths=[str(FONTS)], **options)
        except TypeError:  # this version always tags
            typst.compile(text, font_paths=[str(FONTS)])

    return run


def _typst_of(document: Any) -> str:
    from reports.document import Table

    page = document.page
    flipped = "true" if page.orientation == "landscape" else "false"
    lines = [
        f'#set page("a4", flipped: {flipped}, margin: 12mm)',
        f'#set text(font: "Laksaman", size: {page.font_size}pt)',
    ]
    for block in document.blocks:
        if isinstance(block, Table):
            lines.append(_typst_table(block))
        else:
            text = getattr(block, "text", "") or " ".join(getattr(block, "lines", ()))
            lines.append(f"{_escaped(text)}\n")
    return "\n".join(lines) + "\n#pagebreak(weak: true)\n"


def _typst_table(table: Any) -> str:
    widths = ", ".join(f"{column.width}fr" for column in table.columns)
    head = ", ".join(f"[{_escaped(column.label)}]" for column in table.columns)
    cells = [
        f"table.cell(rowspan: {cell.rowspan}, breakable: true)[{_escaped(' '.join(cell.paragraphs))}]"
        for row in table.rows
        for cell in row.cells
        if cell is not None
    ]
    body = ",\n".join(cells)
    return f"#table(columns: ({widths}), table.header({head}),\n{body})\n"


def _escaped(text: str) -> str:
    return re.sub(r"([\\#$*_`<>@=\[\]~/+\-.'\"])", r"\\\1", text).replace("\n", " ")
