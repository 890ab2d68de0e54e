"""The returns of a month as Parquet: a file a province, a row a statement.

Columns: `org_code`, `period_code`, `element_code`, `breakdown_code`, `form_code`, `reported_by` (the township), `value`
(null unless reported), `state`, `received_at` (UTC), `revision` (1, and 2 where the return was sent again). Rows stand
by form, revision and village, the elements in the form's order; each form and revision has row groups of its own.
Codes are dictionary-encoded, so that a file is written and read without spelling them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.sample.nation.returns import STATES, Flags, Layout, Returns, Whole, county_returns

ROWS_A_GROUP = 250_000
SCHEMA = pa.schema(
    [
        *((name, pa.dictionary(pa.int32(), pa.string())) for name in ("org_code", "period_code", "element_code")),
        *((name, pa.dictionary(pa.int32(), pa.string())) for name in ("breakdown_code", "form_code", "reported_by")),
        ("value", pa.int64()),
        ("state", pa.dictionary(pa.int32(), pa.string())),
        ("received_at", pa.timestamp("ms", tz="UTC")),
        ("revision", pa.int32()),
    ],
    metadata={"origin": "synthetic: real divisions, invented figures / 合成数据:区划是真的,数字是编的"},
)


@dataclass(frozen=True)
class Province:
    """The returns of a province's drawn villages for a month; arrays as in `Returns`, townships as codes."""

    code: str
    villages: list[str]
    townships: list[str]
    township_of: Whole  # of each village, its place in `townships`
    returns: Returns


def provinces(villages: pl.DataFrame, seed: int, layout: Layout, month: date) -> Iterator[Province]:
    """The returns of a fraction's villages (see `draw_villages`), province by province."""
    for (code,), found in villages.group_by("province", maintain_order=True):
        parts = [
            _drawn(county_returns(seed, county, _numbers(rows), layout, month), rows)
            for (county,), rows in found.group_by("county", maintain_order=True)
        ]
        drawn = found.filter("drawn")
        townships = drawn["township"].unique(maintain_order=True).to_list()
        place = {township: number for number, township in enumerate(townships)}
        numbers = np.array([place[township] for township in drawn["township"]])
        yield Province(str(code), drawn["code"].to_list(), townships, numbers, _joined(parts))


def _numbers(rows: pl.DataFrame) -> Whole:
    """For each village the number of its township within the county, in the order of codes."""
    return rows["township"].rank("dense").to_numpy().astype(np.int64) - 1


def _drawn(found: Returns, rows: pl.DataFrame) -> Returns:
    """What is left of a county's returns when the townships that are not in the fraction are taken away."""
    if rows["drawn"].all():
        return found
    kept = rows["drawn"].to_numpy()
    townships = np.unique(_numbers(rows)[kept])
    moved = np.cumsum(kept) - 1
    return Returns(
        figures=found.figures[kept],
        first=found.first[kept],
        states=found.states[kept],
        present=found.present[kept],
        received=found.received[townships],
        again=found.again[townships],
        planted=tuple(p._replace(village=int(moved[p.village])) for p in found.planted if kept[p.village]),
    )


def _joined(parts: list[Returns]) -> Returns:
    starts = np.cumsum([0, *(len(part.figures) for part in parts)])
    return Returns(
        figures=np.concatenate([part.figures for part in parts]),
        first=np.concatenate([part.first for part in parts]),
        states=np.concatenate([part.states for part in parts]),
        present=np.concatenate([part.present for part in parts]),
        received=np.concatenate([part.received for part in parts]),
        again=np.concatenate([part.again for part in parts]),
        planted=tuple(
            planted._replace(village=int(start) + planted.village)
            for start, part in zip(starts, parts, strict=False)
            for planted in part.planted
        ),
    )


def write_province(path: Path, found: Province, layout: Layout, month: date) -> int:
    """Writes a province's file and gives its rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=3) as writer:
        for form in layout.forms:
            for revision in (1, 2):
                table = _table(found, layout, form, revision, f"{month:%Y-%m}")
                writer.write_table(table, row_group_size=ROWS_A_GROUP)
                rows += table.num_rows
    return rows


def _table(found: Province, layout: Layout, form: str, revision: int, period: str) -> Any:
    number, columns, sent = layout.forms.index(form), layout.columns(form), found.returns
    elements = columns.stop - columns.start
    moments = (sent.received if revision == 1 else sent.again)[:, number]
    there: Flags = sent.present[:, number] & ~np.isnat(moments)[found.township_of]
    villages = np.flatnonzero(there)
    grid = (sent.first if revision == 1 else sent.figures)[villages, columns]
    states = sent.states[villages, columns].ravel()
    rows = len(states)
    of_row = np.repeat(villages.astype(np.int32), elements)
    same = np.zeros(rows, np.int32)

    def codes(numbers: Any, names: list[str]) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), pa.array(names, pa.string()))

    return pa.Table.from_arrays(
        [
            codes(of_row, found.villages),
            codes(same, [period]),
            codes(np.tile(np.arange(elements, dtype=np.int32), len(villages)), list(layout.elements[columns])),
            codes(same, [""]),
            codes(same, [form]),
            codes(found.township_of[of_row].astype(np.int32), found.townships),
            pa.array(grid.ravel(), pa.int64(), mask=states != STATES.index("reported")),
            codes(states.astype(np.int32), list(STATES)),
            pa.array(moments[found.township_of][of_row].astype("datetime64[ms]"), SCHEMA.field("received_at").type),
            pa.array(np.full(rows, revision, np.int32)),
        ],
        schema=SCHEMA,
    )
