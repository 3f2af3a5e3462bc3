"""A sentence for people, in both languages the users speak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence, said in Chinese and in English."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return the sentence in ``language``."""
        return self.zh if language == "zh" else self.en


NOTHING = Message("", "")
