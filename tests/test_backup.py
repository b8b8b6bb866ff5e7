"""Backup and restore, with the commands of docs/operate.md."""

import re
import subprocess
from pathlib import Path

import duckdb
from killed_nights import content, run
from test_cli import tonghop

from sources.campaigns import load_campaign
from sources.samples import write_samples
from warehouse.reports.documents import ANNEX, PAGE, REPORT

OPERATE = (Path(__file__).parent.parent / "docs" / "operate.md").read_text(encoding="utf-8")
NIGHT, MORNING, NEXT = (
    "2022-04-16T22:30:00+07:00",
    "2022-04-17T08:00:00+07:00",
    "2022-04-17T22:30:00+07:00",
)


def commands(heading: str) -> str:
    """The commands below that heading of the page."""
    return re.search(rf"## {heading}\n.*?```sh\n(.*?)```", OPERATE, re.DOTALL)[1]


def test_restored_backup_reproduces_the_night(tmp_path):
    inbox, home, other = tmp_path / "inbox", tmp_path / "tonghop", tmp_path / "other"
    write_samples(inbox, load_campaign())
    run(inbox, home, NIGHT)
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        ((name,),) = con.execute(
            "SELECT min(file_name) FROM submission WHERE status = 'accepted'"
        ).fetchall()
    decided = tonghop(
        "decide", "withdraw", name, "--reason", "nhầm", "--at", MORNING, "--home", home
    )
    assert decided.returncode == 0, decided.stderr
    run(inbox, home, NEXT)
    backup, restore = commands("Backup and restore").split("\n\n")
    for script, place in ((backup, home), (restore, other)):
        made = script.replace("/srv/tonghop", str(place)).replace("/backup", str(tmp_path))
        subprocess.run(["sh", "-euc", made], check=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    run(empty, other, NEXT)
    assert content(other) == content(home)
    for document in (REPORT, ANNEX, PAGE):
        name = f"reports/{NEXT[:10]}/{document.file_name}"
        assert (home / name).read_bytes() == (other / name).read_bytes()
