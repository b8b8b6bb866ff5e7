"""A zip of csv files, one per section, as an office's own software exports them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from sources.blank_form.values import FormValues
from sources.campaigns import Campaign
from sources.registry import Unit
from sources.samples.layouts.sheets import answered, reported_tables
from sources.samples.layouts.wording import as_text


def write_csv_zip(
    values: FormValues, unit: Unit, campaign: Campaign, target: Path, rng: Random
) -> None:
    """Semicolons, UTF-8 with a byte order mark, dates as 08/04/2022; of the same bytes each
    time."""
    pairs = [
        [f.label, as_text(f, v, campaign, "%d/%m/%Y")] for f, v in answered(values, unit, campaign)
    ]
    files = {"thong-tin-chung.csv": pairs}
    for section, rows in reported_tables(values, campaign):
        files[f"{section.key}.csv"] = [
            [f.label for f in section.fields],
            *(
                [as_text(f, row.get(f.key), campaign, "%d/%m/%Y") for f in section.fields]
                for row in rows
            ),
        ]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in files.items():
            archive.writestr(zipfile.ZipInfo(name), _csv(lines), zipfile.ZIP_DEFLATED)


def _csv(lines: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(lines)
    return text.getvalue().encode("utf-8-sig")
