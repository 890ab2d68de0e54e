"""What was planted, told cell by cell, and the corrections that put it right.

The manifest has a row for each cell that is not as it should be, or one for the file where no cell is to blame. The
corrections are the difference between what the planted files state, read by the intake, and the true figures.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from pipelines.catalog.periods import parse_code
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import address
from pipelines.sample.county import DUE_DAYS, SampleCounty, forms
from pipelines.sample.errors import Planted
from pipelines.sample.layout import CHINA, Printed, Return, columns, period_column, title, village_rows
from pipelines.sample.slips import Sent
from pipelines.sample.stated import Figures, Stated, stated_figures, true_figures

MANIFEST = (
    "error_id", "kind", "description_zh", "description_en", "file", "sheet", "cell", "org_code", "period_code",
    "form_code", "element_code", "printed", "true_value", "seen_as",
)  # fmt: skip
CORRECTIONS = (
    "org_code", "period_code", "form_code", "element_code", "breakdown_code", "found", "value", "why", "who", "until",
)  # fmt: skip
WHO = "样本县(合成)"
NAME_COLUMN = 1
Row = dict[str, str]


def describe(county: SampleCounty, planted: Sequence[Planted]) -> tuple[list[Row], list[Row]]:
    """The rows of the manifest and of the corrections."""
    index = OrgIndex({org.code: org for org in county.orgs})
    manifest, corrections = list[Row](), list[Row]()
    for error in planted:
        manifest += _manifest_rows(error)
        corrections += correct(error, stated_figures(error, index))
    return manifest, corrections


def as_csv(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The rows as CSV that Excel reads as UTF-8."""
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode("utf-8-sig")


# ---- corrections


def correct(error: Planted, found: Figures) -> list[Row]:
    """The corrections of one error: a whole return withdrawn where it is about another period, then every figure."""
    truth, why = true_figures(error.truth), f"{error.error_id} {error.kind.zh} / {error.kind.en}"
    fixed = {"form_code": error.truth.form, "breakdown_code": "", "why": why, "who": WHO, "until": ""}
    strange = sorted({period for _, period, _ in found} - {error.truth.period})
    rows = [
        {"org_code": error.truth.township, "period_code": period, "element_code": "*", "found": "*",
         "value": "withdrawn", **fixed}
        for period in strange
    ]  # fmt: skip
    for (org, period, element), value in truth.items():
        stated = found.get((org, period, element), "nothing")
        if stated != value:
            rows.append(
                {"org_code": org, "period_code": period, "element_code": element, "found": _text(stated),
                 "value": _text(value), **fixed}
            )  # fmt: skip
    return rows


def _text(value: Stated) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else value


# ---- the manifest


def _manifest_rows(error: Planted) -> Iterator[Row]:
    truth, kind = error.truth, error.kind
    form = forms()[truth.form]
    shared = {
        "error_id": error.error_id, "kind": kind.code, "description_zh": kind.zh, "description_en": kind.en,
        "period_code": truth.period, "form_code": truth.form, "org_code": truth.township,
        "seen_as": ";".join(kind.seen),
    }  # fmt: skip
    if not error.sent:
        yield {**shared, "true_value": f"{truth.sender}/{truth.file_name(form)}"}
        return
    sent = error.sent[-1]
    file = {"file": f"{truth.sender}/{truth.file_name(form, sent.suffix)}", "sheet": sent.printed.sheet}
    cells = [*_head(truth, sent.printed), *_names(truth, sent.printed), *_figures(truth, sent.printed)]
    for row in cells or [_whole_file(error, sent)]:
        yield {**shared, **file, **row}


def _head(truth: Return, printed: Return) -> Iterator[Row]:
    form = forms()[truth.form]
    if printed.period != truth.period:
        yield {"cell": "A1", "printed": title(printed, form), "true_value": title(truth, form)}
        place = address(1, period_column(form))
        yield {"cell": place, "printed": printed.month_words, "true_value": truth.month_words}


def _names(truth: Return, printed: Return) -> Iterator[Row]:
    rows = village_rows(printed)
    for village, name in truth.names.items():
        if village not in rows:
            yield {"org_code": village, "true_value": name}
        elif printed.names[village] != name:
            place = address(rows[village], NAME_COLUMN)
            yield {"org_code": village, "cell": place, "printed": printed.names[village], "true_value": name}


def _figures(truth: Return, printed: Return) -> Iterator[Row]:
    where, rows = columns(forms()[truth.form]), village_rows(printed)
    lines = [(village, row, printed.rows[village], truth.rows[village]) for village, row in rows.items()]
    lines.append((truth.township, max(rows.values()) + 1, printed.total, truth.total))
    for org, row, shown, true in lines:
        for element, column in where.items():
            if _shown(shown[element]) != _shown(true[element]):
                yield {"org_code": org, "element_code": element, "cell": address(row, column),
                       "printed": _shown(shown[element]), "true_value": _shown(true[element])}  # fmt: skip


def _shown(value: Printed) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return f"{Decimal(f'{value:.15g}').normalize():f}"


def _whole_file(error: Planted, sent: Sent) -> Row:
    """Where no cell is wrong: when the file came and was due, or what it is a copy of."""
    if len(error.sent) > 1:
        first = error.truth.file_name(forms()[error.truth.form])
        return {"printed": error.truth.file_name(forms()[error.truth.form], sent.suffix), "true_value": first}
    due = parse_code(error.truth.period).end + timedelta(days=DUE_DAYS)
    return {"printed": sent.modified.astimezone(CHINA).date().isoformat(), "true_value": f"<= {due}"}
