"""The command's two languages: which one to speak, and how to say it."""

from __future__ import annotations

import locale
import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path


class Lang(StrEnum):
    """A language that the command speaks."""

    zh = "zh"
    en = "en"


class Format(StrEnum):
    """For people, or for programs."""

    text = "text"
    json = "json"


def default_lang() -> Lang:
    """Chinese where the locale is Chinese, else English."""
    for name in ("TAIZHANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return Lang.zh if value.lower().startswith("zh") else Lang.en
    return Lang.zh if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else Lang.en


def command() -> str:
    """How this command was reached, so that a hint can be pasted: `taizhang`, or the path of the checkout's own."""
    path = Path(sys.argv[0])
    if path.name != "taizhang" or not path.is_file():
        return "uv run taizhang"
    return "taizhang" if shutil.which("taizhang") else os.path.relpath(path)


def printable(text: str) -> str:
    r"""The text of a sender, with line breaks and a terminal's control characters made visible.

    >>> printable("a\nb\x1b[2J 表")
    'a\\nb\\x1b[2J 表'
    """
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def say(lang: Lang, zh: str, en: str) -> str:
    """The text in the language.

    >>> say(Lang.en, "发布", "release")
    'release'
    """
    return zh if lang is Lang.zh else en
