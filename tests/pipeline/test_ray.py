"""A batch on a Ray cluster of two nodes, one of which is lost: nothing is lost with it.

The nodes are real Ray nodes on this machine; what reads is a stand-in.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from document.errors import GoujiError
from pipeline import pool_ray
from pipeline.export_run import export
from pipeline.journal import old_journal
from pipeline.journal_queries import filed, report_of, troubles
from pipeline.pool import Limits
from pipeline.pool_ray import labour_on_cluster
from pipeline.run import Ended, Event, Listed, Order, run_batch
from pipeline.settings import Settings
from reconstruct.templates import builtin
from tests.pipeline import faulty_reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.export_run import Form

ROOT = Path(__file__).parents[2]
SETTINGS = Settings("1" * 64, "{}")
LIMITS = Limits(workers=2, seconds=3, mib=1000)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setattr(pool_ray, "_ROOM_EVERY", 0.5)
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - takes seconds

    small = {"num_cpus": 1, "memory": 2 << 30, "object_store_memory": 80_000_000}
    made: Any = Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False})
    made.add_node(**small)
    yield made
    made.shutdown()


def write(folder: Path) -> Path:
    folder.mkdir()
    wishes = {f"d{n:02}": f"agency 甲{n % 7}\nyear {2019 + n % 5}\nfigure {n}" for n in range(24)}
    wishes |= {"crash": "do crash", "hang": "do hang", "refused": "do refuse"}
    for name, text in wishes.items():
        (folder / f"{name}.pdf").write_text(f"{text}\nname {name}", "utf-8")
    return folder


def standing(run: Path) -> dict[str, tuple[str | None, str | None]]:
    engine = old_journal(run)
    found: dict[str, tuple[str | None, str | None]] = {}
    for one in filed(engine):
        report = report_of(engine, one)
        code = report.findings[0].code if report and report.findings else None
        found[Path(one.path).name] = (one.status, code)
    return found


def test_with_a_node_lost_in_mid_run_the_result_is_that_of_an_undisturbed_one(
    tmp_path: Path, cluster: Any
) -> None:
    scans = write(tmp_path / "scans")
    calm, stormy = tmp_path / "calm", tmp_path / "stormy"
    run_batch(Order((scans,), calm, faulty_reader.load_slowly, SETTINGS, LIMITS), lambda _: None)
    ended: list[Ended] = []

    def tell(event: Event) -> None:
        if isinstance(event, Ended):
            ended.append(event)
            if len(ended) == 6:
                cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)

    def labour(*asked: Any) -> Any:
        return labour_on_cluster(*asked, address=cluster.address)

    order = Order((scans,), stormy, faulty_reader.load_slowly, SETTINGS, LIMITS, labour=labour)
    run_batch(order, tell)
    assert standing(stormy) == standing(calm)
    assert standing(stormy)["crash.pdf"] == ("failed", "worker-died")
    assert standing(stormy)["hang.pdf"] == ("failed", "time-limit")
    forms: tuple[Form, ...] = ("csv", "json")
    for form in forms:
        for one, other in zip(
            export(old_journal(calm), calm / "export", form, builtin(), "en"),
            export(old_journal(stormy), stormy / "export", form, builtin(), "en"),
            strict=True,
        ):
            assert one.read_bytes() == other.read_bytes()
    named = {one.sha256: Path(one.path).stem for one in filed(old_journal(stormy))}
    tried = [(named[one.sha256], one.outcome, one.alone) for one in troubles(old_journal(stormy))]
    lost = [name for name, outcome, alone in tried if name.startswith("d")]
    assert lost  # what was being read on the lost node was read again, alone
    assert tried.count(("crash", "worker-died", True)) == 1
    again: list[Event] = []
    run_batch(order, again.append)
    assert [one.to_read for one in again if isinstance(one, Listed)] == [0]


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scans, run = write(tmp_path / "scans"), tmp_path / "run"

    def nobody(**_: Any) -> None:
        msg = "Failed to connect to GCS.\nLast connection error: …"  # what Ray says, after a minute
        raise RuntimeError(msg)

    def labour(*asked: Any) -> Any:
        return labour_on_cluster(*asked, address="127.0.0.1:1")

    monkeypatch.setattr("ray.init", nobody)

    order = Order((scans,), run, faulty_reader.load, SETTINGS, LIMITS, labour=labour)
    with pytest.raises(GoujiError, match="the Ray cluster does not answer"):
        run_batch(order, lambda _: None)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(GoujiError, match=r"pip install 'gouji\[ray\]'"):
        run_batch(order, lambda _: None)
    assert {status for status, _ in standing(run).values()} == {None}
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
