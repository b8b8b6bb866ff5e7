"""What one report may yield at the most: rows of a table, findings, letters of a text (the
campaign's limits)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sources.campaigns import Campaign
from sources.extraction.facts import Extract, Fact, ReadFinding
from sources.readers.refusals import too_many_findings, too_many_rows

CUT_MESSAGE = (
    "Đoạn chữ dài hơn {most} ký tự, quá sức chứa của một ô bảng tính, nên chỉ giữ {most} ký tự đầu. Đề nghị rút gọn "
    "rồi gửi lại nếu phần sau là số liệu."
)


def bounded(extract: Extract, campaign: Campaign) -> Extract:
    """The extract, its texts cut to what a cell can hold; each cut is a finding (`text_cut`).

    Raises RefusedFile for more rows of a table or more findings than any report has.
    """
    limits = campaign.limits
    _check_rows(extract, campaign)
    if len(extract.findings) > limits.findings:
        raise too_many_findings(limits)
    most = limits.text_letters
    if all(len(f.raw) <= most and len(f.value or "") <= most for f in extract.facts):
        return extract
    found = [
        ReadFinding(
            "text_cut",
            f.section,
            f.row or None,
            None,
            f.field,
            None,
            f.sheet,
            f.cell,
            CUT_MESSAGE.format(most=f"{most:,}".replace(",", ".")),
        )
        for f in extract.facts
        if len(f.raw) > most or len(f.value or "") > most
    ]
    return replace(
        extract, facts=[_cut(f, most) for f in extract.facts], findings=[*extract.findings, *found]
    )


def _check_rows(extract: Extract, campaign: Campaign) -> None:
    if len(extract.facts) <= campaign.limits.table_rows:
        return
    for key, rows in Counter(
        section for section, _ in {(f.section, f.row) for f in extract.facts}
    ).items():
        if rows > campaign.limits.table_rows:
            section = campaign.form.by_key.get(key)
            raise too_many_rows(section.title if section else key, rows, campaign.limits)


def _cut(fact: Fact, most: int) -> Fact:
    if len(fact.raw) <= most and len(fact.value or "") <= most:
        return fact
    return fact._replace(value=fact.value and fact.value[:most], raw=fact.raw[:most])
