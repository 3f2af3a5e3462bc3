"""Fuzzes every target: ``FUZZ_SECONDS=600 PYTHONPATH=. python tests/fuzz/run.py [TARGET…]``.

atheris leads where it is installed (Linux on x86-64); elsewhere bytes of the seeds are changed at
random. Inputs that crash are kept in out/fuzz and wait there to become tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.seeds import ROOT, seeds_of

if TYPE_CHECKING:
    import random

OUT = ROOT / "out" / "fuzz"
HANG = 30
MIB = 3072
SHARES = {"text": 3.0, "docx": 1.0, "docx_xml": 1.5, "html": 1.5, "template": 1.0, "typed": 2.0}
"""Parts of the time; 1 where nothing is said. Cheap targets need little of it."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of fuzzing a target."""

    target: str
    executions: int
    crashes: int
    hangs: int
    seconds: float


def main() -> int:
    """Fuzz, print what came of it, and return 1 if anything broke."""
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - children import it instrumented

    wanted = sys.argv[1:] or list(TARGETS)
    budget = float(os.environ.get("FUZZ_SECONDS", "300"))
    whole = sum(SHARES.get(name, 1.0) for name in wanted)
    runs = []
    print(f"{'target':<12}{'executions':>12}{'crashes':>9}{'hangs':>7}{'seconds':>9}")
    for name in wanted:
        one = fuzz(name, budget * SHARES.get(name, 1.0) / whole)
        runs.append(one)
        print(f"{name:<12}{one.executions:>12,}{one.crashes:>9}{one.hangs:>7}{one.seconds:>9.0f}")
    crashes, hangs = sum(one.crashes for one in runs), sum(one.hangs for one in runs)
    print(
        f"fuzz executions {sum(one.executions for one in runs):,}, crashes {crashes}, "
        f"hangs over {HANG} s {hangs}"
    )
    return 1 if crashes or hangs else 0


def fuzz(target: str, seconds: float) -> Run:
    """Fuzz a target in a process of its own."""
    corpus, kept = OUT / target / "corpus", OUT / target / "broken"
    corpus.mkdir(parents=True, exist_ok=True)
    kept.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds_of(target)):
        (corpus / f"seed-{number:03d}").write_bytes(seed)
    before = set(kept.iterdir())
    start = time.monotonic()
    executions = 0
    while (left := seconds - (time.monotonic() - start)) > 1:
        program = [sys.executable, str(Path(__file__).with_name("one.py")), target]
        program += [f"-max_total_time={int(left)}", f"-timeout={HANG}", f"-rss_limit_mb={MIB}"]
        program += [f"-artifact_prefix={kept}/", "-print_final_stats=1", "-max_len=65536"]
        program += [f"-report_slow_units={HANG}"]
        done = subprocess.run(
            [*program, str(corpus)],
            env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        executions += _counted(done.stderr)
        if done.returncode == 0:
            break
        print(*done.stderr.splitlines()[-25:], sep="\n", file=sys.stderr)
        if not _counted(done.stderr):
            break
    broken = set(kept.iterdir()) - before
    late = {path for path in broken if path.name.startswith(("timeout-", "slow-unit-"))}
    for path in late:
        if not _hangs(target, path):
            path.unlink()  # the machine was busy, not the parser
            broken.remove(path)
    hangs = len(late & broken)
    return Run(target, executions, len(broken) - hangs, hangs, time.monotonic() - start)


def _hangs(target: str, path: Path) -> bool:
    """Tell whether an input really takes that long: by the processor's clock, uninstrumented."""
    program = (
        "import resource, sys; from pathlib import Path; from tests.fuzz.targets import TARGETS; "
        f"resource.setrlimit(resource.RLIMIT_CPU, ({HANG}, {HANG})); "
        "TARGETS[sys.argv[1]](Path(sys.argv[2]).read_bytes())"
    )
    command = [sys.executable, "-c", program, target, str(path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return (
        subprocess.run(command, env=environment, capture_output=True, check=False).returncode != 0
    )


def _counted(said: str) -> int:
    """Return how many executions libFuzzer tells of, at its end or where it broke off."""
    whole = re.findall(r"stat::number_of_executed_units:\s*(\d+)", said)
    return max(map(int, whole or re.findall(r"^#(\d+)", said, re.MULTILINE)), default=0)


def mutated(data: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """Change bytes as fuzzers do: flip, put in, take out, repeat, splice."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(out) + 1)
        to = min(len(out), at + dice.randint(1, 32))
        act = dice.randrange(6)
        if act == 0 and out:
            out[at % len(out)] ^= 1 << dice.randrange(8)
        elif act == 1:
            out[at:at] = dice.randbytes(dice.randint(1, 4))
        elif act == 2:
            del out[at:to]
        elif act == 3:
            out[at:at] = out[at:to] * dice.randint(1, 20)
        elif act == 4:
            other = dice.choice(others)
            begin = dice.randrange(len(other) + 1)
            out[at:to] = other[begin : begin + dice.randint(1, 64)]
        elif out:
            out[at % len(out)] = dice.choice(b"\0\x7f\xff<>&\"'{}[],:=-0123456789 \n\t|")
    return bytes(out[:65536])


if __name__ == "__main__":
    sys.exit(main())
