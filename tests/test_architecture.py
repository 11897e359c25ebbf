"""The shape of the house, kept by tests: who may import whom, what lies where, and what must never appear."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sorted(
    path
    for package in ("ita_portal", "measures", "reports")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Import order inside measures; a module may import its own rank and those before it.
RANKS = {
    **dict.fromkeys(("thai", "thai_dates", "fiscal", "clock", "enums", "snapshot"), 0),
    **dict.fromkeys(("models", "triggers"), 1),
    "access": 2,
    "queries": 3,
    "domain": 4,
    **dict.fromkeys(("forms", "form_settings"), 5),
    **dict.fromkeys(("views", "templatetags", "operations"), 6),
    **dict.fromkeys(("urls", "management", "admin", "apps", "checks"), 7),
}
LEAVES = [name for name, rank in RANKS.items() if rank == 0]
CLOCK = "measures/clock.py"  # the one leaf that looks at the settings: DEMO_TODAY

# Files over 300 lines, each with its reason; the number is the most it may have.
LONG_FILES: dict[str, int] = {}

HEAVY = {"weasyprint", "openpyxl", "docx", "pydyf", "fontTools"}
PURE = ("document", "fields", "layout", "layout_file", "placeholders", "rows", "compose", "data_table")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports_of(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, at any depth; `from a import b` gives both a and a.b."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imports_any(path: Path, names: set[str]) -> set[str]:
    return {name for name in imports_of(path) if name.split(".")[0] in names}


def rank_of(path: Path) -> int | None:
    parts = path.relative_to(ROOT / "measures").with_suffix("").parts
    return None if parts == ("__init__",) else RANKS[parts[0]]


def files_under(package: str) -> list[Path]:
    return [path for path in PYTHON if path.is_relative_to(ROOT / package)]


def test_measures_imports_go_one_way() -> None:
    wrong = []
    for path in files_under("measures"):
        rank = rank_of(path)
        for name in imports_of(path):
            parts = name.split(".")
            if parts[0] != "measures" or len(parts) == 1 or rank is None:
                continue
            if RANKS.get(parts[1], -1) > rank:
                wrong.append(f"{name_of(path)} imports {name}")
    assert wrong == []


def test_every_module_of_measures_has_a_rank() -> None:
    top = {path.relative_to(ROOT / "measures").with_suffix("").parts[0] for path in files_under("measures")}
    assert top - RANKS.keys() - {"__init__"} == set()


def test_leaves_are_pure_python() -> None:
    leaves = [ROOT / "measures" / f"{leaf}.py" for leaf in LEAVES]
    assert [name_of(path) for path in leaves if name_of(path) != CLOCK and imports_any(path, {"django"})] == []


def test_measures_never_imports_reports() -> None:
    assert [name_of(path) for path in files_under("measures") if imports_any(path, {"reports"})] == []


def test_composing_knows_no_django_and_no_database() -> None:
    for module in PURE:
        for path in [ROOT / "reports" / f"{module}.py", *(ROOT / "reports" / module).glob("*.py")]:
            if path.exists():
                assert imports_any(path, {"django"}) == set(), name_of(path)
                inside = {name.split(".")[1] for name in imports_any(path, {"measures"}) if "." in name}
                assert inside <= set(LEAVES), name_of(path)


def test_heavy_libraries_stay_in_renderers_and_readers() -> None:
    allowed = (ROOT / "reports" / "renderers", ROOT / "reports" / "readers")
    outside = [path for path in PYTHON if not any(map(path.is_relative_to, allowed))]
    assert [name_of(path) for path in outside if imports_any(path, HEAVY)] == []


def test_one_place_makes_pdf_and_fetches() -> None:
    for word in ("write_pdf", "URLFetcher"):
        users = [path for path in PYTHON if re.search(rf"\b{word}\b", path.read_text())]
        assert [name_of(path) for path in users] in ([], ["reports/renderers/pdf/engine.py"]), word
    calls = sum(len(re.findall(r"\.write_pdf\(", path.read_text())) for path in PYTHON)
    assert calls <= 1


def test_no_signals_and_no_utils() -> None:
    for path in PYTHON:
        assert not {"utils", "helpers", "common", "misc"} & set(path.with_suffix("").parts), name_of(path)
        listens = [name for name in imports_of(path) if "signals" in name and "connection_created" not in name]
        assert [name for name in listens if name != "django.db.backends.signals"] == [], name_of(path)


def test_transactions_begin_where_things_are_written_only() -> None:
    users = [path for path in PYTHON if re.search(r"\batomic\(|transaction\.atomic\b", path.read_text())]
    outside = [name_of(path) for path in users if not path.is_relative_to(ROOT / "measures" / "domain")]
    assert outside == ["reports/background/jobs.py"]  # the writes of exports, each with its audit event


def test_files_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in PYTHON}
    too_long = {name: count for name, count in lengths.items() if count > LONG_FILES.get(name, 300)}
    assert too_long == {}
    assert {name for name in LONG_FILES if lengths.get(name, 0) <= 300} == set()


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_module_says_its_duty(path: Path) -> None:
    if path.read_text().strip():
        assert ast.get_docstring(tree_of(path)), f"{name_of(path)}: the first line of a module says its duty"


def code_only(path: Path) -> str:
    """The source without comments and docstrings."""
    docstrings = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            docstrings.add(node.body[0].lineno)
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
    return "\n".join(
        token.string
        for token in tokens
        if token.type != tokenize.COMMENT and not (token.type == tokenize.STRING and token.start[0] in docstrings)
    )


AGENCIES = sorted({path.stem.rsplit("-", 1)[0] for path in (ROOT / "fixtures" / "plans").glob("*.toml")})
# An OIT or question code (o12, i3, e15), a fiscal year (2566, ๒๕๖๖), an agency of the fixtures.
FRAMEWORK_FACT = re.compile(
    r"(?<![\w%])[oO][0-9๐-๙]{1,2}(?!\w)|(?<!\d)25[5-9]\d(?!\d)|๒๕[๕-๙][๐-๙]" + "".join(f"|{slug}" for slug in AGENCIES)
)

# Shown to people as an example of what to write, never compared with anything.
EXAMPLES = {"measures/fiscal.py": {"2566"}, "reports/fields.py": {"o๑"}}


@pytest.mark.parametrize("path", [p for p in PYTHON if "ita_portal" not in p.parts], ids=name_of)
def test_code_names_no_item_year_or_agency(path: Path) -> None:
    assert set(FRAMEWORK_FACT.findall(code_only(path))) - EXAMPLES.get(name_of(path), set()) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<[^>]*\sstyle\s*=", text) == []
    assert re.findall(r"<style\b", text) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag] == []
    assert re.findall(r"<[^>]*\son[a-z]+\s*=", text) == []
    assert re.findall(r"javascript:", text) == []
    assert re.findall(r"\|\s*safe\b|autoescape\s+off", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_fetches_from_this_portal_only(path: Path) -> None:
    links = re.findall(
        r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*[\"'](https?:)?//", path.read_text()
    )
    assert links == []


def test_code_marks_no_text_safe() -> None:
    users = [path for path in PYTHON if re.search(r"\bmark_safe\b|\bSafeString\(", path.read_text())]
    assert [name_of(path) for path in users] == []
