"""Publishing a release: stamp, copy, verify the copy, write manifest and page, rename, point `current` at it."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import TaizhangError
from pipelines.settings import Home
from pipelines.sql import selects
from pipelines.warehouse.comments import comment_all
from pipelines.warehouse.files import sha256_file, sync, write_atomic
from pipelines.warehouse.hashing import Content, contents
from pipelines.warehouse.night import Night, settle
from pipelines.warehouse.rows import insert
from pipelines.warehouse.snapshot import keep_catalog
from pipelines.warehouse.writer import transaction

DATABASE = "internal.duckdb"
NEEDED = frozenset(
    ("release_id", "created_at", "code_sha256", "catalog_file", "journal", "previous", "tables", "files")
)  # what readers of a manifest rely on


@dataclass(frozen=True)
class Release:
    """A published release: its folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """Its name: the night's time and a hash of what it was made from."""
        return str(self.manifest["release_id"])

    @property
    def database(self) -> Path:
        """The DuckDB file that readers open."""
        return self.folder / DATABASE


def current(home: Home) -> Release | None:
    """The newest release, or None where nothing was published yet.

    Raises:
        TaizhangError: the release that releases/current names is gone, or damaged.
    """
    pointer = home.releases / "current"
    if not pointer.exists():
        return None
    named = pointer.read_text(encoding="utf-8").strip()
    if named in released(home):
        return read(home, named)
    others = [release_id for release_id in released(home) if release_id < named]
    raise TaizhangError(
        f"{pointer} 指向发布 {named or '(空)'},它的文件夹或 manifest.json 已不在。",
        f"{pointer} names the release {named or '(nothing)'}, whose folder or manifest.json is gone.",
        remedy_zh=f"从备份恢复 releases/{named};"
        + (f"没有备份时,把 {others[-1]} 写入该文件,由它接着发布。" if others else "没有备份时,删去该文件。"),
        remedy_en=f"restore releases/{named} from a backup; without one "
        + (f"write {others[-1]} into that file, and the next follows from it." if others else "remove that file."),
    )


def read(home: Home, release_id: str) -> Release:
    """A release by its id.

    Raises:
        TaizhangError: there is none of that id; what a night is still making, or has put aside, is none.
    """
    path = home.releases / release_id / "manifest.json"
    if "/" in release_id or release_id.startswith(".") or not path.exists():
        raise TaizhangError(
            f"没有编号为 {release_id} 的发布。",
            f"There is no release {release_id}.",
            remedy_zh=f"可用的发布:{'、'.join(released(home)) or '无'}。",
            remedy_en=f"releases: {', '.join(released(home)) or 'none'}.",
        )
    try:
        manifest = json.loads(path.read_bytes())
        missing = sorted(NEEDED - set(manifest))
        if missing:
            raise ValueError(f"no {', '.join(missing)}")
        return Release(path.parent, manifest)
    except (ValueError, TypeError) as error:
        raise TaizhangError(
            f"清单 {path} 已损坏:{error}。",
            f"The manifest {path} is damaged: {error}.",
            remedy_zh="从备份恢复这个发布的文件夹。",
            remedy_en="restore the folder of this release from a backup.",
        ) from error


def released(home: Home) -> list[str]:
    """The ids of all releases, oldest first."""
    return sorted(p.parent.name for p in home.releases.glob("*/manifest.json") if not p.parent.name.startswith("."))


def stamp(night: Night) -> dict[str, Any]:
    """Writes meta.release and meta.input and returns what the manifest says of the release's origin."""
    journal, before = night.journal(), current(night.home)
    origin = {
        "created_at": night.clock.isoformat(),
        "code_sha256": night.code,
        "catalog_sha256": night.catalog.sha256,
        "catalog_file": keep_catalog(night.home.archive, night.catalog_folders or night.home.catalog_folders),
        "journal": {"entries": len(journal.entries), "sha256": journal.sha256},
        "duckdb": duckdb.__version__,
    }
    seed = json.dumps(origin, sort_keys=True).encode()
    night.release_id = f"{night.clock:%Y%m%dT%H%M%SZ}-{hashlib.sha256(seed).hexdigest()[:8]}"
    if before and before.id == night.release_id:  # the same night repeated
        previous = before.manifest["previous"]
    else:
        previous = before and {"release_id": before.id, "manifest_sha256": _manifest_sha256(before.folder)}
    told = {"release_id": night.release_id, **origin, "previous": previous}
    if night.as_of:
        told["as_of"] = night.as_of.isoformat()
    stamp_tables(night, told)
    return told


def stamp_tables(night: Night, told: dict[str, Any]) -> None:
    """meta.release and meta.input from what the manifest says."""
    with transaction(night.con):
        for table in ("meta.release", "meta.input", "meta.run"):
            night.con.execute(f"delete from {table}")
        row = (
            told["release_id"], night.clock.replace(tzinfo=None), (told["previous"] or {}).get("release_id", ""),
            told["code_sha256"], told["catalog_sha256"], told["journal"]["entries"], told["journal"]["sha256"],
            told["duckdb"],
        )  # fmt: skip
        insert(night.con, "meta.release", [row])
        night.con.execute(
            "insert into meta.input select receipt_id, file_id, filename, sender, received_at, bytes "
            "from intake.receipt inner join intake.file using (file_id)"
        )
        insert(night.con, "meta.run", [(told["release_id"], stage, seconds) for stage, seconds in night.stages])


def publish(night: Night) -> Release:
    """Publishes the warehouse as it is; a reader sees the release before or this one, never a part.

    Raises:
        TaizhangError: the copy does not read back as what was written, or this was only a part of a night; nothing
            is published.
    """
    require_whole(night)
    settle(night)
    told = stamp(night)
    comment_all(night.con)
    told["tables"] = {name: asdict(content) for name, content in contents(night.con).items()}
    night.con.execute("checkpoint")
    night.close()
    building = night.home.releases / f".tmp-{night.release_id}"
    building.mkdir()
    copy = building / DATABASE
    shutil.copyfile(night.home.warehouse, copy)
    copy.chmod(0o444)
    verify_copy(copy, told["tables"])
    _write_page(building, told)
    told["files"] = {
        path.name: {"sha256": sha256_file(path), "bytes": path.stat().st_size} for path in sorted(building.iterdir())
    }
    write_atomic(building / "manifest.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
    for path in building.iterdir():
        sync(path)
    _put_in_place(building, night.home.releases / night.release_id)
    write_atomic(night.home.releases / "current", f"{night.release_id}\n".encode())
    return read(night.home, night.release_id)


def require_whole(night: Night) -> None:
    """A release follows from a whole night: what was touched is forgotten with it.

    Raises:
        TaizhangError: somebody has run a few tables alone, and the release after them.
    """
    missing = sorted({"receive", *selects()} - night.done)
    if missing:
        raise TaizhangError(
            f"这次运行没有做完一夜的全部步骤,不发布:缺 {'、'.join(missing)}。",
            f"This run was not a whole night, so nothing is published: without {', '.join(missing)}.",
            remedy_zh="运行作业 nightly(或 one_period),不要单独运行 release。",
            remedy_en="run the job nightly (or one_period), not the release alone.",
        )


def _put_in_place(building: Path, folder: Path) -> None:
    """Gives the release its name; where the same night is repeated, what is published stays, unless it was damaged."""
    if folder.exists() and _is_whole(folder):
        shutil.rmtree(building)
        return
    if folder.exists():
        folder.rename(folder.with_name(f".tmp-damaged-{folder.name}"))  # the next night removes it
    building.rename(folder)
    sync(folder.parent)


def _is_whole(folder: Path) -> bool:
    try:
        files = json.loads((folder / "manifest.json").read_bytes())["files"]
        return all(sha256_file(folder / name) == told["sha256"] for name, told in files.items())
    except (OSError, ValueError, KeyError):
        return False


def verify_copy(path: Path, tables: dict[str, dict[str, Any]]) -> None:
    """Reads the whole copy and compares every table with what the writer had.

    Raises:
        TaizhangError: a table reads back differently.
    """
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        found = contents(con)
    wrong = [name for name, content in tables.items() if found.get(name) != Content(**content)]
    if wrong:
        raise TaizhangError(
            f"发布副本读回来与仓库不一致:{'、'.join(wrong)}。没有发布,昨天的发布仍然有效。",
            f"The release's copy reads back differently: {', '.join(wrong)}. Nothing was published.",
            remedy_zh="检查磁盘后运行 taizhang run --full。",
            remedy_en="check the disk, then run taizhang run --full.",
        )


def _write_page(folder: Path, told: dict[str, Any]) -> None:
    from dashboards.release_page import render  # plotly: imported only where a page is drawn

    facts = {
        **{key: told[key] for key in ("release_id", "created_at", "code_sha256", "catalog_sha256")},
        "previous_release": (told["previous"] or {}).get("release_id", ""),
        "as_of": told.get("as_of", ""),
        "journal_entries": told["journal"]["entries"],
    }
    write_atomic(folder / "index.html", render(folder / DATABASE, facts).encode())


def _manifest_sha256(folder: Path) -> str:
    return sha256_file(folder / "manifest.json")
