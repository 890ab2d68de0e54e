"""What files would be questioned about if they were the only ones: the night's own selects on a warehouse in memory.

Nothing of a site is read or written but its catalog and its register, and of the register only the units that the
files name, all below them and all above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipelines.catalog.load import Catalog
from pipelines.catalog.orgs import Register
from pipelines.intake.problems import Problem, refused, remedy
from pipelines.intake.tables import Refusal, Table
from pipelines.sql import materialise, needed
from pipelines.warehouse.batch import Batch, Delivery
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.rows import insert
from pipelines.warehouse.writer import open_warehouse, transaction

Connection = duckdb.DuckDBPyConnection
FINDINGS = "quality.return_finding"
IN_MEMORY = Path(":memory:")
# A rule that looks back, or at rows below, and takes what is missing for 0, would ask about what the files do not hold.
QUERY = """
    select sent.receipt_id, found.rule_code, found.severity, found.sheet, found.cells, found.message_zh,
        found.message_en, found.form_code, found.period_code, found.org_code, found.elements, found.observed,
        found.expected
    from quality.return_finding as found
    inner join intake.submission as sent on found.submission_id = sent.submission_id
    where not (
        found.severity = 'question' and found.rule_code in (
            select rule.rule_code from catalog.rule as rule inner join catalog.rule_term as term using (rule_key)
            where rule.when_missing = 'zero' and (term.term_period <> 'same' or term.term_level <> 'own')
        )
    )
    order by sent.submission_key, found.rule_code, found.cells, found.elements"""


def findings(files: Sequence[Sequence[Table] | Path], catalog: Catalog, clock: datetime) -> list[list[Problem]]:
    """What a night would find in each file, were they all that a site ever received.

    Args:
        files: the tables of each file, in the order in which the files would be taken; of Parquet, which is read while
            it is loaded, its path.
        catalog: the site's.
        clock: when that night would be (UTC).
    """
    found: list[list[Problem]] = [[] for _ in files]
    accepted = [table for one in files if not isinstance(one, Path) for table in one if table.refusal is None]
    bulk = any(isinstance(one, Path) for one in files)
    if not accepted and not bulk:
        return found
    small = catalog if bulk else narrowed(catalog, accepted)
    at = clock.replace(tzinfo=None)
    with open_warehouse(IN_MEMORY, small, "trial", fresh=True) as con:
        insert(con, "run.night", [(at,)])
        for _, together in groupby(enumerate(files), lambda numbered: isinstance(numbered[1], Path)):
            _load(con, small, [(Delivery(f"{n:06d}", str(n), at, at), one) for n, one in together], found)
        for select in needed("run.scope", FINDINGS).values():
            materialise(con, select)
        rows = con.execute(QUERY).fetchall()
    for receipt, *said in rows:
        found[int(receipt)].append(_problem(*(text or "" for text in said)))
    return found


def _load(con: Connection, catalog: Catalog, files: Sequence[tuple[Delivery, Any]], found: list[list[Problem]]) -> None:
    """Loads files, Parquet or others; what is refused of Parquet goes to `found`."""
    others = [(delivery, table) for delivery, one in files if not isinstance(one, Path) for table in one]
    accepted = [(delivery, table) for delivery, table in others if table.refusal is None]
    with transaction(con):
        batch = Batch(con, Keys(catalog), [table for _, table in accepted])
        for delivery, table in accepted:
            batch.add(table, delivery)
        batch.write()
    for delivery, one in files:
        if isinstance(one, Path):
            found[int(delivery.receipt_id)] += _load_bulk(con, catalog, one, delivery)


def _load_bulk(con: Connection, catalog: Catalog, path: Path, delivery: Delivery) -> list[Problem]:
    """Loads a Parquet file; gives what was refused of it, or that it was refused."""
    from pipelines.warehouse.bulk.load import load_parquet

    try:
        with transaction(con):
            _, refusals = load_parquet(con, catalog, path, delivery)
    except Refusal as told:
        refusals = [told]
    return [refused(told) for told in refusals]


def _problem(rule: str, severity: str, sheet: str, cells: str, zh: str, en: str, *about: str) -> Problem:
    places = tuple(filter(None, re.split("[,=+]", cells)))
    *where, observed, expected = about
    numbers = rule.startswith("total_") or rule in ("stated_twice", "sources_disagree")
    plain = (_without_zeros(text) if numbers else text for text in (observed, expected))
    return Problem(severity, rule, sheet, places, zh, en, *remedy(rule, expected), *where, *plain)


def _without_zeros(number: str) -> str:
    """A number of the warehouse without the zeros behind its point.

    >>> _without_zeros("<= 1550.0000"), _without_zeros("0.2500"), _without_zeros("100")
    ('<= 1550', '0.25', '100')
    """
    return re.sub(r"(\.\d*?)0+$", r"\1", number).removesuffix(".")


def narrowed(catalog: Catalog, tables: Iterable[Table]) -> Catalog:
    """The catalog with the units alone that tables name, all below these and all above them, and nothing owed."""
    import polars as pl

    orgs = catalog.orgs if isinstance(catalog.orgs, Register) else Register.of(catalog.orgs.values())
    wanted = set(_around(orgs, {code for table in tables for code in _named(table)}))
    register = Register(orgs.table.filter(pl.col("code").is_in(list(wanted))))
    return replace(catalog, orgs=register, changes=(), roster={}, targets={}, obligations={})


def _named(table: Table) -> Iterator[str]:
    yield from (table.org, table.reported_by)
    yield from (fact.org for fact in table.facts)
    yield from (claim.org for claim in table.claims)


def _around(orgs: Register, codes: set[str]) -> Iterator[str]:
    """The units, all that ever stood below them, and whatever stood above any of these."""
    waiting, below = list(codes), set[str]()
    while waiting:
        code = waiting.pop()
        if code not in below:
            below.add(code)
            waiting += [org.code for org in orgs.below(code)]
    above = set[str]()
    waiting = [org.parent for code in below for org in orgs.versions(code)]
    while waiting:
        code = waiting.pop()
        if code and code not in above:
            above.add(code)
            waiting += [org.parent for org in orgs.versions(code)]
    yield from below
    yield from above
