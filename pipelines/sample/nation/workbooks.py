"""A small part of a nation as workbooks: one a return, and one more where the township sent it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from pipelines.catalog.models import Form
from pipelines.sample.draws import Cell
from pipelines.sample.folder import File
from pipelines.sample.layout import Printed, Return, add_up, workbook
from pipelines.sample.nation.files import Drawn, organisations
from pipelines.sample.nation.parquet import Province
from pipelines.sample.nation.returns import STATES

MOST_WORKBOOKS = 3000  # 30 ms each
NOT_COLLECTED = -1  # how the forms print it
CLERK = "合成甲"


def returns_owed(drawn: Drawn) -> int:
    """How many returns the drawn townships owe: a few are never sent, a few are sent again."""
    return drawn.townships * len(drawn.layout.forms) * len(drawn.nation.months)


@dataclass(frozen=True)
class Sending:
    """One return of one township, the first time (1) or again (2)."""

    province: Province
    township: int  # its place in the province
    form: str
    revision: int
    month: date


def workbooks(drawn: Drawn, forms: dict[str, Form]) -> Iterator[File]:
    """The workbooks in their senders' folders, changed last when they were received."""
    orgs = organisations(drawn)
    names = dict(orgs.select("code", "name").iter_rows())
    parents = dict(orgs.select("code", "parent").iter_rows())
    for month, province in drawn.by_province():
        for township, code in enumerate(province.townships):
            for form in drawn.layout.forms:
                for revision in (1, 2):
                    sending = Sending(province, township, form, revision, month)
                    rows = _rows(drawn, sending)
                    if rows:
                        found = _return(drawn, sending, rows, names, names[parents[code]])
                        name = found.file_name(forms[form])
                        again = name.replace(".xlsx", "(更正).xlsx")
                        content = workbook(found, forms[form])
                        yield File(code, name if revision == 1 else again, content, found.modified)


def _moment(drawn: Drawn, sending: Sending) -> np.datetime64:
    returns = sending.province.returns
    moments = returns.received if sending.revision == 1 else returns.again
    moment: np.datetime64 = moments[sending.township, drawn.layout.forms.index(sending.form)]
    return moment


def _rows(drawn: Drawn, sending: Sending) -> dict[str, dict[str, Cell]]:
    """The rows of a return by village; none where it was not sent."""
    if np.isnat(_moment(drawn, sending)):
        return {}
    province, returns = sending.province, sending.province.returns
    columns = drawn.layout.columns(sending.form)
    figures = returns.first if sending.revision == 1 else returns.figures
    number = drawn.layout.forms.index(sending.form)
    villages = np.flatnonzero((province.township_of == sending.township) & returns.present[:, number])
    elements = drawn.layout.elements[columns]
    shown = {"blank": None, "not_collected": NOT_COLLECTED}
    return {
        province.villages[village]: {
            element: shown.get(STATES[state], int(figure))
            for element, figure, state in zip(
                elements, figures[village, columns], returns.states[village, columns], strict=True
            )
        }
        for village in villages
    }


def _return(
    drawn: Drawn, sending: Sending, rows: dict[str, dict[str, Cell]], names: dict[str, str], area: str
) -> Return:
    code = sending.province.townships[sending.township]
    moment: datetime = _moment(drawn, sending).astype("datetime64[s]").item()
    counted: dict[str, dict[str, Printed]] = {
        village: {element: None if value == NOT_COLLECTED else value for element, value in row.items()}
        for village, row in rows.items()
    }
    return Return(
        form=sending.form,
        township=code,
        township_name=names[code],
        sender=code,
        sender_name=names[code],
        year=sending.month.year,
        month=sending.month.month,
        names=names,
        rows={village: {**row} for village, row in rows.items()},
        total=add_up(counted),
        notes={},
        clerk=CLERK,
        modified=moment.replace(tzinfo=UTC),
        area=area,
    )
