"""`taizhang sign`: what may be signed is what the newest release shows; the sign itself is a line of the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from pipelines.catalog.periods import Period
from pipelines.errors import TaizhangError, TryAgain
from pipelines.settings import Home
from pipelines.warehouse import journal
from pipelines.warehouse.release import Release
from pipelines.warehouse.signing import KIND

RANKS = {"open": 0, "submitted": 1, "approved": 2, "closed": 3}
SHOWN = 5
SENT = """
    select org_code, reported_by, case finality {} end from core.return_state
    where form_code = ? and period_code = ? order by all desc"""
ERRORS = """
    select distinct coalesce(sent.org_code, finding.org_code), finding.finding_id, finding.message_zh,
        finding.message_en, coalesce(finding.sheet, ''), coalesce(finding.cells, '')
    from quality.finding as finding
    left join intake.submission as sent on finding.submission_id = sent.submission_id
    where finding.severity = 'error' and finding.status = 'open' and finding.form_code = ?
        and coalesce(sent.period_code, finding.period_code) = ? order by all"""
OWED = """
    select owed.org_code from catalog.roster as owed
    inner join core.org_unit as unit using (org_code)
    inner join core.org_ancestor as above using (org_key)
    inner join core.org_unit as top on above.ancestor_key = top.org_key
    where owed.form_code = ? and owed.period_code = ? and top.org_code = ? and above.distance > 0"""
BELOW = """
    select distinct unit.org_code from core.org_ancestor as above
    inner join core.org_unit as unit using (org_key)
    inner join core.org_unit as top on above.ancestor_key = top.org_key
    where top.org_code = ? and above.distance > 0"""


@dataclass(frozen=True)
class Wanted:
    """What somebody wants signed: a return of `org`, or all those below `under`."""

    form: str
    period: Period
    state: str
    org: str = ""
    under: str = ""
    why: str = ""
    who: str = ""


@dataclass
class Signed:
    """What became of it: organisations by code; `errors`: open error findings, in both languages with their place."""

    signed: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    not_sent: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Known:
    """What the newest release and the signs since then say of the returns of a form and period."""

    ranks: dict[str, int]  # by organisation
    senders: dict[str, str]  # the organisation that a sender reports for, by sender
    owed: set[str]  # below the unit
    below: set[str]  # the unit
    errors: dict[str, list[tuple[str, str]]]


def sign(home: Home, release: Release, wanted: Wanted, clock: datetime) -> Signed:
    """Signs returns in the journal; figures show it from the next night on.

    Raises:
        TryAgain: files came in since the release.
        TaizhangError: nothing of it was sent; a closed return would be opened without a reason; errors are open and
            there is no reason.
    """
    known = _known(release, wanted)
    with journal.appending(home.journal) as lines:
        since = lines.journal.entries[release.manifest["journal"]["entries"] :]
        if wanted.state != "open" and any(entry.kind == "receipt" for entry in since):
            raise _later(home)
        for entry in since:
            if entry.kind == KIND and (entry.data["form"], entry.data["period"]) == _place(wanted):
                known.ranks.update(dict.fromkeys(entry.data["orgs"], RANKS[entry.data["state"]]))
        became = _decide(known, wanted)
        if became.signed:
            told = {"form": wanted.form, "period": wanted.period.code, "state": wanted.state,
                    "orgs": became.signed, "who": wanted.who, "why": wanted.why}  # fmt: skip
            lines.append(KIND, clock, [told])
    return became


def _place(wanted: Wanted) -> tuple[str, str]:
    return wanted.form, wanted.period.code


def _known(release: Release, wanted: Wanted) -> _Known:
    place = list(_place(wanted))
    cases = " ".join(f"when '{name}' then {rank}" for name, rank in RANKS.items())
    with duckdb.connect(str(release.database), read_only=True) as con:
        sent = con.execute(SENT.format(cases), place).fetchall()
        owed = {row[0] for row in con.execute(OWED, [*place, wanted.under]).fetchall()}
        below = {row[0] for row in con.execute(BELOW, [wanted.under or wanted.org]).fetchall()}
        errors: dict[str, list[tuple[str, str]]] = {}
        for org, _, zh, en, sheet, cells in con.execute(ERRORS, place).fetchall():
            where = " ".join(filter(None, (org, sheet, cells)))
            errors.setdefault(org, []).append((f"{where}:{zh}", f"{where}: {en}"))
    ranks = {org: rank for org, _, rank in sent}  # the lowest comes last
    return _Known(ranks, {sender: org for org, sender, _ in sent}, owed, below, errors)


def _decide(known: _Known, wanted: Wanted) -> Signed:
    rank = RANKS[wanted.state]
    orgs = sorted(org for org in known.ranks if org in known.below) if wanted.under else [wanted.org]
    orgs = [org if org in known.ranks else known.senders.get(org, org) for org in orgs]
    found = Signed(not_sent=sorted(known.owed - set(known.ranks)))
    if not orgs or orgs[0] not in known.ranks:
        raise _never_sent(wanted, known)
    for org in orgs:
        settled = known.ranks[org] <= 1 if rank == 0 else known.ranks[org] == rank
        (found.already if settled else found.signed).append(org)
    lowered = [org for org in found.signed if known.ranks[org] > rank]
    if lowered and not wanted.why:
        raise _needs_why(wanted, lowered)
    if rank > 1:
        found.errors = [told for org in found.signed for told in known.errors.get(org, [])]
    if rank == 3 and found.errors and not wanted.why:
        raise _open_errors(found.errors)
    return found


def _later(home: Home) -> TryAgain:
    return TryAgain(
        "最新的发布之后又收到了文件,它们还没有载入:审核的应是看得到的数。没有审核。",
        "Files were received after the newest release and are not loaded yet; only what is seen is signed. "
        "Nothing was signed.",
        remedy_zh=f"先运行 taizhang run --home {home.path},看过以后再审核。",
        remedy_en=f"run taizhang run --home {home.path} first, look at the figures, then sign.",
    )


def _never_sent(wanted: Wanted, known: _Known) -> TaizhangError:
    what, period = wanted.under or wanted.org, wanted.period.code
    sent, inside = len(known.ranks), len(known.below & set(known.ranks))
    place_zh, place_en = (" 以下", "below") if wanted.under else (" ", "of")
    under_zh = under_en = ""
    if wanted.org and inside:
        under_zh = f"{what} 以下有 {inside} 家报了这张表,要审核它们用 --under {what};"
        under_en = f"{inside} unit(s) below {what} sent it: sign those with --under {what}; "
    return TaizhangError(
        f"{what}{place_zh}没有收下过 {period} 的 {wanted.form},没有可审核的。",
        f"No {wanted.form} for {period} {place_en} {what} was ever accepted; there is nothing to sign.",
        remedy_zh=f'{under_zh}该表该期已收下 {sent} 家;用 taizhang sql "select * from core.return_state where '
        f"form_code = '{wanted.form}'\" 看有哪些;收件箱里还有时先运行 taizhang run。",
        remedy_en=f'{under_en}{sent} unit(s) sent this form for this period: taizhang sql "select * from '
        f"core.return_state where form_code = '{wanted.form}'\" shows them; where it lies in the inbox, run taizhang "
        "run first.",
    )


def _needs_why(wanted: Wanted, orgs: Sequence[str]) -> TaizhangError:
    to_zh, to_en = ("重新打开", "open") if wanted.state == "open" else ("退回到已审核", "approved")
    more = len(orgs) > SHOWN
    return TaizhangError(
        f"{'、'.join(orgs[:SHOWN])}{f' 等 {len(orgs)} 家' * more}:已审核或已定案的报表要{to_zh},须写明原因。",
        f"{', '.join(orgs[:SHOWN])}{f' and {len(orgs) - SHOWN} more' * more}: to take an approved or closed return "
        f"back to {to_en} needs a reason.",
        remedy_zh='加上 --why "原因"。', remedy_en='add --why "the reason".',
    )  # fmt: skip


def _open_errors(errors: Sequence[tuple[str, str]]) -> TaizhangError:
    zh, en = ("\n  ".join(one[n] for one in errors[:SHOWN]) for n in (0, 1))
    return TaizhangError(
        f"还有 {len(errors)} 个错误没有解决,没有定案:\n  {zh}",
        f"{len(errors)} error(s) are open; nothing was closed:\n  {en}",
        remedy_zh='请下级更正,或登记更正(taizhang correct);仍要定案时加上 --why "原因"。',
        remedy_en="ask for a corrected return or declare corrections (taizhang correct); to close all the same, add "
        '--why "the reason".',
    )
