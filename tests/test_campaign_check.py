"""`tonghop campaign check`: all mistakes in a campaign's files at once, with file and key, before a
night."""

import re
import shutil
from pathlib import Path

import pytest
from test_cli import tonghop

from flows.night import parse_night
from flows.stages import open_work
from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError, load_campaign
from warehouse.campaign_check import campaign_mistakes

CHANGES = [  # file, a pattern in it, its replacement, and the error
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
        "form.toml: from_rows of cells_held: 'SELECT count(held_upon) FROM cell_meeting ",
    ),
    (
        "form.toml",
        r'held_when = "branches_held > 0"',
        'held_when = "branches_met > 0"',
        "held_when of orgs",
    ),
    (
        "form.toml",
        r'held_when = "branches_held > 0"',
        'held_when = "first_on <= today()"',
        "form.toml: held_when of orgs: 'SELECT count(*) FROM org_meeting_reported WHERE first_on <= "
        "today()' asks for today(), which another run of the same night would answer otherwise",
    ),
    (
        "form.toml",
        r'value = "count\(held_on\)"',
        'value = "count(held_on) FILTER (WHERE held_on < now())"',
        "form.toml: from_rows of cells_held: ",
    ),
    (
        "form.toml",
        r'value = "count\(held_on\)"',
        'value = "held_on"',
        "form.toml: from_rows of cells_held: 'SELECT held_on FROM cell_meeting GROUP BY unit_code'",
    ),
    (
        "form.toml",
        r'value = "count\(held_on\)"',
        'value = "max(name)"',
        "yields VARCHAR; make it one number",
    ),
    (
        "form.toml",
        r'value = "count\(held_on\)"',
        'value = "1; DROP TABLE village; SELECT 1"',
        "is more than one statement; leave one",
    ),
    (
        "form.toml",
        r'limit_rule = "held_exceeds_total"',
        'limit_rule = "material_missing"',
        "form.toml: info.cells_held.limit_rule: material_missing is no such rule",
    ),
    (
        "form.toml",
        r'  expected_rule = "material_missing"$',
        "",
        "info.material_14_ct_tu: expected and expected_rule belong together",
    ),
    (
        "form.toml",
        r'limit = "cells_total"',
        'limit = "unit"',
        "info.cells_held: limit = 'unit' compares a count with a unit; both must be counts",
    ),
    (
        "form.toml",
        r'  description = "Party members given a task"$',
        '  description = "Party members given a task"\n  summed = true',
        "cells.members_assigned: only a pair of label and value is summed",
    ),
    (
        "form.toml",
        r'  phrases_follow = "chi bộ"$',
        "",
        "info.cells_total: phrases_after and phrases_follow belong together",
    ),
    (
        "form.toml",
        r'phrases = \["\{n\} <cells> trực',
        'phrases = ["{n} <cells trực',
        "form.toml: info.cells_total.phrases: '{n} <cells trực thuộc' cannot be looked for: < is",
    ),
    (
        "form.toml",
        r'phrases = \["\{n\} <cells> trực',
        'phrases = ["~ <cells> trực',
        "it begins with a word or a number",
    ),
    (
        "form.toml",
        r'phrases = \["\{n\} <cells> trực',
        'phrases = ["các <cells> trực',
        "it has no count; write {n}",
    ),
    ("form.toml", r'table = "village"', 'table = "cell_meeting"', "cell_meeting: two sections"),
    ("form.toml", r'type = "mark"', 'type = "choice"', "is a choice of nothing"),
    (
        "form.toml",
        r'name = "orgs"',
        'name = "org"',
        "orgs.window.name: campaign.toml declares no window",
    ),
    ("form.toml", r'type = "mark"', 'type = "marc"', "form.toml: info.material_14_ct_tu.type: "),
    ("form.toml", r'clause = "III.4"', "", "form.toml: info.unit.clause: is missing; add it"),
    ("campaign.toml", r"^year = 2022$", "yaer = 2022", "campaign.toml: campaign.year: is missing"),
    (
        "campaign.toml",
        r"^\[windows.cells\]",
        '[severity]\nnot_raed = "error"\n\n[windows.cells]',
        "campaign.toml: severity.not_raed: there is no such rule; delete it",
    ),
    (
        "campaign.toml",
        r"2022-04-13",
        "2022-04-31",
        "campaign.toml: Invalid date or datetime (at line",
    ),
    ("units.csv", r"219-DTN", "219/DTN", "units.csv: line 34: code: "),
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


@pytest.mark.parametrize(("file", "pattern", "by", "error"), CHANGES)
def test_mistake_is_reported_with_file_and_key(folder, file, pattern, by, error) -> None:
    change(folder / file, pattern, by)
    assert error in str(campaign_mistakes(folder)[0])


def test_all_mistakes_are_reported_at_once(folder) -> None:
    for file, pattern, by, _ in CHANGES[:2]:
        change(folder / file, pattern, by)
    checked = tonghop("campaign", "check", folder)
    assert checked.returncode == 1
    assert "windows.cells: first" in checked.stdout and "windows.orgs: last" in checked.stdout
    for file, pattern, by, _ in (CHANGES[2], CHANGES[5]):
        change(folder / file, pattern, by)
    found = "\n".join(map(str, campaign_mistakes(folder)))
    for file, key in (
        ("campaign", "windows.cells"),
        ("form", "info.members_total"),
        ("form", "from_"),
    ):
        assert f"{file}.toml: {key}" in found
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
