"""The command's two languages: which one to speak, and how to say it."""

from __future__ import annotations

import locale
import os
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
    """The path of this command from here, so that a hint can be pasted also where uv and .venv are not on the PATH."""
    path = Path(sys.argv[0])
    return os.path.relpath(path) if path.name == "taizhang" and path.is_file() else "uv run taizhang"


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
