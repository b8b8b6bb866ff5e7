"""Everything that a page, a comment or a docstring refers to is in the repository."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("flows", "warehouse", "expectations", "sources", "tests", "bench", "docs", ".ci")
READ = {".py", ".md", ".sql", ".toml", ".j2", ".yaml", ".css", ".js"}

CITED = re.compile(
    r"(?<![\w./$*<{-])(?:\.\./)*(?:[\w-]+/)*[\w-]+\.(?:md|py|sql|toml|j2)\b(?![\w/(])"
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
INCLUDE = re.compile(r"{% include .*?%}")  # may be a template of a library
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
OUTSIDE = re.compile(r"^(\.\./)*shared/")  # data and scripts beside the repository, optional


def _files() -> list[Path]:
    """The files of the repository, without what is generated, downloaded or made by a run."""
    below = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    top = [path for path in ROOT.iterdir() if path.is_file()]
    return [path for path in below + top if "__pycache__" not in path.parts]


FILES = _files()
PATHS = {path.relative_to(ROOT).as_posix() for path in FILES}
READABLE = sorted(
    path for path in FILES if path.suffix in READ or path.name in ("Makefile", "prefect.yaml")
)
PAGES = [path for path in READABLE if path.suffix == ".md"]


def _prose(path: Path) -> str:
    """The comments and docstrings of a Python file, the whole text of any other but its
    includes."""
    text = INCLUDE.sub("", path.read_text(encoding="utf-8"))
    if path.suffix != ".py":
        return text
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    prose = [token.string for token in tokens if token.type == tokenize.COMMENT]
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented):
            prose.append(ast.get_docstring(node) or "")
    return "\n".join(prose)


def _is_in_repository(cited: str, citing: Path) -> bool:
    """Whether a cited path is one from the root, one from the citing file, or the end of one."""
    beside = (citing.parent / cited).resolve()
    if cited in PATHS or (beside.is_relative_to(ROOT) and beside.exists()):
        return True
    return any(path.endswith("/" + cited) for path in PATHS)


def _anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_cited_file_exists() -> None:
    missing = [
        f"{path.relative_to(ROOT)} cites {name}"
        for path in READABLE
        for name in sorted(set(CITED.findall(_prose(path))))
        if not OUTSIDE.match(name) and not _is_in_repository(name, path)
    ]
    assert not missing, "these files are not in the repository:\n" + "\n".join(missing)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        to = (page.parent / target).resolve() if target else page
        assert to.exists(), f"{page.relative_to(ROOT)}: {link} does not exist"
        if anchor:
            assert anchor in _anchors(to), f"{page.relative_to(ROOT)}: no heading for {link}"


def test_only_tests_bench_and_checks_use_shared_data() -> None:
    allowed = ("tests", "bench", ".ci")
    citing = [
        path.relative_to(ROOT).as_posix()
        for path in READABLE
        if path.relative_to(ROOT).parts[0] not in allowed
        and re.search(r"(?<![\w/])(\.\./)?shared/", path.read_text(encoding="utf-8"))
    ]
    assert not citing, f"these cite ../shared, which is not part of the repository: {citing}"
