"""Printed text made comparable."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def plain(value: object) -> str:
    """A cell's text: NFKC (full-width digits and signs become ASCII), outer blanks removed; 2014.0 is '2014'.

    >>> plain(" １２３％ "), plain(2014.0), plain(None)
    ('123%', '2014', '')
    """
    return unicodedata.normalize("NFKC", shown(value)).strip()


def shown(value: object) -> str:
    """A cell's value as a sheet shows it: a whole number without '.0'.

    >>> shown(19.0), shown("19.0"), shown(0.5)
    ('19', '19.0', '0.5')
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def label(value: object) -> str:
    r"""A label without blanks, line breaks and a trailing colon, so that printed variants compare equal.

    >>> label("产妇 系统\n管理率:")
    '产妇系统管理率'
    """
    return _label(value) if isinstance(value, str) else "".join(plain(value).split()).rstrip(":")


@lru_cache(maxsize=1 << 16)
def _label(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip(":")


def path(text: str) -> str:
    """A label of merged headings in one form: 'a > b', each part without blanks.

    >>> path("产前 保健>早孕检查")
    '产前保健>早孕检查'
    """
    return ">".join(label(part) for part in plain(text).split(">") if label(part))
