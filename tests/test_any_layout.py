"""Layout, number style, date style and file type change no value of a report.

The reports come from `made_reports` and `made_books`, so their values are known before they are
written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from random import Random

import pytest
from compared_with_truth import UNITS, wrongs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_books import Layout, any_layout, laid_out
from made_files import KINDS, TEXT_KINDS, written
from made_reports import CAMPAIGN, Made, combining, made_report

from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document
from sources.readers import read
from sources.samples import LAYOUTS
from sources.samples.reports import make_reports

QUICK = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
ALL_UNITS = CAMPAIGN.registry.units
ALTERED = [
    Layout(),
    Layout(levels=2),
    Layout(levels=3),
    Layout(shuffled=True),
    Layout(variants=True),
    Layout(ordinals=False),
    Layout(extra=True),
    Layout(blank_rows=True),
    Layout(titles=4),
    Layout(down=7),
    Layout(right=5),
    Layout(totals="below"),
    Layout(totals="above"),
    Layout(totals="within"),
    Layout(groups=True),
    Layout(notes=True),
    Layout(one_sheet=True),
    Layout(split=True),
    Layout(names="odd"),
    Layout(combining=True),
    Layout(hidden=True),
    Layout(pairs="numbered"),
    Layout(pairs="unit"),
    Layout(pairs="one_cell"),
]


def in_memory(made: Made, layout: Layout, rng: Random) -> Extract:
    """What is read of the report laid out so, without a file around it."""
    return extract(
        Document("xlsx", [sheet.grid() for sheet in laid_out(made, layout, rng).sheets]), CAMPAIGN
    )


def errors(found: Extract) -> list[str]:
    """What was said that a good report does not deserve; a row that may be a sum by chance may be
    declared so."""
    return [
        f.message
        for f in found.findings
        if "được tính như một dòng" not in f.message and f.rule != "rows_filtered"
    ]


def _name(layout: Layout) -> str:
    plain = Layout()
    return (
        ", ".join(
            f"{f.name}={getattr(layout, f.name)}"
            for f in fields(Layout)
            if getattr(layout, f.name) != getattr(plain, f.name)
        )
        or "plain"
    )


@pytest.mark.parametrize("layout", ALTERED, ids=_name)
def test_single_layout_variation_changes_no_value(layout: Layout) -> None:
    for unit in (UNITS[0], ALL_UNITS[-1]):
        made = made_report(unit, Random(_name(layout)))
        found = in_memory(made, layout, Random(1))
        assert not wrongs(made.truth(), found, unit)
        assert not errors(found)


@QUICK
@given(seed=st.integers(0, 10**6), unit=st.sampled_from(ALL_UNITS))
def test_all_layout_variations_together_change_no_value(seed: int, unit) -> None:
    rng = Random(seed)
    made = made_report(unit, rng)
    found = in_memory(combining(made) if rng.random() < 0.2 else made, any_layout(rng), rng)
    assert not wrongs(made.truth(), found, unit)
    assert not errors(found)


@pytest.mark.parametrize("kind", KINDS)
def test_report_reads_the_same_in_every_file_type(kind: str) -> None:
    for seed in range(4):
        rng = Random(f"{kind}/{seed}")
        unit = rng.choice(ALL_UNITS)
        made = made_report(unit, rng, texts_only=kind in TEXT_KINDS)
        found = extract(
            read(written(laid_out(made, any_layout(rng), rng), kind), CAMPAIGN.limits), CAMPAIGN
        )
        assert not wrongs(made.truth(), found, unit), (kind, seed)
        assert not errors(found), (kind, seed)


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_generated_samples_are_read_back_in_every_layout(layout: str, tmp_path) -> None:
    """As many values as were written, each the same; prose has none of the tables."""
    units = [u for u in (UNITS[3], UNITS[-1], ALL_UNITS[-2]) if LAYOUTS[layout].rows or u in UNITS]
    for values, unit in zip(make_reports(units, CAMPAIGN, 11), units, strict=True):
        path = tmp_path / f"{unit.code}.{LAYOUTS[layout].extension}"
        LAYOUTS[layout].write(values, unit, CAMPAIGN, path, Random(unit.code))
        found = extract(read(path.read_bytes(), CAMPAIGN.limits), CAMPAIGN)
        assert _counted(found) == _written(values, LAYOUTS[layout].rows)
        assert not [f for f in found.findings if f.rule != "label_unknown"]


def _counted(found: Extract) -> Counter:
    return Counter(
        (f.section, f.field, f.value)
        for f in found.facts
        if f.value not in (None, "false")
        and f.section != "text"
        and f.field not in ("unit", "commune")
    )


def _written(values, rows: bool) -> Counter:
    given = [
        (section, key, value) for section, row in values.pairs.items() for key, value in row.items()
    ]
    if rows:
        given += [
            (section, key, value)
            for section, lines in values.rows.items()
            for line in lines
            for key, value in line.items()
        ]
    return Counter(
        (section, key, "true" if value is True else str(value))
        for section, key, value in given
        if value not in (None, False) or (value == 0 and value is not False)
        if section != "text" and key not in ("unit", "commune")
    )
