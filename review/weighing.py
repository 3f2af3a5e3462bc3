"""In which order the figures of a report are asked, weighed once for each state of a table."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from pipeline.sheet import find_template
from review.gain import gains, ranked
from review.leases import Spot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.report import Table
    from document.template import Address, Template
    from review.dossier import Dossier

_TABLES_KEPT = 600


class Weighing:
    """What answers about figures are worth (see ``review.gain``), kept while tables stay."""

    def __init__(self, templates: Sequence[Template]) -> None:
        """Keep nothing yet."""
        self._templates = templates
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], tuple[Table, Mapping[Address, float]]] = (
            OrderedDict()
        )

    def order(self, dossier: Dossier) -> tuple[Spot, ...]:
        """Return the figures of a report that want a person, in the order they are asked."""
        sha256 = dossier.filed.sha256
        weighed = ((table, self._gains(sha256, table)) for table in dossier.report.tables)
        return tuple(Spot(sha256, table, address) for table, address in ranked(weighed))

    def _gains(self, sha256: str, table: Table) -> Mapping[Address, float]:
        key = (sha256, table.table)
        with self._lock:
            known = self._known.get(key)
        if known is None or known[0] is not table:
            known = table, gains(table, find_template(table, self._templates))
            with self._lock:
                self._known[key] = known
                while len(self._known) > _TABLES_KEPT:
                    self._known.popitem(last=False)
        return known[1]
