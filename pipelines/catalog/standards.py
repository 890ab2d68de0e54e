"""Which standard a level shows first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog


def preferred(catalog: Catalog, domain: str, level: str) -> list[str]:
    """All standards in the order in which a level prefers them in a domain, by the most specific entry first."""
    fits = [d for d in catalog.default_standards.values() if d.domain in (domain, "*") and d.level in (level, "*")]
    fits.sort(key=lambda d: (d.level == "*", d.domain == "*"))
    return list(dict.fromkeys([s for d in fits for s in d.order] + sorted(catalog.standards)))
