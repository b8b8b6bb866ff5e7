"""A home is private to its owner, and nothing planted in it redirects a night."""

import os
import stat
from pathlib import Path

import pytest

from flows.home.rights import HomeNotPrivateError, make_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def usual_umask():
    """The rights that a test gives are those it gets, on a machine whose umask is 077 as well."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    (folder / "reports" / "2022-04-16").mkdir(parents=True)
    (folder / "reports" / "2022-04-16" / "phu-luc.xlsx").touch(0o644)
    (folder / "decisions.jsonl").touch(0o666)
    folder.chmod(0o777)
    return folder


def test_too_open_permissions_are_closed(home):
    make_private(home)
    assert mode(home) == mode(home / "reports" / "2022-04-16") == 0o700
    assert (
        mode(home / "decisions.jsonl")
        == mode(home / "reports" / "2022-04-16" / "phu-luc.xlsx")
        == 0o600
    )


def test_folder_with_other_content_keeps_permissions_and_is_reported(home, caplog):
    (home / "run.sh").touch(0o755)
    make_private(home)
    assert (mode(home), mode(home / "run.sh"), mode(home / "reports")) == (0o777, 0o755, 0o700)
    assert "chmod 700" in caplog.text


@pytest.mark.parametrize("name", ["work", "feedback", "reports/2022-04-17", "lock", "landed"])
def test_link_in_home_is_refused_and_target_is_untouched(home, tmp_path, name):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (home / name).symlink_to(elsewhere)
    with pytest.raises(HomeNotPrivateError, match="is a link"):
        make_private(home)
    assert mode(elsewhere) == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another account's file")
def test_file_of_another_account_in_home_is_refused_by_name(home):
    os.chown(home / "decisions.jsonl", 12345, 12345)
    with pytest.raises(
        HomeNotPrivateError, match=r"decisions.jsonl belongs to another account \(uid 12345\)"
    ):
        make_private(home)
