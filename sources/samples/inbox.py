"""Writes a sample inbox: the reports with their times of receipt, and beside them what a night must
find in it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random

from sources.blank_form import FormValues, fill_form
from sources.blank_form.values import Row, as_count
from sources.campaigns import DEFAULT_CAMPAIGN, Campaign
from sources.registry import Unit
from sources.samples.country import made_up_campaign
from sources.samples.expected import ExpectedTotals, Tally
from sources.samples.layouts import LAYOUTS
from sources.samples.names import place_names
from sources.samples.plan import Planned, plan_inbox
from sources.samples.reports import make_reports

EXPECTED_FILE = ".expected.json"  # hidden: an inbox leaves such files alone
CAMPAIGN_FOLDER = ".campaign"
_AT_ONCE = 100  # reports made up together
_WORTH_A_PROCESS = 200
_BROKEN_BYTES = 3_000
_TOO_MANY = 7


class FolderNotEmpty(Exception):
    """The folder already holds files, which a sample would mix with."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Thư mục {folder} đã có tệp. Đề nghị chọn thư mục trống hoặc chưa có.")
        self.folder = folder


def write_samples(
    folder: Path,
    campaign: Campaign,
    units: int | None = None,
    seed: int = 1,
    layout: str | None = None,
    campaign_folder: Path = DEFAULT_CAMPAIGN,
) -> ExpectedTotals:
    """Writes an inbox of made-up reports into `folder`, and the truth into its hidden file
    `.expected.json`.

    units   None: a try-out of the whole registry, where two units are missing, one is late, one returned, and two files
            are to be rejected. Else that many units, all of which report without an error; beyond the registry, as many
            communes of a made-up campaign, written to `folder`/.campaign, with which the night is then to be run
    layout  one of LAYOUTS; None: each in turn

    The same arguments give the same bytes. Raises FolderNotEmpty, and KeyError for a layout that
    there is not.
    """
    if layout is not None and layout not in LAYOUTS:
        raise KeyError(f"no layout {layout}; there are {', '.join(LAYOUTS)}")
    if folder.is_dir() and any(not p.name.startswith(".") for p in folder.iterdir()):
        raise FolderNotEmpty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if units is not None and units > len(campaign.registry.units):
        campaign = made_up_campaign(campaign_folder, folder / CAMPAIGN_FOLDER, units, seed)
        reporting: Sequence[Unit] = campaign.registry.communes
    else:
        reporting = campaign.registry.units[:units]
    planned = plan_inbox(reporting, campaign, seed, layout, tryout=units is None)
    tally = _write_all(folder, campaign, planned, seed)
    rejected = _write_unusable(folder, campaign, seed) if units is None else ()
    fates = {p.unit_code: p.fate for p in planned}
    statuses = {u.code: fates.get(u.code, "missing") for u in campaign.registry.units}
    expected = tally.expected(statuses, campaign, rejected)
    expected.write(folder / EXPECTED_FILE)
    return expected


def _write_all(folder: Path, campaign: Campaign, planned: Sequence[Planned], seed: int) -> Tally:
    """Writes the reports, by as many processes as there are cores where it is worth their start."""
    workers = (os.cpu_count() or 1) if len(planned) >= _WORTH_A_PROCESS else 1
    if workers == 1:
        return _write_share(folder, campaign, planned, seed)
    tally = Tally()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        shares = [
            pool.submit(_write_share, folder, campaign, planned[n::workers], seed)
            for n in range(workers)
        ]
        for share in shares:
            tally.add(share.result())
    return tally


def _write_share(folder: Path, campaign: Campaign, planned: Sequence[Planned], seed: int) -> Tally:
    tally = Tally()
    by_code = campaign.registry.by_code
    for start in range(0, len(planned), _AT_ONCE):
        some = planned[start : start + _AT_ONCE]
        reports = make_reports([by_code[p.unit_code] for p in some], campaign, seed)
        for plan, made in zip(some, reports, strict=True):
            values = made if LAYOUTS[plan.layout].rows else FormValues(made.pairs)
            if plan.fate == "returned":
                values = _with_an_error(values, campaign)
            else:
                tally.count(values, campaign)
            _write_one(folder, campaign, plan, values, seed)
    return tally


def _write_one(
    folder: Path, campaign: Campaign, plan: Planned, values: FormValues, seed: int
) -> None:
    target = folder / plan.file_name
    rng = Random(f"{seed}/{plan.unit_code}/layout")
    LAYOUTS[plan.layout].write(
        values, campaign.registry.by_code[plan.unit_code], campaign, target, rng
    )
    received = _after_its_dates(plan.received_at, values, campaign).timestamp()
    os.utime(target, (received, received))


def _after_its_dates(received: dt.datetime, values: FormValues, campaign: Campaign) -> dt.datetime:
    """The time of receipt, moved to the day of the last meeting or of signing where that is
    later."""
    rows = [row for rows in values.rows.values() for row in rows]
    days = [
        day
        for row_values in (*values.pairs.values(), *rows)
        for day in row_values.values()
        if isinstance(day, dt.date)
    ]
    at = received.astimezone(campaign.zone)
    return max([at, *(dt.datetime.combine(day, at.timetz()) for day in days)])


def _with_an_error(values: FormValues, campaign: Campaign) -> FormValues:
    """The report with one count above its limit, such as more people present than there are."""
    for section in campaign.form.tables:
        for field in section.fields:
            if not field.limit or campaign.severity.get(field.limit_rule or "") != "error":
                continue
            rows: list[Row] = list(values.rows.get(section.key, ()))
            place = next(
                (i for i, row in enumerate(rows) if row.get(field.key) and row.get(field.limit)),
                None,
            )
            if place is not None:
                rows[place] = {
                    **rows[place],
                    field.key: as_count(rows[place][field.limit]) + _TOO_MANY,
                }
                return FormValues(values.pairs, {**values.rows, section.key: rows})
    return values


def _write_unusable(folder: Path, campaign: Campaign, seed: int) -> tuple[str, ...]:
    """A report of a unit that the registry does not know, and a workbook cut off on its way;
    returns their names."""
    known = campaign.registry.by_folded_name
    rng = Random(f"{seed}/unknown")
    name = next(
        n for n in place_names(len(known) + 2, rng) if not any(n.casefold() in k for k in known)
    )
    unknown_unit = Unit(code=f"Xã {name}", name=f"Xã {name}", type="xa")
    unknown, broken = folder / f"BC {unknown_unit.name}.xlsx", folder / "BC gui lai.xlsx"
    fill_form(make_reports([unknown_unit], campaign, seed)[0], unknown_unit, campaign, unknown)
    broken.write_bytes(unknown.read_bytes()[:_BROKEN_BYTES])
    for number, path in enumerate((unknown, broken)):
        when = campaign.campaign.deadline.timestamp() - 86_400 * (number + 1)
        os.utime(path, (when, when))
    return unknown.name, broken.name
