"""What makes a consolidated report the document that it is: its head, number, date and signature,
and whether it is a draft (Hướng dẫn 36-HD/VPTW, as campaign data).

A report is a draft until it is issued. The next one is a draft again, without number and date, as
soon as a number or a word of the officer's is another one.
"""

from __future__ import annotations

import datetime as dt
import re

import duckdb

from sources.campaigns import Campaign
from sources.text import fold
from warehouse.printed_numbers import has_same_numbers
from warehouse.reports.party_words import place_and_date, quoted

BLANK_NUMBER = " " * 6
MAX_PARAGRAPH_LENGTH = 20_000  # characters of one paragraph of the officer's


def document_head(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, now: dt.datetime
) -> dict[str, object]:
    """The template's names under `vb` (templates/README.md); `now` in the campaign's zone."""
    about, part = campaign.document, campaign.officers_part
    issued = is_issued(con, campaign)
    bears = part.issued if issued and part.issued else part
    *first_recipients, last_recipient = about.recipients
    return {
        "cap_tren": about.parent,
        "co_quan": about.issuer,
        "don_vi": about.issuer_name,
        "ky_hieu": about.symbol,
        "so": number_text(bears.number),
        "noi_ngay": place_and_date(about.place, now, bears.dated),
        "loai": about.kind,
        "trich_yeu": about.subject,
        "noi_gui": about.addressee,
        "du_thao": not issued,
        "da_phat_hanh": issued,
        "het_han": is_after_deadline(campaign, now),
        "mo_dau": officers_paragraphs(part.introduction),
        "nguyen_nhan": officers_paragraphs(part.causes),
        "ket_luan": officers_paragraphs(part.conclusions),
        "chuc_vu": signature_lines(campaign),
        "nguoi_ky": part.signer or about.signer_name,
        "noi_nhan": [*(f"{name}," for name in first_recipients), f"{last_recipient}."],
    }


def is_issued(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> bool:
    """Whether a report of this warehouse says what the one that was issued last says: the same
    numbers, and the same of the officer's part."""
    issued = campaign.officers_part.issued
    return issued is not None and issued.is_current and has_same_numbers(con, issued.numbers_digest)


def is_after_deadline(campaign: Campaign, now: dt.datetime) -> bool:
    """Whether a report that comes now is late (III.4)."""
    return now >= campaign.campaign.deadline


def number_text(number: int | None) -> str:
    """A document's number in at least two digits, `05`; blank where it has none yet."""
    return BLANK_NUMBER if number is None else f"{number:02d}"


def signature_lines(campaign: Campaign) -> list[str]:
    """The lines above the signature: the officer's title, else the campaign's. A deputy signs for
    the head: `K/T TRƯỞNG BAN`, below it `PHÓ TRƯỞNG BAN`."""
    about = campaign.document
    head, deputy = about.signer_title, f"PHÓ {about.signer_title}"
    title = campaign.officers_part.title
    lines = [line.strip().upper() for line in re.split(r"\s/\s|\n", title) if line.strip()]
    if not lines:
        lines = [deputy if about.signer_deputy else head]
    return [f"K/T {head}", deputy] if [fold(line) for line in lines] == [fold(deputy)] else lines


def officers_paragraphs(paragraphs: tuple[str, ...]) -> list[str]:
    """The officer's paragraphs without what a document cannot hold."""
    return [quoted(paragraph, MAX_PARAGRAPH_LENGTH) for paragraph in paragraphs]
