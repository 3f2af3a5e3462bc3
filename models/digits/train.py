"""Train the digit network on drawn cells: ``python -m models.digits.train``.

Needs torch, Pillow, fontconfig and as many fonts as the machine has. Cells are drawn, between
the steps or by another process, into a pool that is replaced all the while, so that none is seen
more than a few times. The same seed and samples give the same run, unless time cuts it short.
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from copy import deepcopy
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from models.digits.alphabet import CLASSES
from models.digits.degrade import HELD_OUT_KINDS, KINDS
from models.digits.inputs import WIDTHS
from models.digits.network import DigitNetwork, Probabilities
from models.digits.samples import Sample, draw_samples
from models.digits.typeset import faces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.queues import Queue

LOG = logging.getLogger("models.digits.train")
BATCH = {WIDTHS[0]: 64, WIDTHS[1]: 32}
POOL = 120_000
"""Samples kept at most, per width."""

REUSE = 2.2
"""How often a sample is learned from, on average: drawing costs as much as learning."""


def main() -> None:
    """Train, and export at the end and whenever the network was checked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1_200_000, help="how many to learn from")
    parser.add_argument("--minutes", type=float, default=600, help="stop after so many at most")
    parser.add_argument("--out", type=Path, default=Path("build/digits"))
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="0: draw between the steps")
    parser.add_argument("--rate", type=float, default=2.5e-3)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    # Channels last: a quarter faster on CPUs.
    network = DigitNetwork().to(memory_format=torch.channels_last)
    if options.resume:
        network.load_state_dict(torch.load(options.resume, weights_only=True))
    if not options.workers:
        _train(network, _drawn(options.seed + 1), options)
        return
    context = get_context("fork")
    queue: Queue[list[Sample]] = context.Queue(maxsize=64)
    workers = [
        context.Process(target=_draw_forever, args=(queue, options.seed + 1 + i), daemon=True)
        for i in range(options.workers)
    ]
    for worker in workers:
        worker.start()
    try:
        _train(network, iter(queue.get, None), options)
    finally:
        for worker in workers:
            worker.terminate()


def _draw_forever(queue: Queue[list[Sample]], seed: int) -> None:
    for chunk in _drawn(seed):
        queue.put(chunk)


def _drawn(seed: int) -> Iterator[list[Sample]]:
    """Draw samples without end, some hundreds at a time."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    fonts = faces("train")
    while True:
        chunk: list[Sample] = []
        while len(chunk) < 256:
            chunk += draw_samples(rng, fonts)
        yield chunk


def _train(
    network: DigitNetwork, chunks: Iterator[list[Sample]], options: argparse.Namespace
) -> None:
    rng = np.random.default_rng(options.seed)
    average = deepcopy(network).eval()
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=0.01)
    checks = {name: _held_out(kinds) for name, kinds in (("known", KINDS), ("new", HELD_OUT_KINDS))}
    pools: dict[int, list[Sample]] = {width: [] for width in WIDTHS}
    drawn = seen = step = 0
    start = last_check = time.monotonic()
    recent: list[float] = []
    done = 0.0
    while done < 1:
        while drawn * REUSE < seen or min(len(pool) for pool in pools.values()) < 1000:
            for sample in next(chunks):
                _keep(pools[sample.image.shape[2]], sample, rng)
                drawn += 1
        spent = (time.monotonic() - start) / (options.minutes * 60)
        done = max(seen / options.samples, spent)
        warm = min(1.0, (step + 1) / 200)
        falling = 0.5 + 0.5 * math.cos(math.pi * min(done, 1.0))
        for group in optimiser.param_groups:
            group["lr"] = options.rate * warm * falling + 1e-5
        # Three batches of short texts to two of long ones: short ones are what tables hold.
        width = WIDTHS[1] if step % 5 in (1, 3) else WIDTHS[0]
        pool = pools[width]
        picked = [pool[i] for i in rng.integers(len(pool), size=BATCH[width])]
        loss = _loss(network, picked)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        step += 1
        seen += len(picked)
        recent = [*recent[-199:], float(loss.detach())]
        _follow(average, network, min(0.9985, step / (step + 50)))
        if step % 400 == 0:
            LOG.info("step %d drawn %d seen %d loss %.4f", step, drawn, seen, np.mean(recent))
        if time.monotonic() - last_check > 600:
            _check_and_save(average, checks, options.out)
            last_check = time.monotonic()
    _check_and_save(average, checks, options.out)


def _keep(pool: list[Sample], sample: Sample, rng: np.random.Generator) -> None:
    if len(pool) < POOL:
        pool.append(sample)
    else:
        pool[int(rng.integers(POOL))] = sample


def _loss(network: DigitNetwork, picked: list[Sample]) -> Tensor:
    # Half the time of single precision on processors that multiply bfloat16.
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(_batch(picked))
    targets = torch.tensor([c for sample in picked for c in sample.classes], dtype=torch.long)
    lengths = torch.tensor([len(sample.classes) for sample in picked])
    columns = torch.full((len(picked),), logits.shape[1])
    loss: Tensor = nn.functional.ctc_loss(
        logits.float().log_softmax(2).transpose(0, 1), targets, columns, lengths,
        reduction="none", zero_infinity=True,
    )  # fmt: skip
    # A cell that the damage has made unreadable must not pull with all its weight.
    return (loss / (1 + loss / 30)).mean()


def _batch(picked: list[Sample]) -> Tensor:
    images = torch.from_numpy(np.stack([sample.image for sample in picked])).float() / 255
    return images.contiguous(memory_format=torch.channels_last)


def _follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the averaged network a little towards the trained one."""
    with torch.no_grad():
        states = zip(average.state_dict().values(), network.state_dict().values(), strict=True)
        for mean, value in states:
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)


def _held_out(kinds: tuple[str, ...]) -> list[Sample]:
    rng = np.random.default_rng(99)
    fonts = faces("held-out")
    return [sample for _ in range(1000) for sample in draw_samples(rng, fonts, kinds)]


def _check_and_save(network: DigitNetwork, checks: dict[str, list[Sample]], out: Path) -> None:
    """Log how many held-out crops are read exactly, save the state, export to ONNX."""
    for name, samples in checks.items():
        right = 0
        for width in WIDTHS:
            group = [sample for sample in samples if sample.image.shape[2] == width]
            for start in range(0, len(group), 256):
                part = group[start : start + 256]
                with torch.no_grad():
                    best = network(_batch(part)).argmax(2).numpy()
                right += sum(
                    _collapse(row) == sample.classes for row, sample in zip(best, part, strict=True)
                )
        LOG.info("held-out fonts, %s damage: %.4f read exactly", name, right / len(samples))
    torch.save(network.state_dict(), out / "digits.pt")
    export(network, out / "digits.onnx")


def _collapse(classes: np.ndarray) -> tuple[int, ...]:
    firsts = [int(c) for i, c in enumerate(classes) if i == 0 or c != classes[i - 1]]
    return tuple(c for c in firsts if c)


def export(network: DigitNetwork, path: Path) -> None:
    """Write the network with its softmax as ONNX: (N, 2, 32, W) → (N, W / 4, classes)."""
    wrapped = Probabilities(deepcopy(network)).eval()
    torch.onnx.export(
        wrapped, (torch.zeros(1, 2, 32, WIDTHS[0]),), str(path), dynamo=False, opset_version=17,
        input_names=["darkness"], output_names=["probabilities"],
        dynamic_axes={"darkness": {0: "n", 3: "w"}, "probabilities": {0: "n", 1: "t"}},
    )  # fmt: skip
    LOG.info("wrote %s, %d classes, %d bytes", path, CLASSES, path.stat().st_size)


if __name__ == "__main__":
    main()
