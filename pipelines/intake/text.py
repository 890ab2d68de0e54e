"""Printed text made comparable."""

from __future__ import annotations

import unicodedata


def plain(value: object) -> str:
    """A cell's text: NFKC (full-width digits and signs become ASCII), outer blanks removed.

    >>> plain(" １２３％ ")
    '123%'
    """
    return unicodedata.normalize("NFKC", "" if value is None else str(value)).strip()


def label(value: object) -> str:
    r"""A label without blanks, line breaks and a trailing colon, so that printed variants compare equal.

    >>> label("产妇 系统\n管理率:")
    '产妇系统管理率'
    """
    return "".join(plain(value).split()).rstrip(":")
