"""The systemd unit: checked by the real systemd-analyze, with the requested command."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from servers import TONGHOP

ACCOUNT = "daemon"  # stands on every Debian; a unit that runs as root is refused
MOST_EXPOSED = 25  # tenths of systemd's score, of which a service without any protection has 96

pytestmark = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"
)


def install(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Writes the unit into the folder, for the inbox and the home that it makes there."""
    for name in ("inbox", "home"):
        (folder / name).mkdir()
    return subprocess.run(
        [
            TONGHOP,
            "service",
            "install",
            "--inbox",
            folder / "inbox",
            "--home",
            folder / "home",
            "--dir",
            folder,
            *more,
        ],
        capture_output=True,
        text=True,
    )


def analyze(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


@pytest.mark.parametrize("whose", [("--account", ACCOUNT), ("--user",)])
def test_systemd_accepts_the_unit_file(tmp_path, whose):
    answer = install(tmp_path, *whose)
    assert answer.returncode == 0, answer.stderr
    unit = Path(answer.stdout.splitlines()[0])
    checked = analyze(
        *(["--user"] if "--user" in whose else []), "verify", unit, XDG_RUNTIME_DIR=str(tmp_path)
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_systemd_check_detects_a_broken_unit_file(tmp_path):
    unit = Path(install(tmp_path, "--account", ACCOUNT).stdout.splitlines()[0])
    unit.write_text(unit.read_text().replace("ProtectSystem=strict", "ProtectSytem=strict"))
    assert "ProtectSytem" in analyze("verify", unit).stderr


def test_unit_file_restricts_the_service(tmp_path):
    unit = Path(install(tmp_path, "--account", ACCOUNT).stdout.splitlines()[0])
    checked = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", unit)
    assert checked.returncode == 0, checked.stdout[-200:]
    lines = unit.read_text().splitlines()
    assert {
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateTmp=yes",
        "UMask=0077",
        "Restart=on-failure",
        "MemoryMax=2G",
        f"User={ACCOUNT}",
    } <= set(lines)


def test_paths_with_systemd_special_characters_are_escaped(tmp_path):
    odd = tmp_path / 'ban tuyên giáo 100% $HOME "quý 2"'
    odd.mkdir()
    unit = Path(install(odd, "--account", ACCOUNT).stdout.splitlines()[0])
    command = re.search("^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)[1]
    as_systemd_reads_it = [
        word.replace("%%", "%").replace("$$", "$") for word in shlex.split(command)
    ]
    assert as_systemd_reads_it == [
        str(TONGHOP),
        "serve",
        "--inbox",
        str(odd / "inbox"),
        "--home",
        str(odd / "home"),
    ]
    assert analyze("verify", unit).stderr == ""


def test_service_does_not_run_as_root(tmp_path):
    answer = install(tmp_path, "--account", "root")
    assert answer.returncode == 2
    assert "not to run as root" in answer.stderr
    assert not list(tmp_path.glob("*.service"))


def test_home_is_not_created_for_an_account_without_write_access(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    answer = subprocess.run(
        [TONGHOP, "service", "install", "--inbox", inbox, "--home", tmp_path / "none"],
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 2
    assert f"--home {tmp_path / 'none'}: there is no such folder" in answer.stderr
    assert not (tmp_path / "none").exists()


def test_service_with_inbox_inside_home_is_not_installed(tmp_path):
    (tmp_path / "home").mkdir()
    answer = subprocess.run(
        [
            TONGHOP,
            "service",
            "install",
            "--inbox",
            tmp_path,
            "--home",
            tmp_path / "home",
            "--dir",
            tmp_path,
            "--account",
            ACCOUNT,
        ],
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 2
    assert "lies in --inbox" in answer.stderr
    assert not list(tmp_path.glob("*.service"))
