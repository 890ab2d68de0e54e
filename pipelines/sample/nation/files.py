"""A nation as files: the register of the drawn units, who owes what, the returns, and what was broken on purpose."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.catalog.load import load_catalog
from pipelines.catalog.register import NATION, read_divisions
from pipelines.sample.nation.drawing import draw_villages
from pipelines.sample.nation.parquet import Province, provinces, write_province
from pipelines.sample.nation.returns import DUE_DAYS, FORMS, Layout, layout_of
from pipelines.sample.places import MARK
from pipelines.settings import SHIPPED_CATALOG

ORG_COLUMNS = ("code", "name", "level", "parent", "kind", "aliases", "valid_from", "valid_to", "synthetic")
CORRECTION_COLUMNS = (
    "org_code", "period_code", "form_code", "element_code", "breakdown_code", "found", "value", "why", "who", "until",
)  # fmt: skip
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Nation:
    """What is to be drawn: a share of the villages, a seed, and the months, each by its first day."""

    fraction: float
    seed: int
    months: tuple[date, ...]

    @property
    def made_by(self) -> str:
        """The command that draws it again."""
        first = f"{self.months[0]:%Y-%m}"
        return (
            f"taizhang sample --nation {self.fraction:g} --month {first} --months {len(self.months)} --seed {self.seed}"
        )


@dataclass(frozen=True)
class Drawn:
    """A nation's units: `villages` as `draw_villages` gives them, and the forms that they fill in."""

    nation: Nation
    villages: pl.DataFrame
    layout: Layout

    @property
    def townships(self) -> int:
        """How many townships send returns."""
        return self.villages.filter("drawn")["township"].n_unique()

    def by_province(self) -> Iterator[tuple[date, Province]]:
        """The returns, month by month and province by province."""
        for month in self.nation.months:
            for province in provinces(self.villages, self.nation.seed, self.layout, month):
                yield month, province


def draw(nation: Nation) -> Drawn:
    """The units of a nation; no figure is drawn yet.

    Raises:
        ValueError: no such fraction.
    """
    return Drawn(nation, draw_villages(nation.fraction, nation.seed), layout_of(load_catalog(SHIPPED_CATALOG)))


def organisations(drawn: Drawn) -> pl.DataFrame:
    """The drawn villages and every unit above them, with the columns of a site's orgs.csv.

    Every name carries (合成) and every unit is synthetic, since all that is reported for it is made up.
    """
    divisions = read_divisions().with_columns(pl.col("level").cast(pl.String), pl.col("parent").fill_null(NATION[0]))
    villages = drawn.villages.filter("drawn")
    wanted = {*villages["code"], *(above := set(villages["township"]))}
    parents = dict(divisions.filter(pl.col("level") != "village").select("code", "parent").iter_rows())
    while above := {parents[code] for code in above} - {NATION[0]}:
        wanted |= above
    top = pl.DataFrame({"code": NATION[0], "name": NATION[1], "level": "nation", "parent": ""})
    found = divisions.filter(pl.col("code").is_in(list(wanted)))
    return pl.concat([top, found]).select(
        "code",
        pl.col("name") + MARK,
        "level",
        "parent",
        kind=pl.when(pl.col("level") == "nation").then(pl.lit("nation")).otherwise(pl.lit("division")),
        **{name: pl.lit("") for name in ("aliases", "valid_from", "valid_to")},
        synthetic=pl.lit("true"),
    )


def roster_yaml(nation: Nation) -> str:
    """Every township owes every form for every month, ten days after its end."""
    periods = ", ".join(f"'{month:%Y-%m}'" for month in nation.months)
    head = f"# 全国样本(合成): who owes which form; made by: {nation.made_by}\n"
    owed = f"scope: '{NATION[0]}', level: township, periods: [{periods}], due_days: {DUE_DAYS}"
    return head + "".join(f"sample_nation_{form}: {{form: {form}, {owed}}}\n" for form in FORMS)


def write_parquet(inbox: Path, drawn: Drawn, progress: Progress = lambda _: None) -> tuple[int, int, list[list[str]]]:
    """Writes a file for each province and month below the province's folder.

    Returns:
        How many files, how many rows, and what was broken on purpose (rows of `CORRECTION_COLUMNS`).
    """
    files, rows, planted = 0, 0, list[list[str]]()
    for month, province in drawn.by_province():
        progress(f"{month:%Y-%m} {province.code}")
        path = inbox / province.code / f"village_returns_{month:%Y-%m}.parquet"
        rows += write_province(path, province, drawn.layout, month)
        files += 1
        planted += corrections(province, drawn.layout, month)
    return files, rows, planted


def corrections(province: Province, layout: Layout, month: date) -> list[list[str]]:
    """What was broken on purpose, as corrections that would put it right."""
    found = []
    for broken in province.returns.planted:
        form = layout.forms[layout.form_of[broken.part]]
        stated = str(province.returns.figures[broken.village, broken.part])
        code, element = province.villages[broken.village], layout.elements[broken.part]
        found.append([code, f"{month:%Y-%m}", form, element, "", stated, str(broken.true), broken.rule, MARK, ""])
    return found


def write_planted(path: Path, planted: list[list[str]]) -> None:
    """Writes what was broken on purpose, in the layout of declared corrections."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([CORRECTION_COLUMNS, *planted])
