"""The sample county as files: workbooks by sender, the register of its organisations, and who owes what."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from pipelines.catalog.models import Org
from pipelines.sample.county import SEED, SampleCounty, draw_county, forms, roster
from pipelines.sample.layout import workbook
from pipelines.sample.places import COUNTY

ORG_COLUMNS = ("code", "name", "level", "parent", "kind", "aliases", "valid_from", "valid_to")
ROSTER = "roster.yaml"  # in a folder of its own; a site has one already, so there it is SITE_ROSTER
SITE_ROSTER = "roster/sample_county.yaml"
MARK = re.compile(r"# 样本县\(合成\).*; made by: (taizhang sample .*)")


@dataclass(frozen=True)
class File:
    """A file as a unit sends it."""

    sender: str
    name: str
    content: bytes
    modified: datetime


def files_of(county: SampleCounty) -> Iterator[File]:
    """The county's workbooks, a return each."""
    for found in county.returns:
        form = forms()[found.form]
        yield File(found.sender, found.file_name(form), workbook(found, form), found.modified)


def write_files(inbox: Path, files: Iterable[File]) -> int:
    """Writes files below their senders' folders, with their times of modification; gives their number."""
    count = 0
    for count, file in enumerate(files, 1):  # noqa: B007
        path = inbox / file.sender / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        moment = file.modified.timestamp()
        os.utime(path, (moment, moment))
    return count


def write_county(folder: Path, seed: int = SEED) -> SampleCounty:
    """Writes catalog/orgs.csv, catalog/roster.yaml and inbox/<sender>/*.xlsx below `folder`."""
    county = draw_county(seed)
    write_catalog(folder / "catalog", county)
    write_files(folder / "inbox", files_of(county))
    return county


def write_catalog(folder: Path, county: SampleCounty) -> None:
    """A catalog of the county alone: organisations, and who owes which form when."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "orgs.csv").write_text(merged_orgs("", county.orgs), encoding="utf-8")
    (folder / ROSTER).write_text(roster_yaml(county), encoding="utf-8")


def made_by(county: SampleCounty) -> str:
    """The command that makes this county again."""
    return f"taizhang sample --seed {county.seed}"


def mark_of(text: str) -> str:
    """The command that made a roster of the county; '' where something else did.

    >>> mark_of("# 样本县(合成): who owes which form; made by: taizhang sample --seed 7")
    'taizhang sample --seed 7'
    """
    match = MARK.match(text)
    return match[1].strip() if match else ""


def roster_yaml(county: SampleCounty) -> str:
    """The roster as a file of a catalog; its first line says what made it."""
    lines = [f"# 样本县(合成): who owes which form; made by: {made_by(county)}"]
    for code, owed in roster(county).items():
        text = yaml.safe_dump(owed, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1000)
        lines.append(f"{code}: {text.strip()}")
    return "\n".join(lines) + "\n"


def merged_orgs(register: str, orgs: Iterable[Org]) -> str:
    """A register of organisations with the sample county's at its end.

    What a site wrote stays as it is, letter by letter, except that its first line gets the columns that the county
    needs and it lacks; rows that an earlier sample wrote are put aside.
    """
    text = register or ",".join(ORG_COLUMNS) + "\n"
    header, *rows = _raw_rows(text)
    columns = next(csv.reader([header.removeprefix("\ufeff")]))
    missing = [name for name in ORG_COLUMNS if name not in columns]
    ending = "\r\n" if header.endswith("\r\n") else "\n"
    kept = [row for row in rows if not _is_sample(row, columns)]
    head = header.rstrip("\r\n") + "".join(f",{name}" for name in missing) + ending
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += ending
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, [*columns, *missing], restval="", extrasaction="ignore", lineterminator=ending)
    for org in orgs:
        writer.writerow({**org.model_dump(exclude_none=True), "aliases": ";".join(org.aliases)})
    return head + "".join(kept) + target.getvalue()


def _raw_rows(text: str) -> list[str]:
    """The rows of a CSV text as they stand, line ends and quotes included."""
    lines = io.StringIO(text, newline="").readlines()
    reader, rows, before = csv.reader(lines), list[str](), 0
    for _ in reader:
        rows.append("".join(lines[before : reader.line_num]))
        before = reader.line_num
    return rows


def _is_sample(row: str, columns: list[str]) -> bool:
    values = next(csv.reader(io.StringIO(row, newline="")), [])
    code = dict(zip(columns, values, strict=False)).get("code", "")
    return code == COUNTY or code.startswith(f"{COUNTY}-")
