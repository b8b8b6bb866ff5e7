"""Calls pasted from Word, and names of files as people write them."""

import unicodedata

import pytest
from nights import night_file
from test_cli import tonghop

from flows.commands.arguments import plain_arguments, plain_sql
from flows.commands.file_names import files_named
from sources.campaigns import load_campaign

CALLS = [  # as a shell hands it over, and as it was meant
    (["why", "“cells_held”"], ["why", "cells_held"]),
    (["show", "“BC", "Xa", "Ly.xlsx”"], ["show", "BC Xa Ly.xlsx"]),
    (
        ["show", "‘BC", "Xa", "Ly.xlsx’", "--out", "a.html"],
        ["show", "BC Xa Ly.xlsx", "--out", "a.html"],
    ),
    (["undo", "3", "--reason", "”Đã", "gửi”"], ["undo", "3", "--reason", "Đã gửi"]),
    (["undo", "3", "--reason=“Đã", "gửi”"], ["undo", "3", "--reason=Đã gửi"]),
    (["undo", "3", "–reason", "Đã gửi"], ["undo", "3", "--reason", "Đã gửi"]),
    (["show", "BC\u00a0Xa\u00a0Ly.xlsx"], ["show", "BC Xa Ly.xlsx"]),
    (["why", "\u00a0cells_held\u202f"], ["why", "cells_held"]),
    (["status", "--home\u00a0/srv/tong hop"], ["status", "--home", "/srv/tong hop"]),
    (["undo", "3", "--reason=Đã\u00a0gửi"], ["undo", "3", "--reason=Đã gửi"]),
]
AS_THEY_ARE = [  # a text's own quotes and dashes
    ["undo", "3", "--reason", "Chủ đề “A” và “B”"],
    ["undo", "3", "--reason", "“A” và “B”"],
    ["undo", "3", "--reason", "“A” là đúng"],
    ["show", "BC “lần 2”.xlsx"],
    ["show", "“BC", "Xa Ly.xlsx"],
    ["why", "--unit", "219-HND", "–"],
]


@pytest.mark.parametrize(("given", "meant"), CALLS)
def test_what_word_makes_of_a_call_is_undone(given, meant):
    assert plain_arguments(given) == meant


@pytest.mark.parametrize("given", AS_THEY_ARE)
def test_quotes_that_belong_to_a_text_stay(given):
    assert plain_arguments(given) == given


def test_sql_has_straight_quotes_but_within_a_text():
    assert plain_sql("select “a” from t where b = ‘c’ and d = '“e”'") == (
        "select \"a\" from t where b = 'c' and d = '“e”'"
    )


def test_commands_run_when_pasted_from_word(tmp_path):
    night_file(tmp_path, load_campaign(), [], "2022-04-19T20:00:00+07:00")
    for call in (
        ("why", "“chi", "bộ", "đã", "sinh", "hoạt”"),
        (
            "sql",
            "“select",
            "figure",
            "from",
            "report_figure",
            "where",
            "figure",
            "=",
            "‘cells_held’”",
        ),
    ):
        answer = tonghop(*call, "–home", f"“{tmp_path}”")
        assert (answer.returncode, "cells_held" in answer.stdout) == (0, True), answer.stderr


LANDED = [
    "thư/BC Xã Lý.xlsx",
    "BC Xa Ly.xlsx",
    "BC.docx",
    "BC.xlsx",
    "BC “lần 2”.xls",
    "v1.2 BC.csv",
]
NAMES = [  # a name as a person writes it, and the files that it means
    ("thư/BC Xã Lý.xlsx", LANDED[:1]),
    ("BC Xã Lý.xlsx", LANDED[:1]),
    ("bc xã lý.XLSX", LANDED[:1]),
    (unicodedata.normalize("NFD", "BC Xã Lý.xlsx"), LANDED[:1]),
    ("BC Xã Lý", LANDED[:1]),
    ("bc  xa ly", LANDED[1:2]),
    ("BC", ["BC.docx", "BC.xlsx"]),
    ("BC.xlsx", ["BC.xlsx"]),
    ('BC "lần 2"', ["BC “lần 2”.xls"]),
    ("v1.2 BC", ["v1.2 BC.csv"]),
    ("BC Xã", []),
    ("BC Xã Lý.docx", []),
]


@pytest.mark.parametrize(("named", "meant"), NAMES)
def test_file_is_found_whatever_case_accents_and_ending(named, meant):
    assert files_named(named, LANDED, str) == meant
