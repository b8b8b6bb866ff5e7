"""The words of what is sent to a unit whose report is due (III.3): the reminder as a letter, and a
short text to copy into Zalo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sources.campaigns import Campaign
from sources.registry import Unit
from warehouse.reports import party_words
from warehouse.reports.feedback.letter import addressee, common_words, letters

REMINDER, SHORT_TEXT, SHORT_TEXT_FOR_ALL = (
    "nhac-gui-bao-cao.txt.j2",
    "zalo-don-vi.txt.j2",
    "zalo-tat-ca.txt.j2",
)
SCANNED, WITHDRAWN = "scanned", "withdrawn"
# How the text for all units groups them: by the status in unit_status, or as these two.
GROUPS = {
    "missing": "Chưa gửi",
    WITHDRAWN: "Báo cáo đã gửi được rút lại, cần gửi lại",
    SCANNED: "Đã gửi bản quét, đề nghị gửi thêm tệp Word hoặc Excel",
    "returned": "Đã gửi, cần sửa và gửi lại",
}


def reminder(
    unit: Unit,
    attached: Sequence[str],
    campaign: Campaign,
    as_of: dt.datetime,
    scans: Sequence[str] = (),
    link: str | None = None,
    withdrawn: Sequence[str] = (),
) -> str:
    """The letter to a unit of which nothing that counts has come: what is due, by when, how to send
    it.

    `attached` names the files that go with it, `scans` those of the unit that wait for an officer to
    confirm them: the letter then asks for the Word file alone; `withdrawn` names those that officers
    have withdrawn; `link` is the unit's own to the desk, if it has one; `as_of` is in the campaign's
    zone. No person is named in it.
    """
    return (
        letters()
        .get_template(REMINDER)
        .render(
            common_words(campaign, as_of),
            addressee=addressee(unit),
            attached=attached,
            scans=scans,
            withdrawn=withdrawn,
            link=link,
        )
    )


def short_text(
    unit: Unit,
    status: str,
    campaign: Campaign,
    as_of: dt.datetime,
    scans: Sequence[str] = (),
    withdrawn: Sequence[str] = (),
) -> str:
    """The same in two or three plain sentences, to copy into a message; `status` as in
    unit_status."""
    return (
        letters()
        .get_template(SHORT_TEXT)
        .render(
            common_words(campaign, as_of),
            addressee=addressee(unit),
            is_returned=status == "returned",
            scans=scans,
            withdrawn=withdrawn,
        )
    )


def short_text_for_all(owing: Mapping[Unit, str], campaign: Campaign, as_of: dt.datetime) -> str:
    """One text for the group of all units: which have not reported and which have to correct their
    report, by name; `owing` gives the status of each, as in unit_status, or SCANNED where only a scan
    has come, WITHDRAWN where nothing but files that were withdrawn has."""
    groups = [
        (
            title,
            [
                party_words.in_sentence(unit.name, unit.type)
                for unit, s in owing.items()
                if s == status
            ],
        )
        for status, title in GROUPS.items()
    ]
    return (
        letters()
        .get_template(SHORT_TEXT_FOR_ALL)
        .render(
            common_words(campaign, as_of),
            owing=owing,
            groups=[(title, names) for title, names in groups if names],
        )
    )


def subject(status: str, campaign: Campaign) -> str:
    """The subject of a unit's reminder: what to do, of which campaign."""
    what = "Đề nghị sửa và gửi lại báo cáo" if status == "returned" else "Đề nghị gửi báo cáo"
    return f"{what} {campaign.document.subject}"
