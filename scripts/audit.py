"""Asks a database for known holes in what Gouji depends on: ``python scripts/audit.py``.

Exits with 1 where there are any. Where the database cannot be reached this is said loudly, and
nothing fails: a change cannot be held up by somebody else's server.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
SECONDS = 90
BAR = "!" * 78


def main() -> int:
    """Audit the lock file; returns the exit code."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--require-hashes"]
    command += ["--disable-pip", "--progress-spinner", "off", "--format", "json", "--timeout", "10"]
    try:
        done = subprocess.run(  # noqa: S603 - our own lock, our own environment
            command, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _skipped(f"no answer in {SECONDS} s")
    except (ValueError, KeyError):
        return _skipped((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    looked_at = [one for one in found if "skip_reason" not in one]
    if not looked_at:
        return _skipped("the package index at hand has no such database")
    holes = [(one, hole) for one in looked_at for hole in one.get("vulns", ())]
    for one, hole in holes:
        mended = ", ".join(hole.get("fix_versions", ())) or "no version yet"
        print(f"{one['name']} {one['version']}: {hole['id']}; mended in {mended}")
    print(f"audit: {len(looked_at)} of {len(found)} dependencies looked up, {len(holes)} holes")
    return 1 if holes else 0


def _skipped(cause: str) -> int:
    print(BAR, f"NOT AUDITED for known holes: {cause}", BAR, sep="\n", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
