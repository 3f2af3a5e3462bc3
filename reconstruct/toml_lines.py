"""In which line of a TOML file something stands; the parser of the standard library does not say.

The text must be valid TOML already. What this scanner does not know has no line; nothing else
depends on it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions (from 0) that lead to a value: ("tables", 0, "print", 3, 1)."""

_TOKEN = re.compile(
    r'(?P<string>"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\')'
    r"|(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<sign>[\[\]{},=.])|(?P<bare>[^\s\[\]{},=.#\"']+)",
    re.DOTALL,
)


def line_numbers(text: str) -> Mapping[Path, int]:
    """Return the line (from 1) at which each key, table and list element begins."""
    return _Scan(text).lines


class _Scan:
    """One pass over the words of a file."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self.arrays: Counter[Path] = Counter()
        self.words = list(_tokens(text))
        self.at = 0
        self.table: Path = ()
        while self.at < len(self.words):
            self._statement()

    def _peek(self) -> str:
        return self.words[self.at][0] if self.at < len(self.words) else "\n"

    def _statement(self) -> None:
        word, line = self.words[self.at]
        if word == "\n":
            self.at += 1
            return
        if word == "[":
            double = self.words[self.at + 1][0] == "["
            self.at += 1 + double
            keys = self._keys("]")
            self.at += 1 + double
            self.table = self._resolved(keys, new=double)
            self.lines.setdefault(self.table, line)
            return
        self._pair(self.table, line)

    def _pair(self, table: Path, line: int) -> None:
        path = (*table, *self._keys("="))
        self.lines.setdefault(path, line)
        self.at += 1
        self._value(path)

    def _keys(self, end: str) -> list[str]:
        keys = []
        while self._peek() not in {end, "\n"}:
            word, _ = self.words[self.at]
            if word != ".":
                keys.append(word[1:-1] if word[0] in "\"'" else word)
            self.at += 1
        return keys

    def _resolved(self, keys: list[str], *, new: bool) -> Path:
        """Return the path of a table header; its last array of tables grows where ``new``."""
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if new and number == len(keys) - 1:
                self.lines.setdefault(path, self.words[self.at - 1][1])
                self.arrays[path] += 1
            if self.arrays[path]:
                path = (*path, self.arrays[path] - 1)
        return path

    def _value(self, path: Path) -> None:
        word = self._peek()
        if word == "[":
            self._list(path)
        elif word == "{":
            self.at += 1
            while self._peek() != "}":
                if self._peek() in {",", "\n"}:
                    self.at += 1
                else:
                    self._pair(path, self.words[self.at][1])
            self.at += 1
        else:
            while self._peek() not in {"\n", ",", "]", "}"}:
                self.at += 1

    def _list(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self._peek() != "]":
            if self._peek() in {",", "\n"}:
                self.at += 1
                continue
            self.lines[*path, number] = self.words[self.at][1]
            self._value((*path, number))
            number += 1
        self.at += 1


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for match in _TOKEN.finditer(text.replace("\r\n", "\n")):
        word = match[0]
        if match.lastgroup != "comment":
            yield word, line
        line += word.count("\n")
