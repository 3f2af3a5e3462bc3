"""Fuzzes one target: the program that run.py starts, with the options of libFuzzer."""

from __future__ import annotations

import random
import sys
import time
import traceback
from pathlib import Path

try:
    import atheris
except ImportError:  # no wheel for this system
    atheris = None


_FORMS = [f"reconstruct.{name}" for name in ("templates", "raw_form", "spoken", "expressions")]
"""Of reconstruct, what parses: the solver would take most of the time, and parses nothing."""


def main() -> None:
    """Fuzz until the time is over, or something breaks."""
    if atheris is None:
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415

        _at_random(TARGETS[sys.argv[1]])
        return
    with atheris.instrument_imports(include=["document", "pipeline", *_FORMS]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


def _at_random(target: object) -> None:
    from tests.fuzz.run import mutated  # noqa: PLC0415

    said = dict(word[1:].split("=", 1) for word in sys.argv[2:-1])
    seeds = [path.read_bytes() for path in Path(sys.argv[-1]).iterdir()] or [b""]
    dice, end, done = random.Random(1), time.monotonic() + int(said["max_total_time"]), 0
    while time.monotonic() < end:
        data, start = mutated(dice.choice(seeds), seeds, dice), time.monotonic()
        done += 1
        try:
            target(data)  # type: ignore[operator]
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            traceback.print_exc()
            Path(said["artifact_prefix"], f"crash-{abs(hash(data)):x}").write_bytes(data)
            break
        if time.monotonic() - start > int(said["timeout"]):
            Path(said["artifact_prefix"], f"timeout-{abs(hash(data)):x}").write_bytes(data)
            break
    print(f"stat::number_of_executed_units: {done}", file=sys.stderr)


if __name__ == "__main__":
    main()
