"""What equations say about one figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from document.report import Figure


class Verdict(NamedTuple):
    """What equations say about one figure.

    ``option`` is the option of the evidence they settle on; None where there is none.
    ``margin`` (nats) says how much dearer any other print is at least, None where no equation
    says anything and the reading stands alone. ``changed`` marks a misread that is mended,
    ``disputed`` a figure whose equation fails through it, or for which two values fit.
    ``implied`` is the value that equations alone ask for, where they ask for just one.
    ``unresolved`` tells that more might have been proved without limits.
    """

    option: int | None
    margin: float | None = None
    changed: bool = False
    disputed: bool = False
    implied: Figure | None = None
    unresolved: bool = False


AS_READ = Verdict(0)
"""That of a figure of which equations say nothing, or that reads too clearly to be asked about."""


def chance(margin: float) -> float:
    """Return the probability that a margin (nats) over all rivals stands for."""
    return 1.0 / (1.0 + math.exp(-margin))
