"""Schedules: every deployment follows the campaign's times."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from campaign_folders import copy_campaign, set_key
from prefect.server.schemas.schedules import RRuleSchedule

from flows.service.deployments import DEPLOYMENTS, POOL, TAGS, every_night, on_reminder_days
from sources.campaigns import CampaignError, load_campaign

ROOT = Path(__file__).resolve().parent.parent


TIMES = [  # key of [schedule], its value, and the words of the refusal
    ("nightly", '"25:30"', r"schedule\.nightly"),
    ("nightly", '"22h30"', r"schedule\.nightly.*'22h30' is no time of the day"),
    ("nightly", "2230", r"schedule\.nightly.*2230 is no time of the day"),
    ("remnd", '"09:00"', r"schedule\.remnd"),
]


@pytest.mark.parametrize(("key", "value", "refusal"), TIMES)
def test_wrong_time_is_refused_with_its_key(tmp_path, key, value, refusal):
    set_key(copy_campaign(tmp_path / "campaign"), f"schedule.{key}", value)
    with pytest.raises(CampaignError, match=refusal):
        load_campaign(tmp_path / "campaign")


def campaign_with(folder: Path, old: str, new: str) -> Path:
    copy_campaign(folder)
    text = (folder / "campaign.toml").read_text()
    assert old in text
    (folder / "campaign.toml").write_text(text.replace(old, new, 1))
    return folder


REFUSED = [  # what stands in campaign.toml, what instead, and the key and words of the refusal
    ("2022-04-13, 2022-04-15", "2022-04-15, 2022-04-13", r"schedule\.remind_days.*in order"),
    ("2022-04-13, 2022-04-15", "2022-04-13, 2022-04-13", r"schedule\.remind_days.*twice"),
    ("2022-04-13, 2022-04-15", "2022-04-31, 2022-04-15", r"[Dd]ate"),
    (
        "2022-04-13, 2022-04-15",
        "2021-04-13, 2022-04-15",
        r"schedule\.remind_days: 13/04/2021 is more than 60 days",
    ),
    ("remind_days = [", 'remind_days = [\n    "mai",', r"schedule\.remind_days\.0"),
    (
        'time_zone = "Asia/Ho_Chi_Minh"',
        'time_zone = "Asia/Lục_Ngạn"',
        r"campaign\.time_zone.*Asia/Lục_Ngạn",
    ),
]


@pytest.mark.parametrize(("old", "new", "error"), REFUSED)
def test_invalid_schedule_is_refused_with_its_key(tmp_path, old, new, error):
    with pytest.raises(CampaignError, match=error):
        load_campaign(campaign_with(tmp_path / "campaign", old, new))


def test_night_runs_daily_at_campaign_time_and_zone(tmp_path):
    set_key(copy_campaign(tmp_path / "campaign"), "schedule.nightly", '"05:07"')
    schedule = every_night(load_campaign(tmp_path / "campaign"))
    assert (schedule.cron, schedule.timezone) == ("7 5 * * *", "Asia/Ho_Chi_Minh")


async def _dates(schedule: RRuleSchedule) -> list[dt.datetime]:
    return await schedule.get_dates(n=99, start=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))


def test_reminders_run_at_eight_on_campaign_days_only():
    import asyncio

    schedule = on_reminder_days(load_campaign())
    dates = asyncio.run(_dates(RRuleSchedule(**schedule.model_dump())))
    assert [f"{date:%d/%m/%Y %H:%M %z}" for date in dates] == [
        f"{day}/04/2022 08:00 +0700" for day in (13, 15, 16, 17, 18, 19)
    ]


def test_prefect_yaml_matches_service_deployments():
    by_hand = {
        one["name"]: one
        for one in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    }
    assert set(by_hand) == {planned.name for planned in DEPLOYMENTS}
    for planned in DEPLOYMENTS:
        one, schedule = by_hand[planned.name], planned.schedule(load_campaign())
        assert one["entrypoint"] == planned.flow.replace(".", "/").replace(":", ".py:")
        assert one["description"] == planned.description
        assert one["schedules"] == [schedule.model_dump(include=set(one["schedules"][0]))]
        assert {"cron", "timezone"} <= set(one["schedules"][0]) or {"rrule", "timezone"} <= set(
            one["schedules"][0]
        )
        assert set(one["parameters"]) <= set(planned.parameters)
        assert one["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}
        assert (one["work_pool"]["name"], one["tags"]) == (POOL, TAGS)
