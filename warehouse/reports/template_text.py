"""The Word templates as texts, so that a change of their wording can be reviewed.

`python -m warehouse.reports.template_text` writes a .txt beside each .docx of templates/: a line per
paragraph, its style in brackets, indented by the conditions and loops that it stands in. With
`--check` nothing is written; the exit code is 1 where a text is not that of its template.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from warehouse.generated_page import write_or_check_page
from warehouse.reports.template_paragraphs import TEMPLATE, read_paragraphs

TEMPLATES = sorted(TEMPLATE.parent.glob("*.docx"))

_HEAD = """Made from {name} by `python -m warehouse.reports.template_text`; do not edit.
Change the wording in Word, run this again and commit both.

"""
_OPENS = re.compile(r"\{%(?:p|tr|tc)\s+(?:if|for)\b")
_GOES_ON = re.compile(r"\{%(?:p|tr|tc)\s+(?:elif|else)\b")
_CLOSES = re.compile(r"\{%(?:p|tr|tc)\s+(?:endif|endfor)\b")


def template_text(path: Path) -> str:
    """The template's paragraphs, a line each."""
    lines, depth = [], 0
    for paragraph in read_paragraphs(path):
        if _CLOSES.match(paragraph.text):
            depth = max(depth - 1, 0)
        indent = max(depth - 1, 0) if _GOES_ON.match(paragraph.text) else depth
        lines.append(f"{'  ' * indent}[{paragraph.style}] {paragraph.text}".rstrip())
        if _OPENS.match(paragraph.text):
            depth += 1
    return _HEAD.format(name=path.name) + "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Writes the texts; with `--check`, only checks whether they are up to date. The exit code: 0, or 1
    where one is not."""
    return max(
        write_or_check_page(
            template_text(template),
            template.with_suffix(".txt"),
            "warehouse.reports.template_text",
            arguments,
        )
        for template in TEMPLATES
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
