"""Computing periods anew from what was received: which periods, whether their files are intact, what is made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb

from pipelines.catalog.periods import Period, parse_code
from pipelines.errors import TaizhangError
from pipelines.settings import Home
from pipelines.warehouse.files import sha256_file
from pipelines.warehouse.writer import transaction

TOLD = 10  # damaged files named
STATED = (
    "select org_key, period_key from store.fact_history union select org_key, period_key from store.claim_history "
    "union select org_key, period_key from intake.submission inner join core.org_unit using (org_code) "
    "inner join core.period using (period_code) where state = 'accepted' "
    "union select org_key, period_key from intake.correction"
)
COMPUTED = "select distinct org_key, period_key from store.indicator_figure"
FILES = """
    with parts as (select unnest(?::bigint[]) as period_key),
    sent as (
        select submission_key from store.fact_history where period_key in (from parts)
        union select submission_key from store.claim_history where period_key in (from parts)
        union select submission_key from intake.correction where period_key in (from parts)
        union
        select submission_key from intake.submission inner join core.period using (period_code)
        where period_key in (from parts)
    )
    select receipt.file_id, min(receipt.sender), min(receipt.filename), min(receipt.received_at)
    from sent
    inner join intake.submission as submission on sent.submission_key = submission.submission_key
    inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
    where submission.state in ('accepted', 'correction')
    group by receipt.file_id
    order by min(receipt.receipt_number)"""


@dataclass(frozen=True)
class Again:
    """Which periods to compute anew: those inside a period, or those that end in one of some months.

    `said` is what somebody asked for; `periods` and `files` are filled when it is known what that means on a site:
    the codes of the periods, and how many archived files of their returns were found intact.
    """

    said: str
    inside: Period | None = None
    months: frozenset[str] = frozenset()
    periods: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def covers(self, period: Period) -> bool:
        """Whether a period is to be computed anew.

        >>> again = in_period("2014")
        >>> [again.covers(parse_code(code)) for code in ("2014", "2014-05", "2014Q2", "M2014", "2013")]
        [True, True, True, False, False]
        """
        return self.inside.contains(period) if self.inside else month_of(period.end) in self.months


def in_period(code: str) -> Again:
    """The periods inside a period.

    Raises:
        TaizhangError: the code is none.
    """
    try:
        return Again(code, inside=parse_code(code))
    except ValueError as error:
        raise TaizhangError(
            f"“{code}”不是时期编码。",
            f"{code!r} is no period.",
            remedy_zh="写成 2014、2014H1、2014Q2、2014-05、M2014(妇幼年度)或 2014-01-01/2014-10-25 的样子。",
            remedy_en="write it like 2014, 2014H1, 2014Q2, 2014-05, M2014 (maternal and child health year) or "
            "2014-01-01/2014-10-25.",
        ) from error


def in_months(months: Sequence[str]) -> Again:
    """The periods that end in one of some months: a partition of Dagster, or several."""
    return Again("、".join(months) if len(months) < 3 else f"{months[0]} … {months[-1]}", months=frozenset(months))


def month_of(day: date) -> str:
    """The month of a day.

    >>> month_of(date(2014, 9, 30))
    '2014-09'
    """
    return f"{day.year:04d}-{day.month:02d}"


def prepare(con: duckdb.DuckDBPyConnection, home: Home, again: Again) -> None:
    """Checks the archived files of the periods' returns, then marks everything of these periods as touched.

    Raises:
        TaizhangError: nothing is known of such a period; or a file is gone or was changed.
    """
    known = _known(con)
    wanted = [period for period in known if again.covers(period)]
    if not wanted:
        raise _unknown(again, known)
    parts = [period for period in known if any(whole.contains(period) for whole in wanted)]
    again.periods[:] = [period.code for period in wanted]
    again.files[:] = _check_files(con, home, parts)
    with transaction(con):
        con.execute(
            f"insert into run.touched select org_key, period_key from ({_whatever(con)}) where period_key in "
            "(select unnest(?::bigint[]))",
            [[period.key for period in wanted]],
        )


def require_known(con: duckdb.DuckDBPyConnection, again: Again) -> None:
    """Does nothing where a warehouse was made anew, which holds nothing yet.

    Raises:
        TaizhangError: nothing is known of such a period.
    """
    known = _known(con)
    if known and not any(again.covers(period) for period in known):
        raise _unknown(again, known)


def _whatever(con: duckdb.DuckDBPyConnection) -> str:
    """What is stated, and what was computed, where the warehouse was not made anew tonight."""
    made = con.execute("select 1 from duckdb_tables() where schema_name = 'store' and table_name = 'indicator_value'")
    return f"{STATED} union {COMPUTED}" if made.fetchall() else STATED


def _known(con: duckdb.DuckDBPyConnection) -> list[Period]:
    found = con.execute(
        "select period_start, period_end, is_as_at from core.period where period_key in "
        f"(select period_key from ({_whatever(con)})) order by period_start, period_end"
    ).fetchall()
    return [Period(start, end, as_at) for start, end, as_at in found]


def _check_files(con: duckdb.DuckDBPyConnection, home: Home, parts: Sequence[Period]) -> list[str]:
    """The archived files of the periods' returns by their SHA-256, which each still has."""
    files = con.execute(FILES, [[period.key for period in parts]]).fetchall()
    damaged = [(told, what) for told in files if (what := _damage(home, told[0]))]
    if damaged:
        raise _damaged(home, damaged)
    return [told[0] for told in files]


def _damage(home: Home, file_id: str) -> tuple[str, str] | None:
    path = home.archive / file_id
    if not path.exists():
        return ("不见了", "is gone")
    return None if sha256_file(path) == file_id else ("被改动过", "was changed")


def _damaged(home: Home, damaged: Sequence[tuple[tuple[str, str, str, date], tuple[str, str]]]) -> TaizhangError:
    zh, en = [], []
    for (file_id, sender, filename, at), what in damaged[:TOLD]:
        name, path = f"{sender}/{filename}" if sender else filename, home.archive / file_id
        zh.append(f"\n  {name}({at:%Y-%m-%d} 收到):{path} {what[0]}")
        en.append(f"\n  {name} (received {at:%Y-%m-%d}): {path} {what[1]}")
    if len(damaged) > TOLD:
        zh.append(f"\n  … 共 {len(damaged)} 个")
        en.append(f"\n  … {len(damaged)} in all")
    return TaizhangError(
        f"存档文件与收到时不同,没有重算,上一次发布仍然有效:{''.join(zh)}",
        f"Archived files are not what was received; nothing was computed anew, the last release stays:{''.join(en)}",
        remedy_zh="从备份恢复 archive/ 中的这些文件(文件名就是内容的 SHA-256)。没有备份时,移走被改动的,"
        "请单位把同一份文件再报一次:内容相同,就回到原处。",
        remedy_en="restore these files of archive/ from a backup (a name is the SHA-256 of the content). Without one, "
        "move the changed file away and let the unit send the very same file again: it takes the old place.",
    )


def _unknown(again: Again, known: Sequence[Period]) -> TaizhangError:
    codes = [period.code for period in known]
    shown = codes if len(codes) <= 40 else [*codes[:20], "…", *codes[-20:]]
    return TaizhangError(
        f"没有时期 {again.said} 的数。",
        f"Nothing is known of period {again.said}.",
        remedy_zh=f"有数的时期:{'、'.join(shown) or '还没有'}。",
        remedy_en=f"periods with figures: {', '.join(shown) or 'none yet'}.",
    )
