"""The layouts in which sample reports are written, as offices write them: one function each, all of
one signature.

`LAYOUTS` maps a layout's name to its file extension and to what writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from sources.blank_form import FormValues, fill_form
from sources.campaigns import Campaign
from sources.registry import Unit
from sources.samples.layouts.delimited import write_csv_zip
from sources.samples.layouts.word import write_prose, write_word
from sources.samples.layouts.workbooks import write_homemade, write_one_sheet, write_two_level

__all__ = ["LAYOUTS", "Layout"]


class Layout(NamedTuple):
    """How a report is written; `rows`: whether with tables, or as prose and totals alone."""

    extension: str
    write: Callable[[FormValues, Unit, Campaign, Path, Random], None]
    rows: bool = True


def _write_form(
    values: FormValues, unit: Unit, campaign: Campaign, target: Path, rng: Random
) -> None:
    fill_form(values, unit, campaign, target)


LAYOUTS: dict[str, Layout] = {
    "form": Layout("xlsx", _write_form),
    "homemade": Layout("xlsx", write_homemade),
    "two_level": Layout("xlsx", write_two_level),
    "one_sheet": Layout("xlsx", write_one_sheet),
    "docx": Layout("docx", write_word),
    "docx_plain": Layout("docx", write_prose, rows=False),
    "csvzip": Layout("zip", write_csv_zip),
}
