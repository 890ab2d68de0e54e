"""What a page is: a key, a title, what can be chosen on it, and a function from a visit to its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards.cards import Card
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

Part = Any  # a Card, or a Dash component


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen on a page; what is chosen stands in the address under its name.

    Attributes:
        name: in the address.
        title: its label.
        options: from a visit to (value, text) pairs, or (value, text, heading of its group).
        blank: what is shown where nothing is chosen; None where something always is.
        shown: what is chosen where the address says nothing.
    """

    name: str
    title: Words
    options: Callable[[Visit], Sequence[tuple[str, ...]]]
    blank: Words | None = None
    shown: Callable[[Visit], str] = lambda _: ""


@dataclass(frozen=True)
class Content:
    """What a page says for a visit.

    Attributes:
        title: its heading.
        parts: cards and other components, in their order.
    """

    title: Words
    parts: Sequence[Part]

    def card(self, key: str) -> Card | None:
        """A card by its key."""
        return next((part for part in self.parts if isinstance(part, Card) and part.key == key), None)


@dataclass(frozen=True)
class Page:
    """A page of the application.

    Attributes:
        key: in the address; '' is the first page.
        title: in the menu.
        content: from a visit to its parts.
        choices: what can be chosen on it, besides unit and period.
        has_period: whether a period is chosen.
        names: names in its address that no box stands for (a sorting, the first row of a long table).
    """

    key: str
    title: Words
    content: Callable[[Visit], Content]
    choices: tuple[Choice, ...] = ()
    has_period: bool = True
    names: tuple[str, ...] = field(default_factory=tuple)

    @property
    def known(self) -> tuple[str, ...]:
        """The names that its address may hold."""
        return (*(choice.name for choice in self.choices), *self.names)
