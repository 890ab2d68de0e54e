"""The national register of divisions that is shipped with the project: data/register/, cited beside the file.

Reading all 663,128 divisions takes 0.2 s and 80 MiB. A site's own organisations stand in its catalog/orgs.csv.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.settings import CHECKOUT

if TYPE_CHECKING:
    import polars as pl

REGISTER = CHECKOUT / "data" / "register"
DIVISIONS_2021 = REGISTER / "divisions_2021.csv.gz"
NATION = ("000000000000", "全国")  # what stands above the provinces; the register itself begins with them
LEVELS = ("province", "prefecture", "county", "township", "village")


def read_divisions(path: Path = DIVISIONS_2021) -> pl.DataFrame:
    """Every division of a register file, in the order of the codes within each level.

    Returns:
        One row per division: `code` (12 digits), `name` as published (characters outside the BMP and of the
        private-use area too), `level` (one of `LEVELS`), `parent` (null for a province).
    """
    import polars as pl

    kinds = {"code": pl.String(), "name": pl.String(), "level": pl.Enum(LEVELS), "parent": pl.String()}
    return pl.read_csv(path, schema=kinds)
