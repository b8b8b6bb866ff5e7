"""Contents on which our own program fails after they were read: known by SHA-256, and left out
until the code changes.

`staged/quarantine.json` under a home holds for each the stage and the place in the code where it failed.
It is derived: with another version of the code, or where it is deleted, these contents are tried
again. The originals stay as they landed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

REASON = (
    "Chương trình gặp lỗi khi xử lý tệp này nên chưa tính; tệp được giữ nguyên và lỗi đã được báo cho người quản "
    "trị. Đề nghị nhập báo cáo vào mẫu rồi gửi lại, hoặc chờ chương trình được sửa."
)
_ROOMS = ("sources", "expectations", "warehouse", "flows")
_LIBRARIES = ("duckdb", "great-expectations", "pandas", "pyarrow")


class Quarantine:
    """The quarantined contents of a home for this version of the code and of the campaign."""

    def __init__(self, home: Path, campaign_digest: str) -> None:
        self._path = home / "staged" / "quarantine.json"
        self._version = f"{_code_version()}-{campaign_digest}"

    def reasons(self) -> dict[str, str]:
        """The reason for each, in Vietnamese for its unit, by SHA-256."""
        return dict.fromkeys(self._known(), REASON)

    def add(self, contents: Iterable[str], defect: str) -> None:
        """Leave these contents out from now on. `defect` is what failed and where, without
        names."""
        known = self._known() | dict.fromkeys(contents, defect)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".tmp")
        temporary.write_text(
            json.dumps({"version": self._version, "contents": known}, indent=1), encoding="utf-8"
        )
        temporary.replace(self._path)

    def _known(self) -> dict[str, str]:
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            return dict(stored["contents"]) if stored["version"] == self._version else {}
        except (
            FileNotFoundError,
            ValueError,
            KeyError,
            TypeError,
        ):  # none yet, or damaged: they are tried again
            return {}


@cache
def _code_version() -> str:
    """Sixteen hex digits that change with our code and with the libraries that check, build and
    write."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}\0".encode())
    root = Path(__file__).parent.parent
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".sql", ".toml", ".j2"):
                digest.update(
                    path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes()
                )
    return digest.hexdigest()[:16]
