"""`taizhang export data-values`: figures of a release for other systems."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipelines.cli.export import ExportFormat
from pipelines.cli.words import Lang, say
from pipelines.errors import TaizhangError

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.warehouse.data_values import Figure, Wanted


class Asked(NamedTuple):
    """Which figures are wanted, and how: codes of a unit, period, form and system ('': all, none), the format."""

    org: str
    period: str
    form: str
    system: str
    written: ExportFormat


def export_values(database: Path, catalog: Catalog, asked: Asked, output: Path | None, spoken: Lang) -> None:
    """Writes figures to a file or to the screen, and tells how many.

    Raises:
        TaizhangError: a code that is not known.
    """
    from pipelines.warehouse.data_values import Wanted, period_of
    from pipelines.warehouse.files import write_atomic

    for given, known, option in ((asked.form, catalog.forms, "--form"), (asked.system, catalog.exchange, "--system")):
        if given and given not in known:
            raise _unknown(given, sorted(known), option)
    wanted = Wanted(asked.org, period_of(asked.period) if asked.period else None, asked.form)
    text, count, left_out = written(database, catalog, wanted, asked.written, asked.system)
    if output is None:
        sys.stdout.write(text)
    else:
        write_atomic(output, text.encode("utf-8-sig" if asked.written is ExportFormat.tidy else "utf-8"))
    print(_told(count, left_out, spoken), file=sys.stderr)


def written(
    database: Path, catalog: Catalog, wanted: Wanted, form: ExportFormat, system: str = ""
) -> tuple[str, int, int]:
    """The text of an export, how many figures it holds, and how many DHIS2 cannot hold."""
    from pipelines.warehouse import data_values as out

    if form is ExportFormat.tidy:
        figures = out.stated(database, wanted)
        return out.tidy_csv(figures), len(figures), 0
    figures = _of_one_form(out.stated(database, wanted)) if wanted.form else out.counting(database, wanted)
    values, left_out = out.data_values(figures, catalog, system)
    if form is ExportFormat.dhis2_csv:
        return out.dhis2_csv(values), len(values), left_out
    names = {code: name for name, code in catalog.exchange[system].forms.items()} if system else {}
    return out.dhis2_json(values, names.get(wanted.form, wanted.form)), len(values), left_out


def _of_one_form(figures: list[Figure]) -> list[Figure]:
    """The first statement of each figure: DHIS2 has one for each unit, period, element and breakdown."""
    first = {(f.org, f.period, f.element, f.breakdown): f for f in reversed(figures)}
    return list(reversed(first.values()))


def _told(count: int, left_out: int, spoken: Lang) -> str:
    text = say(spoken, f"导出 {count} 个数。", f"{count} figure(s) exported.")
    return text + say(
        spoken,
        f"DHIS2 放不下的 {left_out} 个没有导出(没有数的状态、没有对应的时期、对方没有编号)。",
        f" {left_out} that DHIS2 cannot hold were left out (states without a number, periods or codes without an "
        "identifier).",
    ) * bool(left_out)


def _unknown(given: str, known: list[str], option: str) -> TaizhangError:
    shown = ", ".join(known) or "–"
    return TaizhangError(
        f"{option}:没有“{given}”。", f"{option}: there is no {given!r}.",
        remedy_zh=f"有:{shown}。", remedy_en=f"there are: {shown}.",
    )  # fmt: skip
