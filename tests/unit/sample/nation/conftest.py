"""What the tests of the nation share: the register, the layout, and one fraction with its figures, drawn once."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.register import read_divisions
from pipelines.sample.nation.drawing import draw_villages
from pipelines.sample.nation.parquet import Province, provinces
from pipelines.sample.nation.returns import Layout, layout_of
from pipelines.settings import SHIPPED_CATALOG

SEED = 2014
MONTH = date(2026, 10, 1)
FRACTION = 0.02  # 12 thousand villages


@pytest.fixture(scope="session")
def shipped() -> Catalog:
    return load_catalog(SHIPPED_CATALOG)


@pytest.fixture(scope="session")
def register() -> pl.DataFrame:
    return read_divisions()


@pytest.fixture(scope="session")
def layout(shipped: Catalog) -> Layout:
    return layout_of(shipped)


@pytest.fixture(scope="session")
def villages(register: pl.DataFrame) -> pl.DataFrame:
    return draw_villages(FRACTION, SEED, register)


@pytest.fixture(scope="session")
def drawn(villages: pl.DataFrame, layout: Layout) -> list[Province]:
    return list(provinces(villages, SEED, layout, MONTH))


@pytest.fixture(scope="session")
def figures(drawn: list[Province], layout: Layout) -> pl.DataFrame:
    """Every drawn figure as sent last: villages × elements, whatever is missing or blank."""
    return pl.DataFrame(np.concatenate([p.returns.figures for p in drawn]), schema=list(layout.elements))
