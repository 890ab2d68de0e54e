"""Errors that a user meets, each in Chinese and English, with the remedy.

`TaizhangError` is final: trying again without a change gives the same error.
`TryAgain` may pass by itself (locked, disk full for a moment): the same call may succeed later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent


class TaizhangError(Exception):
    """A failure that a user can mend: what happened and what to do next, in both languages.

    As text, which is how Dagster's pages show it, it speaks both.
    """

    def __init__(self, zh: str, en: str, *, remedy_zh: str = "", remedy_en: str = "") -> None:
        self.zh, self.en, self.remedy_zh, self.remedy_en = zh, en, remedy_zh, remedy_en

    def text(self, lang: str) -> str:
        r"""The message and its remedy in `lang` ('zh' or 'en').

        >>> TaizhangError("找不到", "not found", remedy_zh="请先 init", remedy_en="run init").text("en")
        'not found\n  → run init'
        """
        message, remedy = (self.zh, self.remedy_zh) if lang == "zh" else (self.en, self.remedy_en)
        return f"{message}\n  → {remedy}" if remedy else message

    def __str__(self) -> str:
        return f"{self.text('zh')}\n{self.text('en')}"


class TryAgain(TaizhangError):
    """A failure that may pass: another process holds the lock, the disk is full."""


@dataclass(frozen=True)
class Mistake:
    """A mistake in a file that people write: where, what is wrong, and what to do, in both languages.

    `line` counts from 1; 0 is the file as a whole.
    """

    file: str
    line: int
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str

    @property
    def place(self) -> str:
        """The file, with the line where one is known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def text(self, lang: str) -> str:
        r"""The place, the mistake and its remedy in `lang`.

        >>> Mistake("a.yaml", 3, "缺单位", "no unit", "加上 unit", "add unit").text("en")
        'a.yaml:3: no unit\n  → add unit'
        """
        what, remedy = (self.zh, self.remedy_zh) if lang == "zh" else (self.en, self.remedy_en)
        return f"{self.place}: {what}\n  → {remedy}"

    def __str__(self) -> str:
        return f"{self.place}: {self.zh} / {self.en} → {self.remedy_zh} / {self.remedy_en}"


class CatalogError(TaizhangError):
    """Mistakes in the catalog's files; every one with file, line and remedy."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        zh, en = ("\n".join(mistake.text(lang) for mistake in mistakes) for lang in ("zh", "en"))
        super().__init__(
            f"目录中有 {len(mistakes)} 处错误:\n{indent(zh, '  ')}",
            f"{len(mistakes)} mistake(s) in the catalog:\n{indent(en, '  ')}",
            remedy_zh="按上面给出的文件和行号改正后再运行;taizhang catalog check 只查不改。",
            remedy_en="mend the files at the lines given, then run again; taizhang catalog check only looks.",
        )
        self.mistakes = list(mistakes)
