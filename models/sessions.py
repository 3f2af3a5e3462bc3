"""Inference sessions that leave the machine to others while they wait."""

from __future__ import annotations

from functools import cache
from typing import Any

from models.weights import find

DEFAULT_THREADS = 2


@cache
def session(name: str, threads: int = DEFAULT_THREADS) -> Any:
    """Return the onnxruntime session of the weights called ``name``, opened once a process.

    Raises WeightsError where the file is missing or altered.
    """
    import onnxruntime  # noqa: PLC0415 - documents that need no pixels need no engine

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Its pool grows with every new width of a line and is never given back: 100 MiB a worker.
    options.enable_cpu_mem_arena = False
    # Waiting threads would otherwise burn a core: half the CPU seconds, measured.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # On processors without VNNI sums of 8-bit products overflow 16 bits, and words are misread;
    # others take no notice of this.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(
        str(find(name)), sess_options=options, providers=["CPUExecutionProvider"]
    )


def infer(name: str, batch: Any, threads: int = DEFAULT_THREADS) -> Any:
    """Run one array through weights of one input and one output, and return that output."""
    opened = session(name, threads)
    return opened.run(None, {opened.get_inputs()[0].name: batch})[0]
