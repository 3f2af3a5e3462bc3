"""What may stand in a cell: texts drawn at random, in the proportions that teach most."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

STRANGE = (
    "件次个项份条人户宗起不未有否是见注其中含修订自然失效约共余另详附暂缺ABCEGHJKMNPQRTUVWXYabdefgh"
    "kmnrtuvy%*#=×√△①②"
)
"""Characters that belong to no figure; none of them could be taken for a digit."""


_REMARKS = ("其中修订", "含自然失效", "其中新制定", "含上年结转", "另废止", "其中修改", "含", "注")
_UNITS = ("件", "项", "个", "次", "份")


def figure_text(rng: np.random.Generator) -> str:
    """Draw the text of one cell; "" for a blank one."""
    shares = [share for share, _ in _KINDS]
    kind = rng.choice(len(_KINDS), p=[share / sum(shares) for share in shares])
    return _KINDS[kind][1](rng)


def _digits(rng: np.random.Generator, fewest: int, most: int) -> str:
    length = int(rng.integers(fewest, most + 1))
    if rng.random() < 0.15:
        # Few different digits: runs such as 11 or 000 are where strings gain or lose a digit.
        few = rng.choice(list("0123456789"), 2)
        digits = list(rng.choice(few, length))
    else:
        digits = list(rng.choice(list("0123456789"), length))
    if length > 1 and digits[0] == "0" and rng.random() < 0.8:
        digits[0] = str(rng.integers(1, 10))
    return "".join(digits)


def _decimal(rng: np.random.Generator) -> str:
    return f"{_digits(rng, 1, 5)}.{_digits(rng, 1, 2 if rng.random() < 0.6 else 6)}"


def _money(rng: np.random.Generator) -> str:
    figure = _decimal(rng) if rng.random() < 0.5 else _digits(rng, 1, 8)
    return figure + ("元" if rng.random() < 0.6 else "万元")


def _signed(rng: np.random.Generator) -> str:
    return ("-" if rng.random() < 0.8 else "+") + _digits(rng, 1, 4)


def _grouped(rng: np.random.Generator) -> str:
    return f"{int(_digits(rng, 4, 7)):,}"


def _account(rng: np.random.Generator) -> str:
    """Draw an amount as accounts print it: grouped, two decimals, negative in brackets."""
    amount = f"{int(_digits(rng, 1, 8)):,}.{_digits(rng, 2, 2)}"
    sign = rng.random()
    return f"({amount})" if sign < 0.35 else f"-{amount}" if sign < 0.5 else amount


def _remark(rng: np.random.Generator) -> str:
    return f"{_digits(rng, 1, 3)}（{rng.choice(_REMARKS)}{_digits(rng, 1, 2)}{rng.choice(_UNITS)}）"


def _strange(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list(STRANGE), int(rng.integers(1, 5))))


def _fixed(text: str) -> Callable[[np.random.Generator], str]:
    return lambda _: text


def _full_width(rng: np.random.Generator) -> str:
    return "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in _digits(rng, 1, 4))


_KINDS: tuple[tuple[float, Callable[[np.random.Generator], str]], ...] = (
    (9, _fixed("")),
    (13, _fixed("0")),
    (22, lambda rng: _digits(rng, 1, 1)),
    (14, lambda rng: _digits(rng, 2, 2)),
    (9, lambda rng: _digits(rng, 3, 3)),
    (7, lambda rng: _digits(rng, 4, 4)),
    (5, lambda rng: _digits(rng, 5, 8)),
    (7, _decimal),
    (2, _fixed("0.00")),
    (3, _money),
    (3, _signed),
    (2, _grouped),
    (2, _account),
    (1, lambda rng: f"({_digits(rng, 1, 5)})"),
    (4, _fixed("/")),
    (1, _fixed("／")),
    (2, _fixed("-")),
    (2, _fixed("—")),
    (2, _fixed("--")),
    (1, _fixed("——")),
    (2, _fixed("无")),
    (2, _remark),
    (3, _strange),
    (2, _full_width),
)
