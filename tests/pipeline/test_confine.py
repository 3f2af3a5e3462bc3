"""A worker has no network, writes nothing outside its folder, and ends at its bounds.

Every test confines a process of its own, as that cannot be undone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from document.errors import InputError
from pipeline.archive import Room
from pipeline.confine import BOUNDS, NETWORK, WRITES, available
from pipeline.unpacking import Unpacker

ROOT = Path(__file__).parents[2]
BEFORE = """
import ctypes, os, resource, socket, subprocess, sys, threading
from pathlib import Path
from pipeline.confine import Confines, allow_seconds, confine
own, other = Path(sys.argv[1]), Path(sys.argv[2])
listening = socket.create_server(("127.0.0.1", 0))
held = confine(Confines((own,), 2048, 5))
def refused(act):
    try:
        act()
    except OSError as error:
        return error.errno in {1, 13}
    return False
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    (other / "there.txt").write_text("there")
    return own, other


def confined(folders: tuple[Path, Path], program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BEFORE + program, *map(str, folders)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_what_is_held_is_what_the_system_was_said_to_hold(folders: tuple[Path, Path]) -> None:
    done = confined(folders, "print(*sorted(held))")
    assert done.stdout.split() == sorted(available()), done.stderr
    assert BOUNDS in available()


@pytest.mark.skipif(WRITES not in available(), reason="this kernel has no Landlock")
def test_nothing_is_written_outside_its_folder(folders: tuple[Path, Path]) -> None:
    done = confined(
        folders,
        """
(own / "a.txt").write_text("mine")
(own / "deep").mkdir()
(own / "a.txt").rename(own / "deep" / "b.txt")
open(os.devnull, "w").write("x")
there = other / "there.txt"
assert there.read_text() == "there"
acts = [
    lambda: (other / "new.txt").write_text("x"),
    lambda: there.write_text("x"),
    lambda: os.truncate(there, 0),
    lambda: there.unlink(),
    lambda: there.rename(own / "taken.txt"),
    lambda: (other / "folder").mkdir(),
    lambda: (other / "link").symlink_to("/"),
    lambda: os.mkfifo(other / "pipe"),
    lambda: (own / "deep" / "b.txt").rename(other / "b.txt"),
    lambda: os.link(own / "deep" / "b.txt", other / "b.txt"),
]
print(*(int(refused(act)) for act in acts))
children = subprocess.run(["sh", "-c", f"echo x > {other}/by-child.txt"], capture_output=True)
print(children.returncode != 0)
said = []
thread = threading.Thread(target=lambda: said.append(refused(acts[0])))
thread.start()
thread.join()
print(said)
""",
    )
    assert done.stdout.split("\n")[:3] == [" ".join("1" * 10), "True", "[True]"], done.stderr
    assert [path.name for path in folders[1].iterdir()] == ["there.txt"]
    assert (folders[1] / "there.txt").read_text() == "there"


@pytest.mark.skipif(NETWORK not in available(), reason="this system has no seccomp")
def test_there_is_no_network(folders: tuple[Path, Path]) -> None:
    done = confined(
        folders,
        """
port = listening.getsockname()[1]
acts = [lambda family=family, kind=kind: socket.socket(family, kind)
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET)
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW)]
acts.append(lambda: socket.create_connection(("127.0.0.1", port), 1))
acts.append(lambda: socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock"))
print(all(refused(act) for act in acts))
a, b = socket.socketpair()
a.send(b"x")
print(b.recv(1))
child = "import socket; socket.socket(socket.AF_INET)"
print(subprocess.run([sys.executable, "-c", child], capture_output=True).returncode)
ring = ctypes.CDLL(None, use_errno=True).syscall(425, 8, ctypes.create_string_buffer(120))
print(ring, ctypes.get_errno())
""",
    )
    assert done.stdout.split("\n")[:4] == ["True", "b'x'", "1", "-1 13"], done.stderr


def test_memory_size_and_time_end_at_their_bounds(folders: tuple[Path, Path]) -> None:
    eats = confined(folders, "x = bytearray(6 << 30)")
    assert eats.returncode == 1
    assert "MemoryError" in eats.stderr
    writes = confined(
        folders, "f = open(own / 'f', 'wb'); f.truncate(1 << 30); f.truncate(3 << 30)"
    )
    assert "File too large" in writes.stderr
    opens = confined(folders, "x = [os.open('/', os.O_RDONLY) for _ in range(600)]")
    assert "Too many open files" in opens.stderr
    spins = "import pipeline.confine as c; c._CPU_GRACE = 1; allow_seconds(0)\nwhile True: pass"
    assert confined(folders, spins).returncode == -24, "SIGXCPU"


def test_what_a_confined_process_still_can_do_is_known(folders: tuple[Path, Path]) -> None:
    """Landlock does not speak of modes and times; docs/security.md says so."""
    done = confined(folders, "(other / 'there.txt').chmod(0o600); print('done')")
    assert done.stdout == "done\n"


def test_folders_that_a_killed_driver_left_are_gone_with_the_next_batch(tmp_path: Path) -> None:
    scans, held, run = tmp_path / "scans", tmp_path / "tmp", tmp_path / "run"
    scans.mkdir()
    held.mkdir()
    for number in range(40):
        (scans / f"{number}.pdf").write_text(f"figure {number}\ntotal {number}", "utf-8")
    somebody_elses = held / "gouji-worker-0123456789abcdef-x"
    somebody_elses.mkdir()
    command = [sys.executable, "-m", "tests.pipeline.driver", str(run), str(scans)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(held)}
    driver = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    assert driver.stdout is not None
    driver.stdout.readline()  # its inputs are listed
    end = time.monotonic() + 60
    while len(list(held.glob("gouji-worker-*"))) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    driver.kill()
    driver.communicate()
    assert len(list(held.glob("gouji-worker-*"))) > 1, "a confined worker cannot remove its own"
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert [path.name for path in held.glob("gouji-worker-*")] == [somebody_elses.name]


def test_archives_are_unpacked_by_a_confined_process_that_may_be_killed(tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name in ("one.zip", "two.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("a.pdf", f"{name} a")
            archive.writestr("b.pdf", f"{name} b")
            archive.writestr("c.exe", "c")
    with Unpacker(folder, frozenset({".pdf"}), 1) as unpacker:
        first = list(unpacker.unpack(tmp_path / "one.zip", Room(9, 999, 999, 9)))
        assert [getattr(one, "name", "") for one in first] == ["a.pdf", "b.pdf", "c.exe"]
        assert unpacker.pid is not None
        said = Path(f"/proc/{unpacker.pid}/status").read_text("ascii")
        if NETWORK in available():
            assert "Seccomp:\t2" in said
        os.kill(unpacker.pid, signal.SIGKILL)
        with pytest.raises(InputError, match="SIGKILL"):
            list(unpacker.unpack(tmp_path / "two.zip", Room(9, 999, 999, 9)))
        room = Room(9, 999, 999, 9)
        assert len(list(unpacker.unpack(tmp_path / "two.zip", room))) == 3
        assert (room.files, room.bytes) == (6, 999 - 2 * len("two.zip a"))
    assert unpacker.pid is None
    assert len(list(folder.iterdir())) == 4
