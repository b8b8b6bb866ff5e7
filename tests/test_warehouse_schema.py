"""The contract's tables: columns, types and comments, and the page that documents them."""

import re

import duckdb
import pytest

from sources.campaigns import load_campaign
from warehouse.dictionary import PAGE, dictionary
from warehouse.schema import tables
from warehouse.table import ddl

CONTRACT = {
    "submission": "submission_id file_name sha256 received_at channel sender unit_code status reason",
    "finding": "submission_id rule severity section row_name field value sheet cell message",
    "unit_status": "unit_code unit_name unit_type status on_time received_at submission_id",
    "campaign_summary": "units_expected units_reported units_on_time units_late units_returned units_missing "
    "cells_total cells_held cells_held_separately cells_held_combined cells_in_window "
    "members_total members_attended org_branches_total org_branches_held villages_total "
    "village_heads_party prospects_introduced news_items",
    "report_figure": "figure value printed",
    "lineage": "table_name unit_code row_name field submission_id sheet cell raw_text",
    "cell_meeting": "unit_code submission_id name kind held_on mode members_total members_attended committee_attended "
    "content_1 content_2 content_3 members_assigned covid_safe in_window",
    "village": "unit_code submission_id name head_is_party deputy_is_party candidate_is_party party_members prospects",
    "org_meeting": "unit_code submission_id organisation commune_code branches_total branches_held held_separately "
    "held_combined first_on last_on members_total members_attended content_1 content_2 content_3 "
    "covid_safe in_window",
}
FORM = load_campaign().form
BY_NAME = {t.name: t for t in tables(FORM)}


@pytest.mark.parametrize(("table", "columns"), CONTRACT.items())
def test_contract_columns_come_first_in_order(table, columns):
    assert list(BY_NAME[table].column_names)[: len(columns.split())] == columns.split()


def test_every_key_of_the_form_is_a_column():
    columns = {t.name: set(t.column_names) for t in BY_NAME.values()}
    absent = [
        (s.key, f.key)
        for s in FORM.sections
        for f in s.fields
        if f.type != "unit" and f.column_name not in columns[s.table]
    ]
    assert absent == []


def test_every_table_and_column_has_a_comment():
    with duckdb.connect() as con:
        for table in BY_NAME.values():
            for statement in ddl(table):
                con.execute(statement)
        columns = con.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
        table_comments = con.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall()
    assert {t for t, _ in table_comments} == set(BY_NAME)
    assert [row for row in [*columns, *table_comments] if not row[-1]] == []
    comment = next(c for t, name, c in columns if (t, name) == ("cell_meeting", "held_on"))
    assert "Ngày sinh hoạt" in comment and "II.4" in comment


def test_arrow_and_database_types_agree():
    with duckdb.connect() as con:
        for table in BY_NAME.values():
            con.execute(ddl(table)[0])
            stored = con.execute(f"SELECT * FROM {table.name}").to_arrow_table().schema
            assert stored.names == table.arrow_schema.names
            assert [_kind(t) for t in stored.types] == [
                _kind(t) for t in table.arrow_schema.types
            ], table.name


def test_data_dictionary_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == dictionary(FORM), (
        "run `python -m warehouse.dictionary` and commit it"
    )
    assert len(re.findall(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)) == len(
        BY_NAME
    )


def _kind(arrow_type: object) -> str:
    """The type without its time zone or the name of a list's items."""
    return re.split(r"[\[<]", str(arrow_type))[0]
