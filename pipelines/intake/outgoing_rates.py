"""The printed rates of a return that goes up: one formula for a form's rate, taken over the counts of a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import ClaimItem, Form, Term
from pipelines.catalog.models.measures import Edition
from pipelines.catalog.standards import preferred

Key = tuple[str, str]  # element, breakdown
Known = Callable[[Key], Decimal | None]


@dataclass(frozen=True)
class Formula:
    """The edition by which a rate is computed, and how it is rounded."""

    edition: Edition
    breakdown: str
    per: int
    decimals: int

    def rate(self, known: Known) -> Decimal | None:
        """The rate, half up at its decimals; None where a count is missing or the denominator is not above 0."""
        above, below = (self._sum(side, known) for side in (self.edition.numerator, self.edition.denominator))
        if above is None or below is None or below <= 0:
            return None
        return (above * self.per / below).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)

    def _sum(self, terms: Sequence[Term], known: Known) -> Decimal | None:
        total = Decimal(0)
        for term in terms:
            value = known((term.element, term.breakdown or self.breakdown))
            if value is None:
                return None
            total += value * term.factor
        return total


def formula_of(claim: ClaimItem, form: Form, catalog: Catalog, level: str, on: date) -> Formula | None:
    """The formula of a printed rate over the counts of the same row.

    Of the editions in force on the day whose every term is a figure of the form, the one whose standard the level
    shows first. None: there is none.
    """
    indicator = catalog.indicators[claim.indicator]
    printed = {(item.element, item.breakdown) for item in form.items}
    order = preferred(catalog, indicator.domain, level)
    fitting = [
        edition for edition in indicator.editions
        if (edition.valid_from is None or edition.valid_from <= on)
        and (edition.valid_to is None or on < edition.valid_to)
        and all(
            (term.period, term.level) == ("same", "own")
            and (term.element, term.breakdown or claim.breakdown) in printed
            for term in (*edition.numerator, *edition.denominator)
        )
    ]  # fmt: skip
    if not fitting:
        return None
    first = min(fitting, key=lambda edition: order.index(edition.standard))
    return Formula(first, claim.breakdown, indicator.per, claim.decimals)
