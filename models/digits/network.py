"""The digit network: convolutions over a line of ink, a class per four columns, CTC."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.digits.alphabet import CLASSES


class Block(nn.Module):  # type: ignore[misc]
    """A depthwise-separable convolution with a shortcut where the shape allows one."""

    def __init__(self, before: int, after: int, stride: tuple[int, int]) -> None:
        """Map ``before`` channels to ``after``, down-sampling by ``stride`` (y, x)."""
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(before, before, 3, stride, 1, groups=before, bias=False),
            nn.BatchNorm2d(before),
            nn.Conv2d(before, after, 1, bias=False),
            nn.BatchNorm2d(after),
            nn.Hardswish(),
        )
        self.shortcut = before == after and stride == (1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, before, H, W) to (N, after, H / stride, W / stride)."""
        y: Tensor = self.body(x)
        return x + y if self.shortcut else y


class Mixer(nn.Module):  # type: ignore[misc]
    """A residual block over columns alone: each looks at three on either side."""

    def __init__(self, channels: int) -> None:
        """Keep ``channels`` channels."""
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(channels, channels, 7, 1, 3, groups=channels, bias=False),
            nn.BatchNorm1d(channels),
            nn.Conv1d(channels, 2 * channels, 1),
            nn.Hardswish(),
            nn.Conv1d(2 * channels, channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, channels, T) to the same shape."""
        y: Tensor = self.body(x)
        return x + y


class DigitNetwork(nn.Module):  # type: ignore[misc]
    """(N, 2, 32, W) darkness → (N, W / 4, classes) logits; class 0 is the blank of CTC."""

    def __init__(self) -> None:
        """Build the network with random weights."""
        super().__init__()
        self.picture = nn.Sequential(
            nn.Conv2d(2, 16, 3, (2, 1), 1, bias=False),
            nn.BatchNorm2d(16),
            nn.Hardswish(),
            nn.Conv2d(16, 32, 3, (1, 2), 1, bias=False),
            nn.BatchNorm2d(32),
            nn.Hardswish(),
            Block(32, 64, (2, 1)),
            Block(64, 64, (1, 1)),
            Block(64, 96, (1, 2)),
            Block(96, 96, (1, 1)),
            Block(96, 128, (2, 1)),
            Block(128, 128, (1, 1)),
            Block(128, 128, (1, 1)),
        )
        self.collapse = nn.Sequential(
            nn.Conv2d(128, 160, (4, 1), bias=False), nn.BatchNorm2d(160), nn.Hardswish()
        )
        self.line = nn.Sequential(Mixer(160), Mixer(160), nn.BatchNorm1d(160))
        self.classes = nn.Conv1d(160, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (N, T, classes)."""
        columns = self.collapse(self.picture(x)).squeeze(2)
        logits: Tensor = self.classes(self.line(columns))
        return logits.transpose(1, 2)


class Probabilities(nn.Module):  # type: ignore[misc]
    """The network with its softmax, as it is exported."""

    def __init__(self, network: DigitNetwork) -> None:
        """Wrap ``network``."""
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        """Return probabilities (N, T, classes)."""
        return torch.softmax(self.network(x), dim=2)
