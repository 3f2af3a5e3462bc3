"""Takes from a process what reading documents does not need, for good.

Whatever a hostile document makes of a decoder, it then has no network, writes nothing outside its
folder, and ends at a bound. What the system cannot do is left out, and ``held`` says what it can.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

_LIBC = ctypes.CDLL(None, use_errno=True)
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 38, 1

_FILE_BYTES, _FILES = 2 << 30, 512
_CPU_FACTOR, _CPU_GRACE = 4, 30

# Landlock (Linux 5.13 and later): the calls have the same numbers on every architecture.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_WRITES = 0x2 | 0x10 | 0x20 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800 | 0x1000
_REFER, _TRUNCATE, _IOCTL = 0x2000, 0x4000, 0x8000
_TO_FILES = 0x2 | _TRUNCATE | _IOCTL
"""Of the rights to write, those that a rule on a single file may grant."""
_TCP, _SCOPES = 0x3, 0x3
_OFFICE = (Path("/tmp"), 0x200)  # noqa: S108 - LibreOffice insists on leaving a socket just there
_LEFT = "OSL_PIPE_*_SingleOfficeIPC_*"

# seccomp: a program of BPF that every call of the system goes through.
_SET_FILTER, _ALL_THREADS = 1, 1
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13
_UNIX = 1
_X32 = 0x40000000
_IO_URING = 425


@dataclass(frozen=True, slots=True)
class _Machine:
    """The numbers of an architecture: its own, that of seccomp, of socket, of what is refused."""

    audit: int
    seccomp: int
    socket: int
    refused: tuple[int, ...]


_MACHINES = {
    # connect, ptrace, mount, process_vm_readv and _writev, bpf, userfaultfd, io_uring_setup
    "x86_64": _Machine(0xC000003E, 317, 41, (42, 101, 165, 310, 311, 321, 323, _IO_URING)),
    "aarch64": _Machine(0xC00000B7, 277, 198, (203, 117, 40, 270, 271, 280, 282, _IO_URING)),
}


@dataclass(frozen=True, slots=True)
class Confines:
    """What a process keeps: folders to write into, MiB for its data, seconds for a document.

    Data are counted as they are asked for, resident or not. No file that it writes may grow
    beyond ``file_bytes``.
    """

    folders: tuple[Path, ...]
    mib: int
    seconds: float
    file_bytes: int = _FILE_BYTES


_Held: TypeAlias = frozenset[str]
BOUNDS, WRITES, NETWORK = "bounds", "writes", "network"


def confine(confines: Confines) -> _Held:
    """Confine this process and all it starts; returns what is held of BOUNDS, WRITES, NETWORK.

    To be called before there are threads: Landlock does not reach those that run already.
    """
    _bound(confines)
    held = {BOUNDS}
    try:
        _call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        held |= {WRITES} if _landlock(confines.folders) else set()
        held |= {NETWORK} if _seccomp() else set()
    except (OSError, AttributeError):
        pass  # not Linux, or a kernel without
    return frozenset(held)


def end_with_parent() -> None:
    """Have this process killed when the thread that started it ends, where the system can."""
    with suppress(OSError, AttributeError):
        _call("prctl", _DIE_WITH_PARENT, 9, 0, 0, 0)


def allow_seconds(seconds: float) -> None:
    """End this process by the system's own clock where nobody else ends it in time."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(used + seconds * _CPU_FACTOR + _CPU_GRACE)
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def available() -> _Held:
    """Return what this system can hold, without confining anything."""
    held = {BOUNDS}
    if _abi() > 0:
        held.add(WRITES)
    machine = _MACHINES.get(platform.machine())
    if machine is not None:
        action = ctypes.c_uint32(_REFUSE & 0xFFFF0000)
        with suppress(OSError, AttributeError):
            _call("syscall", machine.seccomp, 2, 0, ctypes.byref(action))
            held.add(NETWORK)
    return frozenset(held)


def sweep_sockets() -> None:
    """Remove the sockets that confined LibreOffices left: they may make one and not remove it."""
    with suppress(OSError):
        bound = Path("/proc/net/unix").read_text("utf-8", "replace")
        for left in _OFFICE[0].glob(_LEFT):
            if left.is_socket() and str(left) not in bound:
                left.unlink()  # another user's cannot be, and is left


def _bound(confines: Confines) -> None:
    data = confines.mib << 20
    bounds = (
        (resource.RLIMIT_DATA, data),
        (resource.RLIMIT_FSIZE, confines.file_bytes),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, bound in bounds:
        _, hard = resource.getrlimit(kind)
        most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        with suppress(ValueError, OSError):  # a system that knows no such bound
            resource.setrlimit(kind, (most, most))
    allow_seconds(confines.seconds)


def _abi() -> int:
    """Return the version of Landlock, 0 where there is none."""
    try:
        return _call("syscall", _CREATE, None, ctypes.c_size_t(0), 1)
    except (OSError, AttributeError):
        return 0


def _landlock(folders: tuple[Path, ...]) -> bool:
    """Let nothing be written outside ``folders``; reading stays as it is."""
    abi = _abi()
    if abi < 1:
        return False
    rights = _WRITES
    rights |= (_REFER if abi >= 2 else 0) | (_TRUNCATE if abi >= 3 else 0)
    rights |= _IOCTL if abi >= 5 else 0
    said = struct.pack("=QQQ", rights, _TCP if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    said = said[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    rules = _call("syscall", _CREATE, said, ctypes.c_size_t(len(said)), 0)
    try:
        grants = [(one, rights if one.is_dir() else rights & _TO_FILES) for one in folders]
        for place, allowed in (*grants, (Path(os.devnull), rights & _TO_FILES), _OFFICE):
            here = os.open(place, os.O_PATH | os.O_CLOEXEC)
            try:
                _call("syscall", _ADD, rules, 1, struct.pack("=Qi", allowed, here), 0)
            finally:
                os.close(here)
        _call("syscall", _RESTRICT, rules, 0)
    finally:
        os.close(rules)
    return True


def _seccomp() -> bool:
    """Refuse every socket but those between processes here, and refuse to connect those."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    refused = [(_EQUAL, number) for number in machine.refused]
    refused += [(_AT_LEAST, _X32)] if machine.audit == _MACHINES["x86_64"].audit else []
    after = len(refused)
    program = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 0, after + 5, machine.audit),
        (_LOAD, 0, 0, 0),  # the number of the call
        *((kind, after - at + 3, 0, number) for at, (kind, number) in enumerate(refused)),
        (_EQUAL, 0, 2, machine.socket),
        (_LOAD, 0, 0, 16),  # its first argument: the family
        (_EQUAL, 0, 1, _UNIX),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    held = ctypes.create_string_buffer(code, len(code))
    said = struct.pack("HxxxxxxP", len(program), ctypes.addressof(held))
    _call("syscall", machine.seccomp, _SET_FILTER, _ALL_THREADS, said)
    return True


def _call(name: str, *arguments: object) -> int:
    """Call a function of the C library. Raises OSError where it says no."""
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    done = int(getattr(_LIBC, name)(*wide))
    if done < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return done
