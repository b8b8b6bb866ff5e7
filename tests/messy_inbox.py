"""An inbox as on the last evening of a campaign: the sample of all units, plus what real campaigns
add.

Later files that replace earlier ones in whole or in part, two sources that differ, an organisation
that never reported, a party cell named like its village, totals without rows, blanks in place of
numbers, the same bytes again.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from sources.blank_form import FormValues
from sources.campaigns import Campaign
from sources.samples.inbox import write_samples
from sources.samples.layouts import LAYOUTS
from sources.samples.reports import make_reports

XA_LY, TAN_SON, CAM_SON, PHONG_MINH, QUY_SON, MY_AN = (
    "07540",
    "07531",
    "07528",
    "07534",
    "07576",
    "07600",
)
YOUTH, FARMERS, WOMEN = "219-DTN", "219-HND", "219-HLHPN"
Values = dict[str, Any]


def as_it_is(pairs: Values, rows: Values) -> None:
    """Changes nothing."""


def a_cell_named_like_its_village(pairs: Values, rows: Values) -> None:
    rows["cells"][0]["name"] = rows["villages"][0]["name"]
    rows["cells"][1]["name"] = "Chi bộ A"
    rows["cells"][2]["name"] = "Chi bộ a'b"


def some_counts_left_blank(pairs: Values, rows: Values) -> None:
    for row in rows["cells"][:3]:
        row["members_attended"] = row["members_assigned"] = None
    rows["cells"][3]["committee_attended"] = False
    rows["orgs"][0]["held_separately"] = rows["orgs"][0]["held_combined"] = None
    pairs["info"]["news_items"] = None
    pairs["info"]["directing_documents"] = 0


def totals_alone(pairs: Values, rows: Values) -> None:
    rows.clear()
    pairs["info"]["cells_held_separately"] = pairs["info"]["cells_held_combined"] = None
    pairs["info"]["members_total"] = pairs["info"]["members_attended"] = None


def more_modes_than_meetings(pairs: Values, rows: Values) -> None:
    rows.clear()
    for key in ("cells_held", "cells_held_separately", "cells_held_combined"):
        pairs["info"][key] = 3


def a_line_out_of_its_window(pairs: Values, rows: Values) -> None:
    rows["orgs"][0]["last_on"] = dt.date(2022, 4, 17)
    rows["orgs"][1]["branches_held"] = rows["orgs"][1]["members_attended"] = 0
    rows["orgs"][1]["held_separately"] = rows["orgs"][1]["held_combined"] = 0
    rows["orgs"][1]["first_on"] = rows["orgs"][1]["last_on"] = None
    for mark in ("content_1", "content_2", "content_3", "covid_safe"):
        rows["orgs"][1][mark] = False
    rows["orgs"][2]["content_2"] = False


class More(NamedTuple):
    """A file beside the sample's: whose, of which other numbers, in which layout, received when,
    changed how."""

    unit: str
    seed: int
    layout: str
    received: str
    change: Callable[[Values, Values], None] = as_it_is


# its tables stand, its own keys are replaced
# missing in the sample, late here
MORE = (
    More(TAN_SON, 2, "homemade", "2022-04-17T21:00", a_cell_named_like_its_village),
    More(CAM_SON, 2, "docx_plain", "2022-04-17T21:10"),
    More(PHONG_MINH, 3, "two_level", "2022-04-18T08:00", some_counts_left_blank),
    More(XA_LY, 4, "form", "2022-04-17T21:20", totals_alone),
    More(QUY_SON, 5, "csvzip", "2022-04-17T21:30"),
    More("07597", 5, "docx_plain", "2022-04-19T09:00", more_modes_than_meetings),
    More(FARMERS, 2, "docx", "2022-04-17T21:40"),  # differs from what the communes say
    More(WOMEN, 1, "one_sheet", "2022-04-17T21:50", a_line_out_of_its_window),
)


def write_messy_inbox(folder: Path, campaign: Campaign) -> None:
    """Writes the inbox into `folder`; the same each time."""
    write_samples(folder, campaign)
    for file in folder.glob("*Huyện đoàn*"):
        file.unlink()
    for more in MORE:
        unit = campaign.registry.by_code[more.unit]
        made = make_reports([unit], campaign, more.seed)[0]
        pairs = {key: dict(values) for key, values in made.pairs.items()}
        rows = {key: [dict(row) for row in lines] for key, lines in made.rows.items()}
        more.change(pairs, rows)
        target = folder / f"Gửi lại - {unit.name}.{LAYOUTS[more.layout].extension}"
        LAYOUTS[more.layout].write(
            FormValues(pairs, rows), unit, campaign, target, Random(more.seed)
        )
        _received(target, more.received)
    again = folder / "Gửi lại lần nữa - Xã Mỹ An.xlsx"
    shutil.copyfile(next(folder.glob("Xã Mỹ An*.xlsx")), again)
    _received(again, "2022-04-17T22:00")


def _received(path: Path, when: str) -> None:
    at = dt.datetime.fromisoformat(f"{when}:00+07:00").timestamp()
    os.utime(path, (at, at))
