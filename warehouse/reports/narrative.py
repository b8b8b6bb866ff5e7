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
from warehouse.reports.compared_communes import MAX_NAMED, Comparisons, read_comparisons
from warehouse.reports.content_words import CONTENT_RULE
from warehouse.reports.document_head import document_head, is_after_deadline
from warehouse.reports.party_words import capped, in_sentence
from warehouse.reports.queries import query
from warehouse.reports.quotes import Quotes, QuoteSet, read_quotes
from warehouse.reports.section_numbers import SectionNumbers
from warehouse.reports.template_figures import TemplateFigures, read_figures
from warehouse.reports.wording import day, deadline, field_label

ORGANISATION_COLUMNS = {
    "tong_so": "org_branches_known",
    "da_to_chuc": "org_branches_held_known",
    "ty_le": "org_branches_held_share",
    "du": "org_members_attended_known",
    "ty_le_du": "org_members_attended_share",
}
DASH = "–"
HEADS_SHARE = "village_heads_party_share"
SHORTCOMINGS = (
    "cells_not_held",
    "org_branches_not_held",
    "cells_out_of_window",
    "meetings_content_incomplete",
    "meetings_without_committee",
)
FOUR_WAYS = {
    "heads_stays": "nơi tiếp tục là đảng viên",
    "heads_gains": "nơi chuyển từ chưa là đảng viên sang là đảng viên",
    "heads_loses": "nơi hiện là đảng viên nhưng nhân sự dự kiến không là đảng viên hoặc chưa có",
    "heads_none": "nơi cả hiện nay và dự kiến đều không có đảng viên",
}
# what is said of a file whose errors are of no field
RULES_OF_FILES = {
    "unreadable": "tệp chưa mở được",
    "unsafe": "tệp không an toàn",
    "other_topic": "báo cáo về chuyên đề khác",
}
WITHDRAWN = " (báo cáo đã gửi được rút lại)"  # behind the name of a unit
MAX_FIELDS_TO_CORRECT = 3  # named of a unit; its own feedback has them all


def report_context(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime
) -> dict[str, object]:
    """The template's names for an open warehouse as it stands at `as_of`."""
    now = as_of.astimezone(campaign.zone)
    figures = read_figures(con, campaign)
    quotes = read_quotes(con, campaign)
    communes = read_comparisons(con, campaign)
    return {
        "vb": document_head(con, campaign, now),
        "dot": _campaign(campaign, now),
        "so": figures,
        "xa": communes,
        "muc": SectionNumbers(),
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
            **_materials(con, campaign, figures),
            **_assessment(figures, quotes, is_after_deadline(campaign, now)),
            "bon_dien": _four_ways(figures, communes),
            "chua_dat": communes[HEADS_SHARE].duoi(campaign.target.heads_share)
            if campaign.target
            else "",
            "chi_co_tong": _without_cells(con, campaign),
            "co_quyet_dinh_nguon": _is_source_settled(con),
            "chua_co_so_lieu": ", ".join(_in_sentence_label(f.nhan) for f in figures.chua_biet),
        },
    }


def _campaign(campaign: Campaign, now: dt.datetime) -> dict[str, object]:
    about = campaign.campaign
    windows = {name: window.label for name, window in campaign.windows.items()}
    return {
        "ten": about.name,
        "can_cu": about.legal_basis,
        "dia_ban": about.area,
        "ngay": f"ngày {day(now)}",
        "han": deadline(campaign),
        "muc_tieu": campaign.target.source if campaign.target else "",
        "han_chi_bo": windows.get("cells", ""),
        "han_to_chuc": windows.get("orgs", ""),
    }


def _is_source_settled(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether an officer has decided between two sources."""
    return bool(con.execute(query("settled_sources")).fetchall())


def _units(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[str, str]:
    """Names in one text each: `cham`, late units; `tra_lai`, those that correct their report, with
    what; `cho_doi_chieu`, those of which only a scan is there that an officer has not yet confirmed;
    `chua_gui`, of which nothing is, or only files that were withdrawn; `ban_sau`, those that count by
    an earlier file while a later one went back."""
    rows = con.execute(query("unit_progress")).fetchall()
    named = [(in_sentence(name, kind), *state) for _, name, kind, *state in rows]
    scans = dict(con.execute(query("scans_on_hold")).fetchall())
    withdrawn = dict(con.execute(query("withdrawn_files")).fetchall())
    missing = [
        (in_sentence(name, kind) + (WITHDRAWN if code in withdrawn else ""), code in scans)
        for code, name, kind, status, *_ in rows
        if status == "missing"
    ]
    return {
        "cham": capped(
            [n for n, status, on_time, *_ in named if status == "accepted" and not on_time]
        ),
        "tra_lai": capped(_to_correct(con, campaign)),
        "cho_doi_chieu": capped([name for name, has_scan in missing if has_scan]),
        "chua_gui": capped([name for name, has_scan in missing if not has_scan]),
        "ban_sau": capped(
            [in_sentence(*unit) for unit in con.execute(query("newer_returned")).fetchall()]
        ),
    }


def _to_correct(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[str]:
    """The units with a returned report, each with the labels of what it has to correct: `xã Biên Sơn
    (số đảng viên dự sinh hoạt)`."""
    fields: dict[str, list[str]] = {}
    for name, kind, section, field, rule in con.execute(query("places_to_correct")).fetchall():
        label = field_label(campaign.form, section, field) or RULES_OF_FILES.get(rule, "")
        fields.setdefault(in_sentence(name, kind), []).append(_in_sentence_label(label))
    return [_with_fields(name, labels) for name, labels in fields.items()]


def _with_fields(name: str, labels: list[str]) -> str:
    named = list(dict.fromkeys(filter(None, labels)))
    shown = ", ".join(named[:MAX_FIELDS_TO_CORRECT])
    more = " và một số mục khác" if len(named) > MAX_FIELDS_TO_CORRECT else ""
    return f"{name} ({shown}{more})" if shown else name


def _without_cells(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> str:
    """The communes that count, and of whose cells no row was reported: their meetings are known in
    total only."""
    if "cells" not in campaign.form.by_key:
        return ""
    rows = con.execute(query("communes_without_cells")).fetchall()
    return capped([in_sentence(name, kind) for name, kind in rows])


def _materials(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, figures: TemplateFigures
) -> dict[str, object]:
    """The documents that communes handed out to the cells (II.5).

    tai_lieu_du     those that every commune handed out, in one text
    tai_lieu_so     how many communes these are, where it is one number for all of them; `tai_lieu_ty_le`
                    is their share
    tai_lieu_thieu  the others, each with its numbers and, where they are few, the communes without it
    """
    complete, incomplete, counts, whole = [], [], [], None
    for field in _expected(campaign, "info", "material_missing"):
        share = figures[f"material_given_share.{field.key}"]
        if share.value == 1:
            whole = share
            complete.append(_name_of(field))
            counts.append(figures[f"material_given.{field.key}"])
        elif share.known:
            without = con.execute(query("communes_without_mark", field=field.key)).fetchall()
            names = [in_sentence(name, kind) for name, kind in without]
            incomplete.append(
                {
                    "nhan": _name_of(field),
                    "don_vi": figures[f"material_given.{field.key}"],
                    "co_so_lieu": figures[f"material_known.{field.key}"],
                    "ty_le": share,
                    "chua": ", ".join(names) if len(names) <= MAX_NAMED else "",
                }
            )
    same = len({figure.value for figure in counts}) == 1
    return {
        "tai_lieu_du": ", ".join(complete),
        "tai_lieu_so": counts[0] if same else "",
        "tai_lieu_ty_le": whole or "",
        "tai_lieu_thieu": incomplete,
    }


def _four_ways(figures: TemplateFigures, communes: Comparisons) -> str:
    """The villages by what the election is to change, in one text: the four ways that there are."""
    parts = [f"{figures[name]} {words}" for name, words in FOUR_WAYS.items() if figures[name].value]
    if figures["heads_none"].value and (all_of_them := communes["heads_none"].chi_o):
        parts[-1] += f", ở {all_of_them}"
    elif figures["heads_none"].value and (most := communes["heads_none"].nhieu):
        parts[-1] += f", nhiều nhất ở {most}"
    return "; ".join(parts)


def _assessment(figures: TemplateFigures, quotes: list[QuoteSet], is_late: bool) -> dict[str, bool]:
    """Whether there is anything to say under the headings of the assessment."""
    written = {q.key for q in quotes if q}
    shortcomings = any(figures[name].value for name in SHORTCOMINGS)
    late = is_late and any(figures[name].value for name in ("units_late", "units_not_sent"))
    falls_short = shortcomings or late or "difficulties" in written
    good = bool(figures["communes_all_cells_held"].value) or "advantages" in written
    return {"co_han_che": falls_short, "co_danh_gia": falls_short or good}


def _tables(campaign: Campaign, figures: TemplateFigures) -> dict[str, object]:
    """Rows of the report's small tables: documents handed out, contents covered, organisations."""
    contents, organisations = _contents(campaign, figures), _organisations(campaign, figures)
    return {
        "loai_hinh": _kinds(campaign, figures),
        "noi_dung": contents,
        "co_gach": any(DASH in row.values() for row in contents),
        "to_chuc": [row for row in organisations if row["ty_le"]],
        "to_chuc_chua_co": ", ".join(str(row["ten"]) for row in organisations if not row["ty_le"]),
    }


def _kinds(campaign: Campaign, figures: TemplateFigures) -> list[dict[str, object]]:
    """A row per kind of party cell of which there is any."""
    if not campaign.form.has("cells", "kind"):
        return []
    return [
        {
            "ten": _in_sentence_label(choice.label),
            "tong": figures[f"cells_listed.{choice.code}"],
            "da": figures[f"cells_listed_held.{choice.code}"],
            "ty_le": figures[f"cells_listed_held_share.{choice.code}"],
        }
        for choice in campaign.form.field("cells", "kind").choice
        if figures[f"cells_listed.{choice.code}"].value
    ]


def _contents(campaign: Campaign, figures: TemplateFigures) -> list[dict[str, object]]:
    """A row per content that any meeting is known to have covered or not; a dash where one sort of
    meeting is not."""
    fields = {
        f.key: f
        for section in ("cells", "orgs")
        for f in _expected(campaign, section, CONTENT_RULE)
    }
    rows = []
    for key, field in fields.items():
        cells = _covered(figures, "content", key, "chi_bo")
        organisations = _covered(figures, "org_content", key, "to_chuc")
        if cells["chi_bo"] != DASH or organisations["to_chuc"] != DASH:
            rows.append({"nhan": _name_of(field), **cells, **organisations})
    return rows


def _covered(figures: TemplateFigures, name: str, content: str, column: str) -> dict[str, object]:
    """Of the meetings that say it, how many covered the content, how many there are, and the share;
    dashes where none says it."""
    share = figures[f"{name}_covered_share.{content}"]
    if not share.known:
        return {column: DASH, f"{column}_so": "", f"{column}_ty_le": DASH}
    return {
        column: figures[f"{name}_covered.{content}"],
        f"{column}_so": figures[f"{name}_known.{content}"],
        f"{column}_ty_le": share,
    }


def _organisations(campaign: Campaign, figures: TemplateFigures) -> list[dict[str, object]]:
    orgs = campaign.form.by_key.get("orgs")
    choices = [c for f in orgs.fields if f.type == "organisation" for c in f.choice] if orgs else []
    return [
        {
            "ten": choice.label,
            "xa": figures.cell(f"org_communes_known.{choice.code}"),
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


def _name_of(field: FormField) -> str:
    """What the field is about, in the report's words: the campaign's own, else the form's label."""
    return field.report_words or _in_sentence_label(field.label)


def _in_sentence_label(label: str) -> str:
    """A label as it stands inside a sentence."""
    return label[:1].lower() + label[1:]
