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
        is_of_all: whether it is about all units of the release, whichever is chosen.
    """

    title: Words
    parts: Sequence[Part]
    is_of_all: bool = False

    def card(self, key: str) -> Card | None:
        """A card by its key."""
        return next((part for part in self.parts if isinstance(part, Card) and part.key == key), None)


@dataclass(frozen=True)
class Subject:
    """What a state of a page is about: so say its heading, the line of its standing and the names of its files.

    Attributes:
        org: the unit, a row of shell/path.sql; None where it is about all units, or the release has no figure.
        period: a row of shell/periods.sql; None where it is about no period.
        is_of_all: whether it is about all units of the release.
    """

    org: dict[str, Any] | None
    period: dict[str, Any] | None
    is_of_all: bool = False

    def text(self, visit: Visit) -> str:
        """The unit and the period, as they stand beside a heading."""
        all_units = visit.t("本发布的全部单位", "all units of this release") if self.is_of_all else ""
        unit = str(self.org["org_name"]) if self.org else all_units
        return " · ".join(filter(None, (unit, str(self.period["period_code"]) if self.period else "")))

    @property
    def codes(self) -> tuple[str, ...]:
        """The unit and the period, as they stand in the names of files."""
        unit = str(self.org["org_code"]) if self.org else "all" if self.is_of_all else ""
        return tuple(filter(None, (unit, str(self.period["period_code"]) if self.period else "")))


@dataclass(frozen=True)
class Page:
    """A page of the application.

    Attributes:
        key: in the address; '' is the first page.
        title: in the menu.
        content: from a visit to its parts.
        choices: what can be chosen on it, besides unit and period.
        has_period: whether a period is chosen; without one the page is about all periods.
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

    def subject(self, content: Content, visit: Visit) -> Subject:
        """What it is about in a visit."""
        return Subject(
            None if content.is_of_all else visit.org, visit.period if self.has_period else None, content.is_of_all
        )
