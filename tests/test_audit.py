"""The audit of dependencies never calls something sound that was not audited."""

import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AUDIT = ROOT / ".ci" / "audit.py"


def test_audit_without_network_says_it_was_skipped_and_why(tmp_path):
    nowhere = {
        name: "http://127.0.0.1:9"
        for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    }
    (tmp_path / ".ci").mkdir()
    script = shutil.copy(AUDIT, tmp_path / ".ci")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    answer = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **nowhere, "NO_PROXY": "", "no_proxy": ""},
    )
    assert answer.returncode == 0
    assert (
        "NOT audited" in answer.stdout
        and "does not answer" in answer.stdout
        and "network" in answer.stdout
    )


def test_known_vulnerability_is_named_with_its_fix():
    spec = spec_from_file_location("audit", AUDIT)
    audit = module_from_spec(spec)
    spec.loader.exec_module(audit)
    audited = [
        {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]},
        {"name": "b", "skip_reason": "not found"},
    ]
    assert audit._weak(audited) == {"PYSEC-1": "a 1 has PYSEC-1, fixed in 2"}
