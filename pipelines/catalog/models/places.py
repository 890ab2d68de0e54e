"""Organisations and what became of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pipelines.catalog.models.base import Entry, Level


class Org(Entry):
    """An organisation: division code, institution `<area>-<slug>`, or surrogate `x-<slug>` (masked in the source).

    `synthetic`: whatever is reported for it is made up, however real its name.
    """

    code: Annotated[str, Field(pattern=r"^(\d{12}|x-[a-z0-9-]+)(-[a-z0-9-]+)?$")]
    name: str
    level: Level
    parent: str = ""
    kind: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    synthetic: bool = False
