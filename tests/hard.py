"""What make test-hard does: hostile files, kills, attacks and fuzzing, and one summary at its end.

``PYTHONPATH=. FUZZ_SECONDS=1800 python tests/hard.py [OPTION OF PYTEST…]``. Fuzzing goes on beside
the tests, at the lowest priority, and after them until its time is over.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUT = ROOT / "out" / "hard"
TESTS = (
    "tests/hostile",
    "tests/review/test_kills.py",
    "tests/review/test_attacks.py",
    "tests/pipeline/test_confine.py",
    "tests/pipeline/test_keeping.py",
)


def main() -> int:
    """Run all of it and print what came of it; returns 0 if everything held."""
    OUT.mkdir(parents=True, exist_ok=True)
    facts, fuzzed = OUT / "facts.txt", OUT / "fuzz.txt"
    facts.write_text("", "utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    environment.setdefault("FUZZ_SECONDS", "1800")
    with fuzzed.open("w", encoding="utf-8") as log:
        fuzzing = subprocess.Popen(
            ["nice", "-n", "19", sys.executable, "tests/fuzz/run.py"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            command = [sys.executable, "-m", "pytest", "-q", "--all-faults", "--facts", str(facts)]
            tested = subprocess.run(
                [*command, *TESTS, *sys.argv[1:]], cwd=ROOT, env=environment, check=False
            ).returncode
            print(f"fuzzing for {environment['FUZZ_SECONDS']} s in all", flush=True)
            broken = fuzzing.wait()
        finally:
            fuzzing.kill()
    print("\nmake test-hard")
    for line in facts.read_text("utf-8").splitlines():
        print(f"  {line}")
    said = fuzzed.read_text("utf-8").splitlines()
    for line in said if broken else said[-1:]:
        print(f"  {line}")
    print(f"  all tests passed: {'yes' if tested == 0 else 'NO'}")
    return 1 if tested or broken else 0


if __name__ == "__main__":
    sys.exit(main())
