"""`tonghop why` finds a number as people ask for it: label, printed text, a cell of an annex."""

import unicodedata

import duckdb
import pytest
from nights import Report, night_file

from sources.campaigns import load_campaign
from warehouse.ask import open_warehouse, why_lines
from warehouse.asked_figures import UnknownLabelError, annex_place, figures_asked

CAMPAIGN = load_campaign()
REPORTS = [
    Report(
        "07540",
        "2022-04-15T08:00:00+07:00",
        file="BC Xa Ly.xlsx",
        info={
            "cells_total": 1234,
            "cells_held": 1165,
            "members_total": 1234,
            "members_attended": 1047,
            "news_items": 1057,
        },
    )
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked")
    return night_file(folder, CAMPAIGN, REPORTS, "2022-04-19T20:00:00+07:00")


ONE = [  # what is asked, and the one figure that it is
    ("cells_held", "cells_held"),
    ("Số chi bộ đã tổ chức sinh hoạt", "cells_held"),
    (unicodedata.normalize("NFD", "Số chi bộ đã tổ chức sinh hoạt"), "cells_held"),
    ("SO CHI BO DA TO CHUC SINH HOAT", "cells_held"),
    ("chi bộ đã sinh hoạt", "cells_held"),
    ("tỷ lệ chi bộ đã sinh hoạt", "cells_held_share"),
    ("1057", "news_items"),
    ("1.057", "news_items"),
    ("94,4%", "cells_held_share"),
    ("94.4 %", "cells_held_share"),
]


@pytest.mark.parametrize(("asked", "figure"), ONE)
def test_number_is_found_as_people_name_it(path, asked, figure):
    with open_warehouse(path) as con:
        assert [n.figure for n in figures_asked(con, asked, CAMPAIGN.form)] == [figure]
    assert why_lines(path, asked, CAMPAIGN)[0].startswith(f"{figure}: ")


SEVERAL = [  # what is asked, and some of those that it may be
    ("1.047", {"members_attended", "members_attended_known"}),
    ("1.234", {"cells_total", "members_total"}),
    ("chi bộ", {"cells_total", "cells_held", "cells_held_share"}),
    ("sinh hoạt riêng", {"cells_held_separately"}),
]


@pytest.mark.parametrize(("asked", "among"), SEVERAL)
def test_what_may_be_several_numbers_is_a_list_to_choose_from(path, asked, among):
    with open_warehouse(path) as con:
        found = {n.figure for n in figures_asked(con, asked, CAMPAIGN.form)}
    assert among <= found
    if len(found) > 1:
        lines = why_lines(path, asked, CAMPAIGN)
        assert f"“{asked}” có thể là một trong {len(found)} số liệu sau" in lines[0]
        assert len(lines) <= 14 and "tonghop why " in lines[1]


UNKNOWN = [
    ("4711", "Không có số liệu nào của báo cáo in là “4711”"),
    ("cells_hold", "Tên gần nhất: Số chi bộ đã tổ chức sinh hoạt (cells_held)"),
    ("…", "Không có số liệu nào tên “…”"),
]


@pytest.mark.parametrize(("asked", "says"), UNKNOWN)
def test_unknown_number_is_refused_with_what_to_ask_instead(path, asked, says):
    with pytest.raises(UnknownLabelError) as refused:
        why_lines(path, asked, CAMPAIGN)
    assert says in str(refused.value)


PLACES = [
    ("PL1.F12", "PL1.F12"),
    ("PL1!f12", "PL1.F12"),
    ("PL1 F12", "PL1.F12"),
    ("pl 2 aa10", "PL2.AA10"),
    ("Phụ lục 1 F12", "PL1.F12"),
    ("phu luc so 1, o F12", "PL1.F12"),
    ("Phụ lục số 3 – ô C7", "PL3.C7"),
    ("ô F12 của Phụ lục 1", "PL1.F12"),
    ("F12 phụ lục 1", "PL1.F12"),
    ("Phụ lục 1", None),
    ("F12", None),
    ("cells_held", None),
    ("PL1.F0", None),
]


@pytest.mark.parametrize(("asked", "place"), PLACES)
def test_cell_of_an_annex_is_named_as_people_say_it(asked, place):
    assert annex_place(asked) == place


def test_cell_asked_in_words_is_explained_as_its_place(path):
    assert why_lines(path, "Phụ lục 1, ô B8", CAMPAIGN) == why_lines(path, "PL1.B8", CAMPAIGN)


def test_opening_sees_the_newest_night_while_an_older_one_is_open(tmp_path):
    live, night = tmp_path / "warehouse.duckdb", tmp_path / "next.duckdb"

    def publish(number):
        with duckdb.connect(str(night)) as con:
            con.execute("CREATE TABLE night AS SELECT 'Asia/Ho_Chi_Minh' AS time_zone")
            con.execute(f"CREATE TABLE counted AS SELECT {number} AS files")
        night.replace(live)

    def counted(con):
        return con.execute("SELECT files FROM counted").fetchone()

    publish(1)
    with open_warehouse(live) as old:
        publish(2)
        with open_warehouse(live) as new:
            assert (counted(old), counted(new)) == ((1,), (2,))
