"""Generated pages are up to date, and the Makefile and rooms are documented."""

import re
import subprocess
from pathlib import Path

import pytest

from flows.commands.docs import PAGE, command_page
from flows.stages.reading import CONTENTS_PER_TASK

ROOT = Path(__file__).resolve().parent.parent
TARGETS = (
    "help",
    "setup",
    "run",
    "test",
    "lint",
    "docs",
    "bench",
    "bench-country",
    "soak",
    "clean",
)


def test_command_page_is_up_to_date():
    assert PAGE.read_text() == command_page(), "run `make docs` and commit docs/commands.md"


def test_make_help_lists_every_target():
    said = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"^  make ([a-z-]+)", said, re.MULTILINE)) == set(TARGETS)


@pytest.mark.parametrize("room", ["flows", "warehouse", "expectations", "sources"])
def test_every_room_has_a_docstring(room):
    assert len((ROOT / room / "__init__.py").read_text().splitlines()) >= 3


def test_no_file_names_a_registry_host():
    for name in ("Makefile", "pyproject.toml", "requirements.lock", ".ci/run"):
        text = (ROOT / name).read_text()
        assert not re.search(r"^\s*--(extra-)?index-url|https?://", text, re.MULTILINE), (
            f"{name} names a registry"
        )


def test_a_task_reads_100_to_1000_files():
    assert 100 <= CONTENTS_PER_TASK <= 1000, (
        "a task a file would drown the engine; one task for all would show no progress"
    )


def test_names_of_tests_are_shorter_than_80_characters():
    names = [
        name
        for path in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^\s*def (test_\w+)", path.read_text(), re.MULTILINE)
    ]
    assert names and not [name for name in names if len(name) >= 80]
