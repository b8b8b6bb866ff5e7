"""What a person has changed or has open is never overwritten, and what a night wrote never taken
for theirs."""

import errno
import json
from pathlib import Path

import pytest

import warehouse.published_folder as published_folder
from flows.home.places import NightPlaces, clear_places_of_past
from warehouse.published_folder import RECORD, KeptFile, PublishedFolder

NAME, BESIDE = "bao-cao.docx", "bao-cao (bản mới).docx"


class Home:
    """A published folder and the scratch folder of its nights."""

    def __init__(self, folder: Path) -> None:
        self.final, self.work = folder / "reports", folder / "work"
        self.work.mkdir()

    def night(self, text: str, removed=(), name=NAME, facts=None) -> list[KeptFile]:
        new = self.work / "new"
        new.write_text(text)
        return PublishedFolder(self.final).publish({name: new}, removed, facts)

    def edit(self, text: str, name: str = NAME) -> None:
        (self.final / name).write_text(text)

    def files(self) -> dict[str, str]:
        return {
            p.relative_to(self.final).as_posix(): p.read_text()
            for p in self.final.rglob("*")
            if p.is_file() and p.name != RECORD
        }

    def kept(self, why: str, beside: str | None = BESIDE, name: str = NAME) -> KeptFile:
        return KeptFile(self.final / name, why, beside and self.final / beside)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_file_of_an_earlier_night_is_replaced(home):
    assert home.night("1") == home.night("2") == []
    assert home.files() == {NAME: "2"}


def test_edited_file_stays_and_the_new_one_stands_beside_it(home):
    home.night("1")
    home.edit("edited")
    assert home.night("2") == [home.kept("edited")]
    assert home.files() == {NAME: "edited", BESIDE: "2"}
    assert PublishedFolder(home.final).current(NAME) == home.final / BESIDE


def test_nights_beside_an_edited_file_replace_each_other(home):
    home.night("1")
    home.edit("edited")
    for text in "234":
        home.night(text)
    assert home.files() == {NAME: "edited", BESIDE: "4"}


def test_edited_copy_beside_an_edited_file_stays_too(home):
    home.night("1")
    home.edit("edited")
    home.night("2")
    home.edit("edited too", BESIDE)
    home.night("3")
    assert home.files() == {NAME: "edited", BESIDE: "edited too", "bao-cao (bản mới 2).docx": "3"}


def test_name_is_taken_again_once_the_edited_file_is_moved_away(home):
    home.night("1")
    home.edit("edited")
    home.night("2")
    (home.final / NAME).rename(home.final / "của tôi.docx")
    assert home.night("3") == []
    assert home.files() == {NAME: "3", "của tôi.docx": "edited"}
    assert PublishedFolder(home.final).current(NAME) == home.final / NAME


def test_file_that_no_night_wrote_stays(home):
    home.final.mkdir()
    home.edit("a person's")
    assert home.night("1") == [home.kept("edited")]
    assert home.files() == {NAME: "a person's", BESIDE: "1"}


def test_persons_file_that_says_the_same_stays_theirs(home):
    home.night("0")
    home.edit("edited")
    home.night("1")
    assert home.files() == {NAME: "edited", BESIDE: "1"}
    assert home.night("edited") == []
    assert home.files() == {NAME: "edited"}
    assert home.night("2") == [home.kept("edited")]
    assert home.files() == {NAME: "edited", BESIDE: "2"}


@pytest.mark.parametrize(
    "lock", ["~$bao-cao.docx", "~$ao-cao.docx", "~$o-cao.docx", ".~lock.bao-cao.docx#"]
)
def test_open_document_stays_until_it_is_closed(home, lock):
    home.night("1")
    (home.final / lock).write_text("")
    assert home.night("2") == [home.kept("open")]
    assert home.night("1") == []
    assert home.night("3") == [home.kept("open")]
    (home.final / lock).unlink()
    assert home.night("4") == []
    assert home.files() == {NAME: "4"}


@pytest.mark.parametrize("number", [errno.EACCES, errno.EBUSY, errno.ETXTBSY])
def test_refused_rename_puts_the_file_beside(home, monkeypatch, number):
    home.night("1")
    replace = Path.replace

    def refused(path, target):
        if target == home.final / NAME:
            raise OSError(number, "open on another machine", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    assert home.night("2") == [home.kept("open")]
    assert home.files() == {NAME: "1", BESIDE: "2"}
    monkeypatch.undo()
    assert home.night("3") == []
    assert home.files() == {NAME: "3"}


def test_full_disk_is_not_taken_for_an_open_document(home, monkeypatch):
    home.night("1")

    def full(path, target):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        home.night("2")


def test_document_that_the_night_does_not_have_is_taken_away(home):
    home.night("1", name="07540/thư.txt")
    assert home.night("1", removed=["07540/thư.txt"]) == []
    assert home.files() == {NAME: "1"}
    assert not (home.final / "07540").exists()
    assert PublishedFolder(home.final).names() == [NAME]


def test_edited_document_is_not_taken_away_and_said_once(home):
    home.night("1", name="07540/thư.txt")
    home.edit("edited", "07540/thư.txt")
    said = home.night("1", removed=["07540/thư.txt"])
    assert said == [home.kept("edited", None, "07540/thư.txt")]
    assert home.night("1", removed=["07540/thư.txt"]) == []
    assert home.files() == {NAME: "1", "07540/thư.txt": "edited"}


def test_taking_away_removes_what_stands_beside_an_edited_file(home):
    home.night("1")
    home.edit("edited")
    home.night("2")
    home.night("1", name="khác.docx", removed=[NAME])
    assert home.files() == {NAME: "edited", "khác.docx": "1"}


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("call", range(8))
def test_crash_at_any_point_loses_nothing(home, monkeypatch, call, edited):
    home.night("1")
    if edited:
        home.edit("edited")
    left = [call]

    def crashing(do):
        def done(*arguments, **options):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return do(*arguments, **options)

        return done

    with monkeypatch.context() as crash:
        for owner, name in (
            (published_folder, "flush"),
            (published_folder.shutil, "copyfile"),
            (Path, "replace"),
        ):
            crash.setattr(owner, name, crashing(getattr(owner, name)))
        try:
            home.night("2")
        except KeyboardInterrupt:
            assert left[0] < 0
    home.night("2")
    expected = {NAME: "edited", BESIDE: "2"} if edited else {NAME: "2"}
    assert home.files() == expected
    assert home.night("3") == ([home.kept("edited")] if edited else [])


def test_edit_after_a_crash_between_record_and_rename_stays(home, monkeypatch):
    home.night("1")
    with monkeypatch.context() as crash, pytest.raises(KeyboardInterrupt):
        crash.setattr(published_folder, "_copy_into_place", _interrupted)
        home.night("2")
    home.edit("edited")
    home.night("2")
    assert home.files() == {NAME: "edited", BESIDE: "2"}
    assert PublishedFolder(home.final).facts(NAME) == {}, "of which night it is cannot be told"


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_facts_are_those_of_the_night_that_the_edited_file_comes_from(home):
    home.night("1", facts={"as_of": "16"})
    home.edit("edited")
    home.night("2", facts={"as_of": "17"})
    folder = PublishedFolder(home.final)
    assert folder.facts(NAME)["as_of"] == "16"
    assert folder.facts(BESIDE)["as_of"] == "17"
    assert (folder.is_unchanged(NAME), folder.is_unchanged(BESIDE)) == (False, True)


@pytest.mark.parametrize("record", ["", "[]", '{"files": {"a": 1}}', "\0"])
def test_unreadable_record_makes_every_file_a_persons(home, record):
    home.night("1")
    (home.final / RECORD).write_text(record)
    home.night("2")
    assert home.files() == {NAME: "1", BESIDE: "2"}


def test_record_that_leads_out_of_the_folder_removes_nothing_there(home, tmp_path):
    home.night("1")
    outside = tmp_path / "outside.txt"
    outside.write_text("1")
    record = json.loads((home.final / RECORD).read_text())
    for name in ("../outside.txt", str(outside)):
        record["files"][name] = record["files"][NAME]
        record["current"][name] = name
    (home.final / RECORD).write_text(json.dumps(record))
    names = PublishedFolder(home.final).names()
    assert names == [NAME]
    home.night("2", removed=["../outside.txt", str(outside)])
    assert outside.exists()


@pytest.mark.parametrize("changed", [True, False])
def test_past_feedback_is_cleared_but_for_what_a_person_changed(tmp_path, changed):
    new, reports = tmp_path / "letter", tmp_path / "reports"
    new.write_text("of the night")
    letter = reports / "feedback" / "07540" / "thư.txt"
    PublishedFolder(reports / "feedback").publish({"07540/thư.txt": new})
    if changed:
        letter.write_text("edited")
    clear_places_of_past(NightPlaces(reports, tmp_path, True))
    assert letter.exists() == (reports / "feedback").exists() == changed
