"""Mistakes and tricks in officers' and operators' input: refused before anything runs, or
escaped."""

import datetime as dt
from pathlib import Path

import pytest
from campaign_folders import copy_campaign, set_key
from test_cli import tonghop

from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError, load_campaign
from sources.channels.mail_account import AccountError, parse_account
from sources.decisions import DecisionLog, with_names
from sources.new_campaign import Plan, write_campaign

NOW = dt.datetime(2022, 4, 17, 8, tzinfo=dt.UTC)


def campaign(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """The built-in campaign with one text of a file exchanged."""
    folder = tmp_path / "campaign"
    copy_campaign(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


LIMITS = [
    "file_bytes",
    "unpacked_bytes",
    "compression_ratio",
    "archive_members",
    "archive_depth",
    "cells",
    "rows",
    "sheets",
    "seconds",
    "memory_bytes",
]


@pytest.mark.parametrize("value", ["0", "-1", "99999999999999999999", "1.5", '"x"'])
@pytest.mark.parametrize("limit", LIMITS)
def test_impossible_limit_is_refused_by_name(tmp_path, limit, value):
    if value.startswith("999") and limit in (
        "compression_ratio",
        "archive_members",
        "cells",
        "rows",
        "sheets",
    ):
        pytest.skip("a limit of a count may be as high as one likes")
    folder = copy_campaign(tmp_path / "campaign")
    set_key(folder, f"limits.{limit}", value)
    with pytest.raises(CampaignError, match=rf"limits\.{limit}"):
        load_campaign(folder)


@pytest.mark.parametrize(
    "code",
    [
        "../07525",
        "a/b",
        "a\\b",
        "..",
        ".",
        "a..b",
        "-rf",
        "a\x1b",
        "x" * 41,
        "a\u202eb",
        "a\u00a0b",
        "*",
    ],
)
def test_unit_code_with_path_characters_is_refused(tmp_path, code):
    folder = campaign(tmp_path, "units.csv", "\n07525,", f"\n{code},")
    with pytest.raises(CampaignError, match="is no code: write at most 40 letters"):
        load_campaign(folder)


@pytest.mark.parametrize("code", ["07525", "T-HND", "T.1", "219 HND", "Đ1", "a_b"])
def test_usual_unit_codes_are_accepted(tmp_path, code):
    folder = campaign(tmp_path, "units.csv", "\n07525,", f"\n{code},")
    assert code in load_campaign(folder).registry.by_code


@pytest.mark.parametrize(
    "name", ["Xã {{ x }}", "Xã {% x %}", "Xã <script>", "Xã \u202eA", "Xã \x07"]
)
def test_unit_name_with_active_characters_is_refused(tmp_path, name):
    stands = load_campaign().registry.units[0].name
    folder = campaign(tmp_path, "units.csv", f",{stands},", f",{name},")
    with pytest.raises(CampaignError, match="is no name: leave out"):
        load_campaign(folder)


@pytest.mark.parametrize(
    "call",
    [
        ("nightly", "--inbox", "{tmp}", "--as-of", "9999-12-31T23:59:59-12:00"),
        ("diff", "0001-01-01", "9999-12-31"),
        ("purge", "--before", "9999-12-31"),
        ("nightly", "--inbox", "{tmp}", "--as-of", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_implausible_year_is_refused(tmp_path, call):
    home = tmp_path / "home"
    (home / "landed").mkdir(parents=True)
    answer = tonghop(*(part.replace("{tmp}", str(tmp_path)) for part in call), "--home", home)
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1), answer.stderr
    assert "Traceback" not in answer.stderr


def test_reason_and_account_of_a_decision_are_escaped(tmp_path):
    log = DecisionLog(tmp_path)
    log.add(
        "withdraw", "chu\x1b]0;x\x07", "Đã gọi\n\x1b[2J\u202e xong", NOW, NOW, submission_id="a"
    )
    [decision] = log.recorded()
    assert (decision.account, decision.reason) == (
        "chu\\x1b]0;x\\x07",
        "Đã gọi\\x0a\\x1b[2J\\u202e xong",
    )
    assert "\x1b" not in (tmp_path / "decisions.jsonl").read_text(encoding="utf-8")


def test_previously_recorded_bad_name_does_not_end_the_night(tmp_path):
    log = DecisionLog(tmp_path)
    log.add("rename", "chu", "Đổi tên", NOW, NOW, unit_code="07525", name="Xã {{ x }}")
    log.add("alias", "chu", "Đổi tên", NOW, NOW, unit_code="07525", name="Xã Mới")
    unit = with_names(load_campaign(), log.recorded()).registry.by_code["07525"]
    assert unit.name == load_campaign().registry.by_code["07525"].name
    assert "Xã Mới" in unit.aliases


PLANS = [  # what is other than in a plan that holds, and what is said
    ({"deadline": dt.date(9999, 12, 31)}, "no year of a campaign"),
    ({"windows": {"cells": (dt.date(1, 1, 1), dt.date(2022, 4, 15))}}, "no year of a campaign"),
    ({"exchanged": {"limits.seconds": "0"}}, r"limits\.seconds"),
    ({"exchanged": {"limits.seconds.x": "0"}}, "no section to set x in"),
    ({"exchanged": {"campaign.key.x.y": "0"}}, "no .campaign.key.x."),
]


@pytest.mark.parametrize(("other", "said"), PLANS)
def test_impossible_new_campaign_is_refused_and_leaves_nothing(tmp_path, other, said):
    plan = {
        "topic": "A",
        "area": "huyện B",
        "windows": {"cells": (dt.date(2022, 4, 3), dt.date(2022, 4, 15))},
        "deadline": dt.date(2022, 4, 18),
        "units": DEFAULT_CAMPAIGN / "units.csv",
        "issuer": "Ban C",
        **other,
    }
    with pytest.raises(CampaignError, match=said):
        write_campaign(Plan(**plan), DEFAULT_CAMPAIGN, tmp_path / "new")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "url",
    [
        "imaps://a@b/IN%0D%0ABOX",
        "imaps://a%0a@b/INBOX",
        "imaps://[::1",
        "imaps://a@b/%00",
        "imaps://a@b/INBOX?move_to=x%0d%0aA1%20DELETE",
        "imaps://a@b/\u202eX",
    ],
)
def test_mailbox_address_with_line_break_is_refused(url):
    with pytest.raises(AccountError, match="line break"):
        parse_account(url)
