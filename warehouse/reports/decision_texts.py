"""The decisions of officers in words, for the page and the working file: what, who, when, why."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.moments import moment_text
from warehouse.reports import wording
from warehouse.reports.queries import query


class DecisionText(NamedTuple):
    """A decision that holds: its number, what it does, whom and which file it is about, what it
    names, why, by whom."""

    number: int
    at: dt.datetime
    account: str
    reason: str
    kind: str
    unit: str
    file: str
    rule: str
    row: str
    field: str
    named: str
    matched: bool
    unit_code: str

    @property
    def sentence(self) -> str:
        """What it does, in words: `Vẫn tính tệp “BC.xlsx” (Xã A): Số dự nhiều hơn tổng số`."""
        if self.kind == "rename":  # its unit bears the new name by now
            return f"{wording.DECISIONS[self.kind]} mã {self.unit_code} thành {self.named}"
        file = f" “{self.file}”" if self.file else ""
        unit = (
            f" ({self.unit})" if self.file and self.unit else f" {self.unit}" if self.unit else ""
        )
        about = "; ".join(filter(None, (self.rule, self.row, self.field, self.named)))
        return f"{wording.DECISIONS[self.kind]}{file}{unit}" + (f": {about}" if about else "")


def decision_texts(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[DecisionText]:
    """The decisions that hold in the open warehouse, in the order of the record; times in the
    campaign's zone."""
    cursor = con.execute(query("decisions"))
    names = [column[0] for column in cursor.description]
    return [
        _decision_text(dict(zip(names, row, strict=True)), campaign) for row in cursor.fetchall()
    ]


def _decision_text(row: dict[str, object], campaign: Campaign) -> DecisionText:
    form = campaign.form
    text = {name: str(value or "") for name, value in row.items()}
    organisation = wording.row_label(form, "orgs", text["organisation"])
    place = " – ".join(filter(None, (organisation, text["commune_name"])))
    section = text["section"] or None
    at = row["holds_from"]
    assert isinstance(at, dt.datetime)
    return DecisionText(
        number=int(text["decision_id"]),
        at=at.astimezone(campaign.zone),
        account=text["account"],
        reason=text["reason"],
        kind=text["kind"],
        unit=text["unit_name"] or text["sender_name"],
        file=text["file_name"],
        rule=wording.rule_label(text["rule"], campaign) if text["rule"] else "",
        row=place or wording.row_label(form, section, text["row_name"]),
        field=wording.field_label(form, section, text["field"]),
        named=text["name"] or _received(row["received_at"], campaign),
        matched=text["state"] == "in_force",
        unit_code=text["unit_code"],
    )


def _received(moment: object, campaign: Campaign) -> str:
    if not isinstance(moment, dt.datetime):
        return ""
    return moment_text(moment, campaign.zone)
