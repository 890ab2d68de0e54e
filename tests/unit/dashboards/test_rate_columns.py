"""A share is written in one way: in tables, beside marks, in sentences."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.figures.rates import tooltip
from dashboards.rate_columns import coverage
from tests.release_tables import RATE
from tests.unit.dashboards.drawn import speaking

ROW = RATE | {
    "standard_zh": "口径",
    "standard_en": "standard",
    "breakdown_name_en": "",
    "state_reason": "",
    "target": None,
}
SHARES = [(0.99996, "99.9%"), (0.0625, "6.3%"), (1.0, "100%"), (None, "–")]


@pytest.mark.parametrize(("part", "said"), SHARES)
def test_a_coverage_is_the_same_in_a_table_and_at_a_mark(part: float | None, said: str) -> None:
    visit = speaking("en")
    row: dict[str, Any] = ROW | {"coverage": part}
    assert coverage(row, visit) == said
    assert f"coverage {said} · " in tooltip(row, "en")
