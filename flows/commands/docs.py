"""The page of the command, made from its `--help`: `python -m flows.commands.docs` writes
docs/commands.md.

With `--check` nothing is written; the exit code is 1 where the page is not what the command now
says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from flows.cli import app
from warehouse.generated_page import write_or_check_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"

_HEAD = """# The command `tonghop`

Made from `tonghop --help` by `python -m flows.commands.docs`; do not edit.

Exit codes: 0 it ran; 1 it did not (of a night: the old warehouse stands, unless it is said that the new one does);
2 wrong call.
"""


def command_page() -> str:
    """The page in Markdown: a section per command, with its options and examples."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)  # the command has commands below it
    return "\n".join([_HEAD, *(_section(name, command) for name, command in _commands(group))])


def main(arguments: list[str]) -> int:
    """Writes the page; with `--check`, reports whether it is up to date. The exit code: 0, or 1 where
    it is not."""
    return write_or_check_page(command_page(), PAGE, "flows.commands.docs", arguments)


def _commands(group: TyperGroup, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Every command with its whole name, those of a group under the group's."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(command, f"{before}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{before}{name}", command


def _section(name: str, command: TyperCommand) -> str:
    lines = [f"## tonghop {name}", "", str(command.help), "", "| option | meaning |", "|---|---|"]
    for parameter in command.params:
        words = str(getattr(parameter, "help", "") or "").replace("|", "\\|")
        lines.append(f"| `{_shown(parameter.opts, parameter.name)}` | {words} |")
    examples = [line.strip() for line in str(command.epilog or "").splitlines()[1:] if line.strip()]
    return "\n".join([*lines, "", "```sh", *examples, "```", ""])


def _shown(options: Sequence[str], name: str | None) -> str:
    is_option = bool(options) and options[0].startswith("-")
    return ", ".join(options) if is_option else str(name).upper()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
