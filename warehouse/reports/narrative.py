"""The context of the Word template besides the numbers: lists of units, what they wrote, tables.

`report_context` returns the names that the Word template uses: vb (the document), dot (the
campaign), so (figures), ds (lists), y_kien (what units wrote). Nothing here writes a sentence of
the report: those stand in the template.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from sources.campaigns import Campaign
from sources.form import FormField
from warehouse.reports.decision_texts import decision_texts
from warehouse.reports.document_head import document_head
from warehouse.reports.party_words import capped, in_sentence, moment, quoted
from warehouse.reports.queries import query
from warehouse.reports.quotes import Quotes, read_quotes
from warehouse.reports.template_figures import TemplateFigures, read_figures
from warehouse.reports.wording import deadline

ORGANISATION_COLUMNS = {
    "tong_so": "org_branches_total",
    "da_to_chuc": "org_branches_held",
    "ty_le": "org_branches_held_share",
    "du": "org_members_attended",
    "ty_le_du": "org_members_attended_share",
}
CELL_COLUMNS = {
    "co_so_lieu": "content_known",
    "chi_bo": "content_covered",
    "chi_bo_ty_le": "content_covered_share",
}
ORG_CONTENT_COLUMNS = {
    "to_chuc": "org_content_covered",
    "to_chuc_ty_le": "org_content_covered_share",
}
DASH = "–"
MAX_RETURNED = 60  # units named with the reason; the annex has them all
MAX_REASON_LENGTH = 400  # of the reason why a file was returned; the unit has it in full


def report_context(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime
) -> dict[str, object]:
    """The template's names for an open warehouse as it stands at `as_of`."""
    now = as_of.astimezone(campaign.zone)
    figures = read_figures(con)
    quotes = read_quotes(con, campaign)
    return {
        "vb": document_head(con, campaign, now),
        "dot": _campaign(campaign, now),
        "so": figures,
        "y_kien": Quotes(quotes),
        "loi": {
            f.key: f" {f.report_words}"
            for s in campaign.form.sections
            for f in s.fields
            if f.report_words
        },
        "ds": {
            **_units(con, campaign),
            **_tables(campaign, figures),
            "chi_co_tong": _without_cells(con, campaign),
            "quyet_dinh": _decisions(con, campaign),
            "chua_co_so_lieu": "; ".join(_in_sentence_label(f.nhan) for f in figures.chua_biet),
        },
    }


def _campaign(campaign: Campaign, now: dt.datetime) -> dict[str, object]:
    about = campaign.campaign
    windows = {name: window.label for name, window in campaign.windows.items()}
    return {
        "ten": about.name,
        "can_cu": about.legal_basis,
        "dia_ban": about.area,
        "thoi_diem": moment(now),
        "han": deadline(campaign),
        "han_chi_bo": windows.get("cells", ""),
        "han_to_chuc": windows.get("orgs", ""),
    }


def _units(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[str, object]:
    """`cham`: late units, each with the time of its first accepted report; `tra_lai`: name and
    reason; `chua_gui`."""
    rows = con.execute(query("unit_progress")).fetchall()
    late = sorted(
        (first.astimezone(campaign.zone), in_sentence(name, kind))
        for name, kind, status, on_time, first, _ in rows
        if status == "accepted" and not on_time
    )
    returned = [
        {"ten": name, "ly_do": quoted(reason or "", MAX_REASON_LENGTH)}
        for name, _, status, _, _, reason in rows
        if status == "returned"
    ]
    if len(returned) > MAX_RETURNED:
        returned[MAX_RETURNED:] = [{"ten": "Các đơn vị khác", "ly_do": "nêu tại Phụ lục số 5."}]
    missing = [in_sentence(name, kind) for name, kind, status, *_ in rows if status == "missing"]
    return {
        "cham": capped([f"{name} ({moment(first)})" for first, name in late]),
        "tra_lai": returned,
        "chua_gui": capped(missing),
    }


def _decisions(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[str]:
    """What officers decided, a sentence each with its reason; of many the first, and where the
    others stand."""
    sentences = [
        quoted(f"{d.sentence}. Lý do: {d.reason}", MAX_REASON_LENGTH)
        for d in decision_texts(con, campaign)
    ]
    if len(sentences) > MAX_RETURNED:
        sentences[MAX_RETURNED:] = ["Các quyết định khác nêu tại Phụ lục số 5."]
    return sentences


def _without_cells(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> str:
    """The communes that count, and of whose cells no row was reported: their meetings are known in
    total only."""
    if "cells" not in campaign.form.by_key:
        return ""
    rows = con.execute(query("communes_without_cells")).fetchall()
    return capped([in_sentence(name, kind) for name, kind in rows])


def _tables(campaign: Campaign, figures: TemplateFigures) -> dict[str, object]:
    """Rows of the report's small tables: documents handed out, contents covered, organisations."""
    contents, organisations = _contents(campaign, figures), _organisations(campaign, figures)
    return {
        "tai_lieu": [
            {
                "nhan": _in_sentence_label(f.label),
                "don_vi": figures[f"material_given.{f.key}"],
                "ty_le": figures[f"material_given_share.{f.key}"],
            }
            for f in _expected(campaign, "info", "material_missing")
            if figures[f"material_given_share.{f.key}"].known
        ],
        "noi_dung": contents,
        "co_gach": any(DASH in row.values() for row in contents),
        "to_chuc": [row for row in organisations if row["ty_le"]],
        "to_chuc_chua_co": ", ".join(str(row["ten"]) for row in organisations if not row["ty_le"]),
    }


def _contents(campaign: Campaign, figures: TemplateFigures) -> list[dict[str, object]]:
    """A row per content that any meeting is known to have covered or not; a dash where one sort of
    meeting is not."""
    fields = {
        f.key: f
        for section in ("cells", "orgs")
        for f in _expected(campaign, section, "content_not_covered")
    }
    rows = []
    for key, field in fields.items():
        cells = _row(figures, CELL_COLUMNS, key, known_by="chi_bo_ty_le")
        organisations = _row(figures, ORG_CONTENT_COLUMNS, key, known_by="to_chuc_ty_le")
        if cells["chi_bo_ty_le"] != DASH or organisations["to_chuc_ty_le"] != DASH:
            rows.append({"nhan": field.label, **cells, **organisations})
    return rows


def _row(
    figures: TemplateFigures, columns: dict[str, str], code: str, known_by: str
) -> dict[str, object]:
    """The figures of that code by column; dashes where the one in the column `known_by` is not
    known."""
    row: dict[str, object] = {column: figures[f"{name}.{code}"] for column, name in columns.items()}
    return row if row[known_by] else dict.fromkeys(columns, DASH)


def _organisations(campaign: Campaign, figures: TemplateFigures) -> list[dict[str, object]]:
    orgs = campaign.form.by_key.get("orgs")
    choices = [c for f in orgs.fields if f.type == "organisation" for c in f.choice] if orgs else []
    return [
        {
            "ten": choice.label,
            **{
                column: figures.cell(f"{name}.{choice.code}")
                for column, name in ORGANISATION_COLUMNS.items()
            },
        }
        for choice in choices
    ]


def _expected(campaign: Campaign, section: str, rule: str) -> list[FormField]:
    """The section's fields that break the rule where they are not marked."""
    declared = campaign.form.by_key.get(section)
    return [f for f in declared.fields if f.expected_rule == rule] if declared else []


def _in_sentence_label(label: str) -> str:
    """A label as it stands inside a sentence."""
    return label[:1].lower() + label[1:]
