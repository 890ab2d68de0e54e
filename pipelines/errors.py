"""Errors that a user meets, each in Chinese and English, with the remedy.

`TaizhangError` is final: trying again without a change gives the same error.
`TryAgain` may pass by itself (locked, disk full for a moment): the same call may succeed later.
"""

from __future__ import annotations


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


class CatalogError(TaizhangError):
    """Mistakes in the catalog's files; every one with file, line and remedy."""

    def __init__(self, mistakes: list[str]) -> None:
        lines = "\n  ".join(mistakes)
        super().__init__(
            f"目录中有 {len(mistakes)} 处错误:\n  {lines}",
            f"{len(mistakes)} mistake(s) in the catalog:\n  {lines}",
            remedy_zh="按上面给出的文件和行号改正后再运行。",
            remedy_en="mend the files at the lines given, then run again.",
        )
        self.mistakes = mistakes
