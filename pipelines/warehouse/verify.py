"""Is a release what its manifest says, and does it follow from what was sent? Both are shown, not believed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.settings import Home, code_sha256
from pipelines.sql import selects
from pipelines.warehouse import journal
from pipelines.warehouse.files import sha256_file
from pipelines.warehouse.hashing import Content, contents
from pipelines.warehouse.load import Loader
from pipelines.warehouse.night import Night, derive, set_clock
from pipelines.warehouse.release import Release, read, released, stamp_tables
from pipelines.warehouse.snapshot import restore_catalog


@dataclass
class Report:
    """What was compared; `problems` in both languages (zh, en); empty means that everything agrees."""

    release_id: str
    tables: int = 0
    rows: int = 0
    releases: int = 0
    same_code: bool = True
    problems: list[tuple[str, str]] = field(default_factory=list)


def verify(home: Home, release: Release, progress: Callable[[str], None] = lambda _: None) -> Report:
    """Checks the chain of manifests, the release's file, and a rebuild from archive, journal and archived catalog."""
    report = Report(release.id, same_code=release.manifest["code_sha256"] == code_sha256())
    progress("chain")
    _check_chain(home, report)
    progress("file")
    _check_file(release, report)
    progress("rebuild")
    rebuilt = rebuild(home, release)
    for name, wanted in release.manifest["tables"].items():
        found = rebuilt.get(name)
        report.tables += 1
        report.rows += wanted["rows"]
        if found != Content(**wanted):
            rows = found.rows if found else 0
            report.problems.append(
                (
                    f"{name}:重建得到的内容不同(发布 {wanted['rows']} 行,重建 {rows} 行)",
                    f"{name}: the rebuild differs (released {wanted['rows']} rows, rebuilt {rows})",
                )
            )
    return report


def _check_chain(home: Home, report: Report) -> None:
    known, told = released(home), journal.read(home.journal)
    report.releases = len(known)
    for release_id in known:
        manifest = read(home, release_id).manifest
        lines, before = manifest["journal"]["entries"], manifest["previous"]
        if told.sha256_at(lines) != manifest["journal"]["sha256"]:
            report.problems.append(
                (
                    f"日志 {home.journal} 的前 {lines} 行已不是发布 {release_id} 所依据的;从备份恢复 journal/",
                    f"the first {lines} lines of {home.journal} are no longer those that {release_id} was made from; "
                    "restore journal/ from a backup",
                )
            )
        if not before:
            continue
        if before["release_id"] not in known:
            report.problems.append(
                (
                    f"发布 {before['release_id']} 不见了,{release_id} 是接着它发布的;从备份恢复它"
                    "(要腾空间,只可删去旧发布的数据文件,manifest.json 须留下)",
                    f"release {before['release_id']}, which {release_id} follows, is gone; restore it from a backup "
                    "(to make room remove only the data of an old release, never its manifest.json)",
                )
            )
            continue
        path = home.releases / before["release_id"] / "manifest.json"
        if sha256_file(path) != before["manifest_sha256"]:
            report.problems.append(
                (
                    f"发布 {before['release_id']} 的 manifest.json 在 {release_id} 发布之后被改动过;从备份恢复它",
                    f"manifest.json of {before['release_id']} was changed after {release_id} was published; "
                    "restore it from a backup",
                )
            )


def _check_file(release: Release, report: Report) -> None:
    for name, wanted in release.manifest["files"].items():
        path = release.folder / name
        if not path.exists():
            report.problems.append((f"{path} 不见了;从备份恢复它", f"{path} is gone; restore it from a backup"))
        elif sha256_file(path) != wanted["sha256"]:
            report.problems.append(
                (
                    f"{path} 的 SHA-256 与清单不符:它被改动过;从备份恢复它",
                    f"{path}: its SHA-256 is not the manifest's, it was changed; restore it from a backup",
                )
            )
    if not release.database.exists():
        return
    try:
        with duckdb.connect(str(release.database), read_only=True) as con:
            con.execute("set enable_progress_bar = false")
            found = contents(con)
    except duckdb.Error as error:
        report.problems.append((f"{release.database} 打不开:{error}", f"{release.database} cannot be opened: {error}"))
        return
    for name, content in release.manifest["tables"].items():
        if found.get(name) != Content(**content):
            report.problems.append((f"{name}:发布文件中的内容与清单不符", f"{name}: the file is not the manifest's"))


def rebuild(home: Home, release: Release) -> dict[str, Content]:
    """The content of every table, made anew from the archive and the journal as the release knew them."""
    manifest = release.manifest
    with tempfile.TemporaryDirectory(prefix="taizhang-verify-") as scratch:
        temporary = Home(Path(scratch))
        temporary.create()
        if home.config.exists():
            temporary.config.write_bytes(home.config.read_bytes())  # its limits
        temporary.archive.rmdir()
        temporary.archive.symlink_to(home.archive.resolve())
        folders = restore_catalog(home.archive, manifest["catalog_file"], temporary.path / "used")
        night = Night(temporary, datetime.fromisoformat(manifest["created_at"]), full=True, catalog_folders=folders)
        night.code = manifest["code_sha256"]
        try:
            entries = Night(home, night.clock).journal().until(manifest["journal"]["entries"])
            Loader(night.con, temporary, night.catalog).load(entries)
            set_clock(night)
            for select in selects().values():
                derive(night, select)
            stamp_tables(night, manifest)
            return contents(night.con)
        finally:
            night.close()
