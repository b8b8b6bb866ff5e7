"""`tonghop campaign check`: what is wrong in a campaign's files is said before a night, all at once, with its place."""

import re
import shutil
from pathlib import Path

import pytest
from test_cli import tonghop

from flows.night import parse_night
from flows.stages import open_work
from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError, load_campaign
from warehouse.campaign_check import campaign_mistakes

CHANGES = [  # file, what stands in it, what is put there, and what is said of it
    (
        "campaign.toml",
        r"^first = 2022-04-03$",
        "first = 2022-04-16",
        "windows.cells: first (16/04/2022) is after last",
    ),
    (
        "campaign.toml",
        r"^deadline = 2022-04-18",
        "deadline = 2022-04-14",
        "windows.cells: last (15/04/2022) is after campaign.deadline (14/04/2022)",
    ),
    (
        "form.toml",
        r'label = "Tổng số đảng viên"',
        'label = "Tổng số Chi bộ trực thuộc"',
        "info.members_total: the label 'Tổng số Chi bộ trực thuộc' is also that of info.cells_total",
    ),
    (
        "form.toml",
        r'limit_rule = "attended_exceeds_total"',
        "",
        "info.members_attended: limit = 'members_total'",
    ),
    (
        "form.toml",
        r'code = "combined"',
        'code = "separate"',
        "cells.mode: the choice 'separate' is declared twice",
    ),
    (
        "form.toml",
        r'value = "count\(held_on\)"',
        'value = "count(held_upon)"',
        "form.toml: from_rows of cells_held: 'SELECT count(held_upon) FROM cell_meeting' is no query",
    ),
    (
        "form.toml",
        r'held_when = "branches_held > 0"',
        'held_when = "branches_met > 0"',
        "held_when of orgs",
    ),
]


@pytest.fixture
def folder(tmp_path) -> Path:
    return shutil.copytree(DEFAULT_CAMPAIGN, tmp_path / "campaign")


def change(path: Path, pattern: str, by: str) -> None:
    changed, times = re.subn(
        pattern, by, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE
    )
    assert times == 1, pattern
    path.write_text(changed, encoding="utf-8")


def test_bundled_campaign_has_no_mistakes() -> None:
    assert campaign_mistakes(DEFAULT_CAMPAIGN) == []


@pytest.mark.parametrize(("file", "pattern", "by", "said"), CHANGES)
def test_mistake_is_reported_with_file_and_key(folder, file, pattern, by, said) -> None:
    change(folder / file, pattern, by)
    assert said in str(campaign_mistakes(folder)[0])


def test_all_mistakes_are_reported_at_once(folder) -> None:
    for file, pattern, by, _ in CHANGES[:2]:
        change(folder / file, pattern, by)
    checked = tonghop("campaign", "check", folder)
    assert checked.returncode == 1
    assert "windows.cells: first" in checked.stdout and "windows.orgs: last" in checked.stdout
    assert tonghop("campaign", "check", DEFAULT_CAMPAIGN).returncode == 0


@pytest.mark.parametrize(
    "change_number", [3, 5], ids=["when it is loaded", "when the night begins"]
)
def test_night_does_not_start_with_a_mistaken_campaign(folder, tmp_path, change_number) -> None:
    change(folder / CHANGES[change_number][0], *CHANGES[change_number][1:3])
    (tmp_path / "inbox").mkdir()
    with pytest.raises(CampaignError):
        open_work(
            parse_night(
                str(tmp_path / "inbox"),
                str(tmp_path / "home"),
                None,
                str(folder),
                "run",
                now=load_campaign().campaign.deadline,
            )
        )
    assert not (tmp_path / "home" / "work").exists()
