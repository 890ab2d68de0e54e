"""Names of files: which are returns, and how a name that others wrote is read."""

from __future__ import annotations

import re
from pathlib import PurePath

HALF = frozenset(
    (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".downloading", ".opdownload",
     ".td", ".xltd", ".aria2")
)  # fmt: skip
# What Windows, macOS and file servers put into every folder.
JUNK = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"))
JUNK_FOLDERS = frozenset(
    ("$recycle.bin", "recycler", "system volume information", "#recycle", "@eadir", "__macosx", "lost+found")
)
CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def is_return(name: PurePath) -> bool:
    """Whether a file of this path below the inbox, or in an archive, may be a return.

    >>> [is_return(PurePath(name)) for name in ("a/表.xlsx", "~$表.xlsx", ".DS_Store", "a/Thumbs.db", "a.xlsx.part")]
    [True, False, False, False, False]
    """
    return not (
        any(part.startswith((".", "~$")) for part in name.parts)
        or any(part.lower() in JUNK_FOLDERS for part in name.parts[:-1])
        or name.name.lower() in JUNK
        or name.suffix.lower() in HALF
    )


def printable(name: str) -> str:
    r"""A name without control characters and marks of direction: it is printed to terminals and pages.

    >>> printable("表\x1b[2J一")
    '表�[2J一'
    """
    return CONTROL.sub("\ufffd", name)


def member_name(name: str, is_utf8: bool) -> str:
    """The name of a file in a zip; one that does not say UTF-8 was written by a Chinese Windows, or is UTF-8 after all.

    >>> member_name("月报.csv".encode("gb18030").decode("cp437"), is_utf8=False)
    '月报.csv'
    """
    if is_utf8 or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "backslashreplace")
