"""From the codes of one national register to those of the next: by unique name within the parent.

The published lists name no successors. A code that is gone is taken for one that is new where both have the same name
below the same unit (whose own code may be new), and where in both lists only one unit there is so called. What is
left is told, never guessed: a guess by likeness would put one village's figures into another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.catalog.register import REGISTER

if TYPE_CHECKING:
    import polars as pl

DIFFERENCES_2023 = REGISTER / "differences_2021_2023.csv.gz"
SINCE_2023 = date(2023, 1, 1)  # the lists do not say on which day a code changed
LEVELS = {"county": 6, "township": 9}  # how much of a code names a unit of the level
ABOVE = {"county": 4, "township": 6}


@dataclass(frozen=True)
class Recoding:
    """What became of the units of a register.

    `mapped`: old_code, new_code, name, level. `gone` and `added`: code, name, level of those without counterpart.
    `ambiguous`: code, name, level of those whose name several units bear. `renamed`: code, name (the new one), level.
    """

    mapped: pl.DataFrame
    gone: pl.DataFrame
    added: pl.DataFrame
    ambiguous: pl.DataFrame
    renamed: pl.DataFrame


def read_differences(path: Path = DIFFERENCES_2023) -> pl.DataFrame:
    """The differences between two lists: level, change (added, removed, renamed), code (12 digits), both names."""
    import polars as pl

    return pl.read_csv(path, infer_schema=False).fill_null("")


def recode(differences: pl.DataFrame) -> Recoding:
    """Finds for each code that is gone the one that took its place, counties first, then what is below them."""
    import polars as pl

    names = ("code", "name", "level")
    removed = differences.filter(pl.col("change") == "removed").select(
        "code", pl.col("name_2021").alias("name"), "level"
    )
    added = differences.filter(pl.col("change") == "added").select("code", pl.col("name_2023").alias("name"), "level")
    parents, parts, doubtful = dict[str, str](), list[pl.DataFrame](), list[pl.DataFrame]()
    for level, digits in LEVELS.items():
        above = pl.col("code").str.head(ABOVE[level])
        old = removed.filter(pl.col("level") == level).with_columns(parent=above.replace(parents))
        new = added.filter(pl.col("level") == level).with_columns(parent=above)
        pairs = old.join(new, on=["parent", "name"], suffix="_new")
        single = (pl.len().over("code") == 1) & (pl.len().over("code_new") == 1)
        found = pairs.filter(single).select("name", "level", old_code="code", new_code="code_new")
        parts.append(found)
        doubtful.append(pairs.filter(~single).select(names).unique(maintain_order=True))
        parents = {old[:digits]: new[:digits] for old, new in found.select("old_code", "new_code").iter_rows()}
    mapped, ambiguous = pl.concat(parts).sort("old_code"), pl.concat(doubtful)
    known = [*mapped["old_code"], *ambiguous["code"]]
    return Recoding(
        mapped=mapped.select("old_code", "new_code", "name", "level"),
        gone=removed.filter(~pl.col("code").is_in(known)),
        added=added.filter(~pl.col("code").is_in(mapped["new_code"].to_list())),
        ambiguous=ambiguous,
        renamed=differences.filter(pl.col("change") == "renamed").select(
            "code", pl.col("name_2023").alias("name"), "level"
        ),
    )


def orgs_and_changes(divisions: pl.DataFrame, recoding: Recoding) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A register with the units of both lists, each in its days, and the changes between them.

    Args:
        divisions: code, name, level, parent ('' at the top) of the older list.
        recoding: what became of its units.

    Returns:
        Rows of an orgs.csv and of a changes.csv. A unit that is gone without counterpart ends that day; one that is
        new without counterpart begins.
    """
    import polars as pl

    since = pl.lit(SINCE_2023.isoformat())
    here = divisions.select("code", "name", "level", "parent").with_columns(pl.col("level").cast(pl.String))
    known = here["code"].implode()
    ended = [*recoding.mapped["old_code"], *recoding.gone["code"]]
    begun = pl.concat(
        [
            recoding.mapped.select(code="new_code", name="name", level="level"),
            recoding.added.select("code", "name", "level"),
        ]
    ).filter(~pl.col("code").is_in(known))
    width = pl.col("level").replace_strict(ABOVE, default=2)
    parent = pl.col("code").str.slice(0, width).str.pad_end(12, "0")
    begun = begun.with_columns(parent=parent, valid_from=since, valid_to=pl.lit(""))
    begun = begun.filter(pl.col("parent").is_in(pl.concat([here["code"], begun["code"]]).implode()))
    new_names = recoding.renamed.filter(pl.col("code").is_in(known)).select("code", new_name="name")
    named = here.join(new_names, on="code", how="left", maintain_order="left")
    # The list gives prefectures without counties once more as a county (441900 辖区); its new name is theirs already.
    named = named.with_columns(new_name=pl.when(pl.col("new_name") != pl.col("name")).then("new_name"))
    closes = pl.col("code").is_in(ended) | pl.col("new_name").is_not_null()
    old = named.with_columns(valid_from=pl.lit(""), valid_to=pl.when(closes).then(since).otherwise(pl.lit("")))
    again = named.filter(pl.col("new_name").is_not_null()).with_columns(
        name="new_name", valid_from=since, valid_to=pl.lit("")
    )
    columns = ["code", "name", "level", "parent", "valid_from", "valid_to"]
    orgs = pl.concat([part.select(columns) for part in (old, again, begun)]).sort(
        "code", "valid_from", maintain_order=True
    )
    changes = recoding.mapped.filter(
        pl.col("old_code").is_in(orgs["code"].implode()) & pl.col("new_code").is_in(orgs["code"].implode())
    ).select(
        "old_code", "new_code", date=since, kind=pl.lit("recode"), weight=pl.lit("1"), note=pl.lit("同名 unique name")
    )
    return orgs, changes
