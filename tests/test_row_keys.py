"""Row names are compared by meaning: one party cell in two spellings is one."""

from __future__ import annotations

import duckdb
import pytest

from expectations.row_keys import define_row_key
from sources.campaigns import load_campaign

SAME = [
    ("CB thôn Cầu Cao", "Chi bộ thôn Cầu Cao"),
    ("chi bộ  thôn CẦU CAO.", "Chi bộ thôn Cầu Cao"),
    ("CB TDP Minh Khai", "Chi bộ tổ dân phố Minh Khai"),
    ("CB Trường THCS Tân Sơn", "Chi bộ trường trung học cơ sở Tân Sơn"),
    ("Chi bộ Trường TH&THCS", "Chi bộ trường TH&THCS"),
    ("Thôn Hoà Bình", "Thôn Hòa Bình"),
    ("Thôn Thuỷ", "Thôn Thủy"),
    ("Thôn Ha\u0323", "Thôn Hạ"),
    ("Chi bộ Trạm YT", "Chi bộ trạm y tế"),
    ("Thôn Cầu-Cao", "Thôn Cầu Cao"),
    ("HTX Nông nghiệp", "Hợp tác xã nông nghiệp"),
    ("Thôn A (mới)", "thôn A mới"),
]
DIFFERENT = [
    ("Thôn Hạ", "Thôn Hà"),
    ("Chi bộ thôn Một", "Chi bộ thôn Một A"),
    ("CBT Cầu Cao", "Chi bộ T Cầu Cao"),
    ("Thôn 1", "Thôn 11"),
    ("Thôn Cấm", "Thôn Cẩm"),
    ("Chi bộ Trường Tiểu học", "Chi bộ Trường THCS"),
]


@pytest.fixture(scope="module")
def key():
    con = duckdb.connect()
    define_row_key(con, load_campaign().form.words.name_abbreviations)
    yield lambda name: con.execute("SELECT row_key(?)", [name]).fetchone()[0]
    con.close()


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_name_have_one_key(key, one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_names_have_two_keys(key, one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("nothing", [None, "", " . ", "—"])
def test_blank_name_has_no_key(key, nothing: str | None) -> None:
    assert key(nothing) is None
