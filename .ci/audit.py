"""Asks the vulnerability service of pip-audit about everything that requirements.lock pins: `make
lint` runs it.

Once a day and lock, as it takes some seconds. Exit code 1 where a weakness is known that KNOWN does
not list. Where the service does not answer, or knows nothing, that is said plainly and is no
failure: pip-audit itself would then report that no weakness was found.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
STAMP = ROOT / ".venv" / ".audited"
PROBE = "urllib3==1.26.4"  # whose weaknesses every service knows
SECONDS = 90
NOT_MADE = (
    "dependencies were NOT audited: pip-audit's vulnerability service {why}. It needs the network to PyPI's "
    "JSON pages, or a mirror that carries their vulnerabilities; run `make lint` where that is to be had"
)

# What is known and stays, by its identifier: why, and until when.
KNOWN: dict[str, str] = {}


def main() -> int:
    """The exit code: 0 nothing new is known, or nothing could be asked; 1 a weakness is known."""
    today = (
        f"{dt.datetime.now().astimezone().date()} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    )
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == today:
        return 0
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as probe:
        probe.write(PROBE + "\n")
        probe.flush()
        audited = _audit(Path(probe.name), "--no-deps", seconds=15)
    if audited is None or not _weak(audited):
        print(
            NOT_MADE.format(
                why="does not answer" if audited is None else "knows no weaknesses here"
            )
        )
        return 0
    audited = _audit(LOCK, "--require-hashes", seconds=SECONDS)
    if audited is None:
        print(NOT_MADE.format(why=f"did not answer for all packages within {SECONDS} s"))
        return 0
    weak = {weakness: where for weakness, where in _weak(audited).items() if weakness not in KNOWN}
    for weakness, where in sorted(weak.items()):
        print(
            f"{where}: raise it in pyproject.toml or the lock, or list {weakness} with a reason in .ci/audit.py"
        )
    if skipped := [d["name"] for d in audited if "skip_reason" in d]:
        print(f"not audited, as the service does not know them: {', '.join(skipped)}")
    if not weak:
        STAMP.write_text(today, encoding="utf-8")
    return 1 if weak else 0


def _audit(requirements: Path, *options: str, seconds: float) -> list[dict] | None:
    """What pip-audit says of each package; None where it does not come to an answer."""
    call = [
        sys.executable,
        "-m",
        "pip_audit",
        "-r",
        str(requirements),
        "--disable-pip",
        *options,
        "--format",
        "json",
        "--progress-spinner",
        "off",
        "--timeout",
        "5",
    ]
    try:
        answer = subprocess.run(call, capture_output=True, text=True, timeout=seconds)
        return json.loads(answer.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None


def _weak(audited: list[dict]) -> dict[str, str]:
    """By identifier the weaknesses that are known: the package, its version, and the versions that
    fix it."""
    return {
        v[
            "id"
        ]: f"{d['name']} {d['version']} has {v['id']}, fixed in {', '.join(v['fix_versions']) or 'none yet'}"
        for d in audited
        for v in d.get("vulns", ())
    }


if __name__ == "__main__":
    sys.exit(main())
