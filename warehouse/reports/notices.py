"""The words of what is sent by mail: the reminder to a unit whose report is due (III.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sources.campaigns import Campaign
from sources.registry import Unit
from warehouse.reports import wording
from warehouse.reports.feedback.letter import addressee, letters

REMINDER = "nhac-gui-bao-cao.txt.j2"


def reminder(
    unit: Unit,
    attached: Sequence[str],
    campaign: Campaign,
    as_of: dt.datetime,
    scans: Sequence[str] = (),
) -> str:
    """The letter to a unit of which nothing that counts has come: what is due, by when, how to send
    it.

    `attached` names the files that go with it, `scans` those of the unit that wait for an officer to
    confirm them: the letter then asks for the Word file alone; `as_of` is in the campaign's zone. No person is
    named in it.
    """
    return (
        letters()
        .get_template(REMINDER)
        .render(
            addressee=addressee(unit),
            attached=attached,
            scans=scans,
            about=campaign.campaign,
            office=campaign.document.issuer_name,
            deadline=wording.deadline(campaign),
            left=wording.time_left(campaign, as_of),
            as_of=as_of,
            overdue=as_of >= campaign.campaign.deadline,
        )
    )


def subject(status: str, campaign: Campaign, as_of: dt.datetime) -> str:
    """The subject of a unit's reminder: what to do, of which campaign, by when."""
    name, deadline = campaign.campaign.topic, wording.deadline(campaign)
    what = "Đề nghị sửa và gửi lại báo cáo" if status == "returned" else "Đề nghị gửi báo cáo"
    due = (
        f"đã quá hạn {deadline}" if as_of >= campaign.campaign.deadline else f"hạn trước {deadline}"
    )
    return f"{what} “{name}” ({due})"
