"""Who may use the screen: names on this machine; accounts or a token for everyone else."""

from __future__ import annotations

import ipaddress
import json
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from document.errors import InputError
from document.message import Message
from pipeline.writing import write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from review.leases import Spot

SESSION_SECONDS = 12 * 3600
_SHORTEST_SECRET = 10
_FAILURES, _FAILURE_SECONDS = 8, 60.0
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Access:
    """What people must know to come in. Without accounts and token a name will do.

    ``accounts`` are names with hashes of their passwords.
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether a name will do."""
        return not self.accounts and self.token is None


@dataclass(slots=True)
class Session:
    """Somebody at a screen."""

    person: str
    csrf: str
    until: float
    skipped: set[Spot] = field(default_factory=set)

    def owns(self, csrf: str) -> bool:
        """Tell whether a request carries what only pages of this session hold."""
        return secrets.compare_digest(self.csrf.encode(), csrf.encode())


class Sessions:
    """Who is signed in. A restart forgets them, and nothing else."""

    def __init__(self, access: Access) -> None:
        """Nobody is signed in yet."""
        self.access = access
        self._sessions: dict[str, Session] = {}
        self._failures: deque[float] = deque()
        self._lock = threading.Lock()
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def sign_in(self, name: str, secret: str) -> tuple[str, Session] | None:
        """Return the key of a new session; None where name and secret do not fit."""
        if not self.knows(name, secret):
            return None
        person = _person(name)
        key = secrets.token_urlsafe(32)
        session = Session(person, secrets.token_urlsafe(32), time.monotonic() + SESSION_SECONDS)
        with self._lock:
            now = time.monotonic()
            self._sessions = {k: s for k, s in self._sessions.items() if s.until > now}
            self._sessions[key] = session
        return key, session

    def knows(self, name: str, secret: str) -> bool:
        """Tell whether name and secret fit; a failure is remembered."""
        person = _person(name)
        if person and person.isprintable() and self._fits(person, secret):
            return True
        with self._lock:
            self._failures.append(time.monotonic())
        return False

    @property
    def exhausted(self) -> bool:
        """Whether so many failed of late that everybody has to wait."""
        with self._lock:
            while self._failures and self._failures[0] < time.monotonic() - _FAILURE_SECONDS:
                self._failures.popleft()
            return len(self._failures) >= _FAILURES

    def find(self, key: str | None) -> Session | None:
        """Return the session of a key, while it lasts."""
        with self._lock:
            session = self._sessions.get(key or "")
            return session if session and session.until > time.monotonic() else None

    def sign_out(self, key: str | None) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(key or "", None)

    def _fits(self, person: str, secret: str) -> bool:
        if self.access.is_open:
            return True
        if self.access.accounts:
            # a name that is not there takes as long as a wrong password
            expected = self.access.accounts.get(person, self._nobody)
            try:
                return self._hasher.verify(expected, secret) and person in self.access.accounts
            except (VerificationError, InvalidHashError):
                return False
        return secrets.compare_digest((self.access.token or "").encode(), secret.encode())


def _person(name: str) -> str:
    return " ".join(name.split())[:_LONGEST_NAME]


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_reach(host: str, behind: str | None, access: Access) -> None:
    """Raise InputError where others could come in without accounts or a token.

    ``behind`` is the name of a proxy that lets others in.
    """
    if access.is_open and (behind is not None or not is_loopback(host)):
        reached = behind or host
        raise InputError(
            "open-door",
            Message(
                f"{reached} 可从其他机器访问，须先设账户（--accounts）或令牌（GOUJI_REVIEW_TOKEN）",
                f"{reached} can be reached from other machines: that wants accounts (--accounts)"
                " or a token (GOUJI_REVIEW_TOKEN)",
            ),
        )


def token_of(text: str | None) -> str | None:
    """Return a token as given; raises InputError for one that could be guessed."""
    token = (text or "").strip() or None
    if token is not None and len(token) < _SHORTEST_SECRET:
        raise _too_short()
    return token


def read_accounts(path: Path) -> dict[str, str]:
    """Return the accounts of a file. Raises InputError where it is none."""
    try:
        said = json.loads(path.read_text("utf-8"))
        accounts = {str(name): str(hashed) for name, hashed in said["accounts"].items()}
    except OSError as error:
        cause = error.strerror or ""
        raise InputError("accounts", Message(f"{path}：{cause}", f"{path}: {cause}")) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        said = Message(f"{path} 不是账户文件", f"{path} is no file of accounts")
        raise InputError("accounts", said) from error
    return accounts


def add_account(path: Path, name: str, password: str) -> None:
    """Add an account to a file, or change its password; only its owner may read the file."""
    person = " ".join(name.split())
    if len(password) < _SHORTEST_SECRET:
        raise _too_short()
    accounts = read_accounts(path) if path.exists() else {}
    accounts[person] = PasswordHasher().hash(password)
    content = json.dumps({"accounts": accounts}, ensure_ascii=False, indent=1)
    write(path, f"{content}\n".encode())
    path.chmod(0o600)


def _too_short() -> InputError:
    return InputError(
        "short-secret",
        Message(
            f"口令与令牌至少 {_SHORTEST_SECRET} 个字符",
            f"passwords and tokens have at least {_SHORTEST_SECRET} characters",
        ),
    )
