"""What files would be questioned about if they were the only ones: the night's own selects on a warehouse in memory.

Nothing of a site is read or written but its catalog and its register, and of the register only the units that the
files name, all below them and all above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipelines.catalog.load import Catalog
from pipelines.catalog.orgs import Register
from pipelines.intake.problems import Problem, remedy
from pipelines.intake.tables import Table
from pipelines.sql import materialise, needed
from pipelines.warehouse.batch import Batch, Delivery
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.rows import insert
from pipelines.warehouse.writer import open_warehouse

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


def findings(files: Sequence[Sequence[Table]], catalog: Catalog, clock: datetime) -> list[list[Problem]]:
    """What a night would find in the tables of each file, were they all that a site ever received.

    Args:
        files: the tables of each file, in the order in which the files would be taken.
        catalog: the site's.
        clock: when that night would be (UTC).
    """
    accepted = [table for tables in files for table in tables if table.refusal is None]
    if not accepted:
        return [[] for _ in files]
    small = narrowed(catalog, accepted)
    at = clock.replace(tzinfo=None)
    with open_warehouse(IN_MEMORY, small, "trial", fresh=True) as con:
        con.execute("begin")
        batch = Batch(con, Keys(small), accepted)
        for number, tables in enumerate(files):
            for table in tables:
                if table.refusal is None:
                    batch.add(table, Delivery(f"{number:06d}", str(number), at, at))
        batch.write()
        insert(con, "run.night", [(at,)])
        con.execute("commit")
        for select in needed("run.scope", FINDINGS).values():
            materialise(con, select)
        rows = con.execute(QUERY).fetchall()
    found: list[list[Problem]] = [[] for _ in files]
    for receipt, *said in rows:
        found[int(receipt)].append(_problem(*(text or "" for text in said)))
    return found


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
