"""Hostile text in all outputs of a night: nothing becomes active, and no personal name is kept.

One real night with a permissive umask, in a home that was open to all. Each output is opened by a
library that did not write it.
"""

import contextlib
import csv
import datetime as dt
import html.parser
import io
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import unicodedata
import zipfile
from html import unescape
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from planted_inbox import FORMULA, LINK, MARKUP, NAMES, write_inbox

from warehouse.ask import NotAQueryError, run_query

pytestmark = pytest.mark.long
TONGHOP = Path(sys.executable).with_name("tonghop")
AS_OF = "2022-04-19T20:00:00+07:00"
RECEIVED = dt.datetime.fromisoformat("2022-04-17T08:00:00+07:00").timestamp()
DAY = AS_OF[:10]
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
STRANGE_TAGS = {"img", "iframe", "object", "embed", "base"}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    write_inbox(folder / "inbox")
    for path in (folder / "inbox").rglob("*"):
        os.utime(path, (RECEIVED, RECEIVED))
    home = folder / "home"
    for path in (home, home / "reports", home / "landed"):
        path.mkdir()
        path.chmod(0o777)
    (home / "nights.jsonl").touch()
    (home / "nights.jsonl").chmod(0o666)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    night = subprocess.run(
        [TONGHOP, "nightly", "--inbox", folder / "inbox", "--home", home, "--as-of", AS_OF],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
        umask=0,
    )
    assert night.returncode == 0, night.stderr
    (folder / "terminal").write_text(night.stdout + night.stderr, encoding="utf-8")
    return home


def tonghop(home: Path, *call: str) -> str:
    return subprocess.run(
        [TONGHOP, *call, "--home", home], capture_output=True, text=True, check=True
    ).stdout


def tables(home: Path) -> dict[str, list[str]]:
    """All texts of the warehouse by table and column."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        columns = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' "
            "AND NOT internal"
        ).fetchall()
        return {
            f"{table}.{column}": [
                text
                for (text,) in con.execute(
                    f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
                ).fetchall()
            ]
            for table, column in columns
        }


def texts(path: Path) -> str:
    """Everything in a file that can be read as text, whatever packs it."""
    if path.suffix == ".parquet":
        return "\n".join(
            str(value) for row in pq.read_table(path).to_pylist() for value in row.values()
        )
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as package:
            return "\n".join(
                unescape(re.sub(r"</[\w:]*>", "\n", package.read(name).decode("utf-8", "replace")))
                for name in package.namelist()
                if name.endswith((".xml", ".rels"))
            )
    if path.name == "prefect.db":
        with contextlib.closing(sqlite3.connect(path)) as con:
            return "\n".join(con.iterdump())
    return unescape(path.read_bytes().decode("utf-8", "replace"))


def kept(home: Path) -> dict[str, str]:
    """The texts of all that a night leaves, but the originals and the units' own files on their way
    back to them."""
    found = {
        str(path.relative_to(home)): texts(path)
        for path in home.rglob("*")
        if path.is_file()
        and "originals" not in path.parts
        and path.name != "warehouse.duckdb"
        and not (path.parent.parent.name == "feedback" and _is_copy(path))
    }
    found["terminal"] = (home.parent / "terminal").read_text(encoding="utf-8")
    return found | {name: "\n".join(values) for name, values in tables(home).items()}


def _is_copy(path: Path) -> bool:
    return path.suffix == ".docx" or (
        path.suffix == ".xlsx" and openpyxl.load_workbook(path).sheetnames != ["Cần sửa"]
    )


def test_no_personal_name_is_in_any_output_or_log(home):
    leaks = {
        (place, where)
        for where, text in kept(home).items()
        for place, name in NAMES.items()
        if name.casefold() in unicodedata.normalize("NFC", text).casefold()
    }
    assert not leaks


def test_hidden_names_are_reported_and_place_names_are_kept(home):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        hidden = con.execute(
            "SELECT cell FROM finding WHERE unit_code = '07531' AND rule = 'personal_names_skipped'"
        ).fetchall()
        assert {cell for (cell,) in hidden} >= {"B2", "B7", "J11", "B13"}
        cells = con.execute(
            "SELECT name, members_attended FROM cell_meeting WHERE unit_code = '07531' ORDER BY 1"
        ).fetchall()
        assert cells == [
            (f"{MARKUP} (Bí thư …)", 9),
            (f"{FORMULA} thôn Nguyễn Trãi", 9),
            ("Chi bộ Trường THCS Lê Lợi", 9),
        ]
        assert ("Thôn Nguyễn Trãi",) in con.execute("SELECT name FROM village").fetchall()


def test_no_text_has_terminal_control_characters(home):
    found = {
        where: ACTS.findall(text)[:3]
        for where, text in kept(home).items()
        if not where.startswith("prefect/") and ACTS.search(text)
    }
    assert not found
    assert not ACTS.search(tonghop(home, "why", "members_attended").replace("\n", ""))


def test_no_workbook_has_formula_or_link_from_unit_text(home):
    books = [path for path in home.rglob("*.xlsx") if path.is_file()]
    assert len(books) > 3
    for path in books:
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        ours = re.compile(r"=(SUM|COUNTIF)\([A-Z0-9:,]+(,\"x\")?\)")
        assert not [
            c.value for c in cells if c.data_type == "f" and not ours.fullmatch(str(c.value))
        ], path
        assert not [c for c in cells if c.hyperlink and c.hyperlink.target], path
        assert not book.defined_names or all(n.startswith("_xlnm") for n in book.defined_names), (
            path
        )
        names = zipfile.ZipFile(path).namelist()
        assert not [
            n
            for n in names
            if re.search("vba|external|embedding|activeX|ctrlProp|connections|query", n)
        ], path
    findings = openpyxl.load_workbook(home / "reports" / DAY / "so-lieu-lam-viec.xlsx")[
        "LV1 Sai sót, chênh lệch"
    ]
    assert FORMULA in {cell.value for row in findings.iter_rows() for cell in row}, (
        "the text is there, as a text"
    )


def test_word_report_quotes_plain_text_and_fetches_nothing(home):
    with zipfile.ZipFile(home / "reports" / DAY / "bao-cao-tong-hop.docx") as package:
        parts = {
            name: package.read(name).decode()
            for name in package.namelist()
            if name.endswith((".xml", ".rels"))
        }
    assert not [name for name, text in parts.items() if "TargetMode" in text]
    body = parts["word/document.xml"]
    assert "instrText" not in re.sub(r"<w:instrText[^>]*>\s*PAGE\s*[^<]*</w:instrText>", "", body)
    assert "{{ 7*7 }}" in unescape(body) and "49$PATH" not in body
    assert "&lt;script&gt;" in body


class Page(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.policy, self.scripts, self.within = (
            set(),
            set(),
            "",
            "",
            "",
        )

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {
            (name, (value or "").split(":")[0])
            for name, value in attrs
            if name.startswith("on") or name in ("src", "href", "srcdoc", "action", "data")
        }
        self.within = (
            "data" if (tag, dict(attrs).get("type")) == ("script", "application/json") else tag
        )
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"]

    def handle_endtag(self, tag):
        self.within = ""

    def handle_data(self, data):
        self.scripts += data if self.within == "script" else ""
        if self.within == "data":
            assert not set("<>&\u2028\u2029") & set(data), (
                "what is not run cannot end where a unit wants it to"
            )
            json.loads(data)


def test_no_page_element_or_attribute_comes_from_unit_text(home):
    pages = list((home / "reports").rglob("*.html"))
    assert len(pages) > 3
    for path in pages:
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        assert not [
            a
            for a in page.attributes
            if a[0].startswith("on") or a[0] == "src" or a[1] == "javascript"
        ], path
        assert not page.tags & STRANGE_TAGS, path
        assert "alert(1)" not in page.scripts, path
        assert page.policy.startswith("default-src 'none'"), path
    docs = "".join(
        path.read_text(encoding="utf-8")
        for path in (home / "reports" / DAY / "kiem-tra").glob("*.html")
    )
    assert "&lt;script&gt;" in docs and MARKUP not in docs
    assert "{{ 7*7 }}&#36;PATH&#36;{HOME}" in docs


def test_csv_runs_nothing_in_a_spreadsheet_and_is_reversible(home):
    query = "SELECT raw_text, 1 - 2 AS n FROM lineage WHERE raw_text IS NOT NULL ORDER BY ALL"
    rows = list(csv.reader(io.StringIO(tonghop(home, "sql", "--csv", query))))[1:]
    assert not [text for text, _ in rows if text[:1] in tuple("=+-@\t\r＝")]
    assert {n for _, n in rows} == {"-1"}, "a number stays a number"
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        assert [text.removeprefix("'") for text, _ in rows] == [
            text for text, _ in con.execute(query).fetchall()
        ]
    assert any(text.startswith("'=cmd") for text, _ in rows)


ESCAPES = (
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_duckdb('/etc/passwd')",
    "COPY (SELECT 1) TO '{tmp}/out'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{tmp}/out'",
    "ATTACH '{tmp}/out'",
    "EXPORT DATABASE '{tmp}/out'",
    "LOAD httpfs",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "PRAGMA enable_external_access = true",
    "DELETE FROM night",
    "EXPLAIN ANALYZE DELETE FROM night",
    "SELECT * FROM duckdb_secrets()",
    "SELECT 1; SELECT 2",
    "FROM read_parquet('http://127.0.0.1:9/x')",
)


def test_query_can_only_reach_the_warehouse(home, tmp_path):
    for query in ESCAPES:
        with pytest.raises(NotAQueryError):
            run_query(home / "warehouse.duckdb", query.replace("{tmp}", str(tmp_path)))
    assert not list(tmp_path.iterdir())


def test_engine_pages_make_no_link_from_file_name(home):
    with contextlib.closing(sqlite3.connect(home / "prefect" / "prefect.db")) as con:
        [data] = [
            data
            for (data,) in con.execute(
                "SELECT data FROM artifact WHERE key = 'what-came'"
            ).fetchall()
        ]
    texts_of_page = [
        value for row in json.loads(json.loads(data)) for value in row.values() if value
    ]
    assert any(re.sub(r"\\(?=[!-~])", "", value).count(LINK) for value in texts_of_page), (
        "nothing of the name is lost"
    )
    assert not [value for value in texts_of_page if re.search(r"(?<!\\)[\[\]<>(!`*_:]", value)]


ENGINE = """
import sys, urllib.error
from pathlib import Path
from flows.engine.api import Api
from flows.engine.start import prefect_engine
with prefect_engine(Path(sys.argv[1]), Path(sys.argv[1])) as engine:
    engine.wait_until_ready()
    print(len(engine.api().ask("/flows/filter", {})) > 0)
    for auth in (None, "tonghop:wrong"):
        try:
            print(Api(engine.api_url, auth).ask("/flows/filter", {}))
        except urllib.error.HTTPError as error:
            print(error.code)
"""


def test_embedded_engine_requires_its_password(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    answer = subprocess.run(
        [sys.executable, "-c", ENGINE, tmp_path],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert answer.stdout.split() == ["True", "401", "401"]


def test_home_is_private_whatever_mode_and_umask(home):
    paths = [home, *home.rglob("*")]
    assert len(paths) > 50
    assert {path.relative_to(home).parts[0] for path in paths[1:]} >= {
        "landed",
        "staged",
        "reports",
        "feedback",
        "logs",
        "prefect",
        "warehouse.duckdb",
        "nights.jsonl",
        "lock",
    }
    wide = [
        (str(path), oct(stat.S_IMODE(path.lstat().st_mode)))
        for path in paths
        if stat.S_IMODE(path.lstat().st_mode) != (0o700 if path.is_dir() else 0o600)
    ]
    assert not wide
