"""Prose reports as communes write them: the values are read, the rest is reported."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.extraction.numbers_in_text import unexplained_numbers
from sources.extraction.vocabulary import vocabulary_of
from sources.grids import Document, Grid, Paragraph

CAMPAIGN = load_campaign()
REPORTS = tomllib.loads((Path(__file__).parent / "fixtures" / "prose_reports.toml").read_text())[
    "report"
]
SENTENCES = [
    line
    for report in REPORTS
    for line in report["lines"]
    if report["values"] and re.search(r"\d", line)
]

NOT_READ = {"not_read", "sentence_unclear", "label_unknown"}


def read(lines: list[str]) -> Extract:
    return extract(
        Document("docx", [Paragraph(n, text) for n, text in enumerate(lines, 1)]), CAMPAIGN
    )


def values(found: Extract) -> dict[str, str | None]:
    return {f.field: f.value for f in found.facts if f.section in ("info", "text") and f.raw}


@pytest.mark.parametrize("report", REPORTS, ids=[report["title"] for report in REPORTS])
def test_prose_reports_give_expected_values(report: dict) -> None:
    found = read(report["lines"])
    assert values(found) == report["values"]
    assert set(report.get("flagged", ())) <= {finding.field for finding in found.findings}


def test_prose_reports_have_few_not_read_findings() -> None:
    counts = sorted(
        sum(f.rule == "not_read" for f in read(report["lines"]).findings) for report in REPORTS
    )
    assert counts[len(counts) // 2] == 0


@pytest.mark.parametrize(
    "report",
    [r for r in REPORTS if len(r["lines"]) == 1 and "cells_held" in r["values"]],
    ids=lambda report: report["title"],
)
def test_sentences_in_a_cell_are_read_as_in_a_paragraph(report: dict) -> None:
    text = report["lines"][0]
    found = extract(Document("docx", [Grid("Bảng 1", [[text]], source="table")]), CAMPAIGN)
    assert {k: v for k, v in values(found).items() if report["values"].get(k) != v} == {}


@given(line=st.sampled_from(SENTENCES), number=st.integers(1000, 1800), data=st.data())
@settings(max_examples=1000, deadline=None)
def test_number_inserted_in_prose_is_read_or_reported(
    line: str, number: int, data: st.DataObject
) -> None:
    places = [m.start() for m in re.finditer(r"(?<=[^\W\d]) (?=[^\W\d])", line)]
    before = read([line])
    if not places or {f.rule for f in before.findings} & NOT_READ:
        return
    at = data.draw(st.sampled_from(places))
    changed = f"{line[:at]} {number}{line[at:]}"
    if str(number) not in "".join(
        n.text for n in unexplained_numbers(changed, vocabulary_of(CAMPAIGN))
    ):
        return  # of a known sort there: a year, women, members on probation
    found = read([changed])
    texts = [f.value or "" for f in found.findings] + [f.raw for f in found.facts]
    assert (
        any(str(number) in text.replace(".", "") for text in texts)
        or {f.rule for f in found.findings} & NOT_READ
    )
