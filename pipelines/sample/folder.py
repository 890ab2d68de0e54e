"""The sample county as files: workbooks by sender, the register of its organisations, and who owes what."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from pipelines.catalog.models import Org
from pipelines.sample.county import SampleCounty, forms, roster
from pipelines.sample.errors import Planted, sent_files
from pipelines.sample.layout import workbook
from pipelines.sample.manifest import CORRECTIONS, MANIFEST, as_csv, describe
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


def files_of(county: SampleCounty, planted: Sequence[Planted] = ()) -> Iterator[File]:
    """The county's workbooks, a return each; those of the planted errors in place of the true ones."""
    for truth, sent in sent_files(county, planted):
        form = forms()[truth.form]
        name = truth.file_name(form, sent.suffix)
        yield File(truth.sender, name, workbook(sent.printed, form), sent.modified)


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


def write_catalog(folder: Path, county: SampleCounty, command: str) -> None:
    """A catalog of the county alone: organisations, and who owes which form when."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "orgs.csv").write_text(merged_orgs("", county.orgs), encoding="utf-8")
    (folder / ROSTER).write_text(roster_yaml(county, command), encoding="utf-8")


def write_answers(folder: Path, county: SampleCounty, planted: Sequence[Planted]) -> None:
    """Writes manifest.csv, what was planted, and corrections.csv, what puts it right; nothing where nothing was."""
    if planted:
        manifest, corrections = describe(county, planted)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.csv").write_bytes(as_csv(MANIFEST, manifest))
        (folder / "corrections.csv").write_bytes(as_csv(CORRECTIONS, corrections))


def made_by(seed: int, errors: bool) -> str:
    """The command that makes a county again."""
    return f"taizhang sample --seed {seed}{'' if errors else ' --no-errors'}"


def mark_of(text: str) -> str:
    """The command that made a roster of the county; '' where something else did.

    >>> mark_of("# 样本县(合成): who owes which form; made by: taizhang sample --seed 7")
    'taizhang sample --seed 7'
    """
    match = MARK.match(text)
    return match[1].strip() if match else ""


def roster_yaml(county: SampleCounty, command: str) -> str:
    """The roster as a file of a catalog; its first line says by which command it was made."""
    lines = [f"# 样本县(合成): who owes which form; made by: {command}"]
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
