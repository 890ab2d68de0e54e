"""`taizhang run`, `demo` and `init`: a site made, filled and taken through a night."""

from __future__ import annotations

import csv
import errno
import io
import os
import shutil
import sys
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli.summary import summarise
from pipelines.cli.words import Lang, printable, say
from pipelines.errors import CatalogError, Mistake, TaizhangError, TryAgain
from pipelines.settings import CHECKOUT, SHIPPED_CATALOG, Home

if TYPE_CHECKING:
    from pipelines.warehouse.night import Night, Then

DATA = CHECKOUT / "data"
REPORTS = DATA / "reports"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}  # the event log keeps everything
STAGES = {
    "catalog": ("读取目录", "reading the catalog"),
    "intake": ("收件、载入", "receiving and loading"),
    "import great_expectations": ("载入 Great Expectations", "importing Great Expectations"),
    "expectations": ("逐表检查", "checking the tables"),
    "select": ("计算各表", "computing the tables"),
    "release": ("核对副本、发布", "verifying the copy, publishing"),
}


def create(home: Home, orgs: Path | None) -> int:
    """Makes an empty site, with a register of organisations where one is given; returns how many it holds.

    Raises:
        TaizhangError: the register cannot be read or is wrong; nothing was made or changed.
    """
    from pipelines.catalog.load import load_catalog
    from pipelines.warehouse.files import write_atomic

    if orgs is not None:
        content = _read_register(orgs)
        _try_register(home, orgs, content)
    home.create()
    if orgs is not None:
        write_atomic(home.catalog / "orgs.csv", content)
    return len(load_catalog(*home.catalog_folders).orgs)


def _read_register(orgs: Path) -> bytes:
    """The bytes of a register that is CSV in UTF-8 and has its columns."""
    try:
        content = orgs.read_bytes()
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        for _ in reader:
            pass
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TaizhangError(
            f"读不了机构名册 {orgs}:{error}",
            f"The register {orgs} cannot be read: {error}",
            remedy_zh="给出一个 UTF-8 编码的 CSV 文件。",
            remedy_en="give a CSV file in UTF-8.",
        ) from error
    missing = [name for name in ("code", "name", "level", "parent") if name not in (reader.fieldnames or ())]
    if missing:
        raise TaizhangError(
            f"机构名册 {orgs} 缺少列:{'、'.join(missing)}。",
            f"The register {orgs} lacks the columns {', '.join(missing)}.",
            remedy_zh="第一行应为 code,name,level,parent(可再加 kind,aliases,valid_from,valid_to)。",
            remedy_en="the first line must be code,name,level,parent (then kind,aliases,valid_from,valid_to).",
        )
    return content


def _try_register(home: Home, orgs: Path, content: bytes) -> None:
    """Reads the site's catalog with the new register, beside the site."""
    from pipelines.catalog.load import load_catalog

    with tempfile.TemporaryDirectory(prefix="taizhang-init-") as scratch:
        tried = Path(scratch) / "catalog"
        if home.catalog.exists():
            shutil.copytree(home.catalog, tried)
        tried.mkdir(exist_ok=True)
        (tried / "orgs.csv").write_bytes(content)
        try:
            load_catalog(SHIPPED_CATALOG, tried)
        except CatalogError as error:
            places = ((str(tried / "orgs.csv"), str(orgs)), (str(tried), str(home.catalog)))
            raise CatalogError([_renamed(mistake, places) for mistake in error.mistakes]) from error


def _renamed(mistake: Mistake, places: Iterable[tuple[str, str]]) -> Mistake:
    for scratch, real in places:
        texts: dict[str, Any] = {
            name: text.replace(scratch, real) for name, text in vars(mistake).items() if isinstance(text, str)
        }
        mistake = replace(mistake, **texts)
    return mistake


def make_demo(home: Home, *, county: bool = True) -> None:
    """A fresh site with the shipped real reports in its inbox, and the synthetic county with its planted errors.

    Without the county (672 workbooks, most of the time of a night) it is what a look at the real reports needs.

    Raises:
        TaizhangError: there is a site here that is no demonstration; it is left alone.
        TryAgain: a night of the demonstration that is here has not ended.
    """
    from pipelines.warehouse.lock import writer_lock

    home = Home(home.path.resolve())
    begun = (".lock", f".{home.config.name}.part")  # of a demonstration that was stopped at its very beginning
    if home.path.exists() and not home.is_demo and any(path.name not in begun for path in home.path.iterdir()):
        raise TaizhangError(
            f"{home.path} 已有别的内容,演示不会动它。",
            f"{home.path} holds something else, and the demonstration leaves it alone.",
            remedy_zh="用 --home 另选一个空文件夹。",
            remedy_en="choose an empty folder with --home.",
        )
    if home.is_demo:
        with writer_lock(home.path):
            for path in sorted(home.path.iterdir(), key=lambda path: path == home.config):
                # The settings go last: until then it is a demonstration, which may be made anew.
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    home.create(demo=True)
    for name in ("orgs.csv", "roster.yaml", "targets.yaml"):
        shutil.copyfile(DATA / name, home.catalog / name)
    for path in sorted(REPORTS.glob("*")):
        if path.suffix in (".xlsx", ".csv"):
            shutil.copy2(path, home.inbox / path.name)
    if county:
        from pipelines.cli.county import county_in_site

        county_in_site(home)


def run_night(
    home: Home,
    lang: Lang,
    *,
    full: bool = False,
    period: str | None = None,
    quiet: bool = False,
    then: Then | None = None,
) -> dict[str, Any]:
    """One night of a site through Dagster, or the periods inside one computed anew; returns the summary's figures.

    `then`: see `open_night`.

    Raises:
        TaizhangError: what stopped it; the last release stays.
    """
    started = time.perf_counter()
    _quiet_libraries()
    from pipelines.warehouse.again import in_period, require_known
    from pipelines.warehouse.night import open_night
    from pipelines.warehouse.release import current

    again = in_period(period) if period else None
    progress = _quiet if quiet else _Progress(started, lang)
    with _machine_trouble(), open_night(home, full=full, again=again, progress=progress, then=then) as night:
        with night.stage("catalog"):
            assert night.catalog  # a wrong one stops the night here, before anything is written
            if again:
                require_known(night.con, again)  # before Dagster notes a run that fails
        _execute(night)
        release = current(home)
    assert release is not None
    return {
        **summarise(release, night.collected, night.stages, time.perf_counter() - started),
        "left_in_inbox": night.left,
        "again": again and {"period": again.said, "periods": again.periods, "files_checked": len(again.files)},
    }


def _execute(night: Night) -> None:
    """Runs the job in this process, noted in the site's own Dagster instance.

    Raises:
        TaizhangError: a check blocks, with the rows that fail.
    """
    import dagster as dg

    from pipelines.build import build_defs
    from pipelines.instance import bring_up_to_date, end_dead_runs
    from pipelines.jobs import MONTHS, PERIOD_JOB

    bring_up_to_date(night.home)
    os.environ["DAGSTER_HOME"] = str(night.home.dagster.resolve())
    defs, run_id = build_defs(night), str(uuid.uuid4())
    job = defs.resolve_job_def(PERIOD_JOB if night.again else "nightly")
    # Which months a period touches is known only in the run: it notes them as a night does.
    chosen = sorted((dg.AssetSelection.all() - MONTHS).resolve(defs.resolve_asset_graph())) if night.again else None
    tags = {"taizhang/period": night.again.said} if night.again else None
    with dg.DagsterInstance.from_config(str(night.home.dagster)) as instance:
        end_dead_runs(instance, night.home, own_run=run_id)
        try:
            job.execute_in_process(
                instance=instance, run_config=QUIET, run_id=run_id, asset_selection=chosen, tags=tags
            )
        except dg.DagsterError as error:
            if night.failed_checks["en"]:
                raise _blocked(night.failed_checks) from error
            raise


@contextmanager
def _machine_trouble() -> Iterator[None]:
    """Tells a full disk and other trouble of the machine apart from what is wrong with data.

    Raises:
        TryAgain: the machine could not write or had too little memory.
    """
    import duckdb
    from sqlalchemy.exc import OperationalError  # of Dagster's own storage

    try:
        yield
    except (duckdb.OperationalError, duckdb.FatalException, OperationalError, OSError) as error:
        full = getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        if isinstance(error, OSError) and not full:
            raise
        told = str(error).partition("\n")[0]
        raise TryAgain(
            f"机器写不下或内存不足,今晚没有发布;上一次发布仍然有效,收到的文件一个不少。{told}",
            f"The machine could not write or lacked memory; nothing is published tonight, the last release stays and "
            f"no file is lost. {told}",
            remedy_zh="腾出磁盘空间,再运行 taizhang run;它会接着做完。",
            remedy_en="make room on the disk, then run again; it finishes the work.",
        ) from error


def _blocked(failed: dict[str, list[str]]) -> TaizhangError:
    zh, en = ("\n  ".join(map(printable, failed[lang])) for lang in ("zh", "en"))
    return TaizhangError(
        f"检查没有通过,今晚不发布,上一次发布仍然有效:\n  {zh}",
        f"A blocking check failed; nothing is published tonight and the last release stays:\n  {en}",
        remedy_zh="仓库与收到的文件对不上:运行 taizhang run --full,由存档重建;仍不通过时,打开 make dagster 的页面,"
        "看失败的检查列出的行,交给台账的维护人员。",
        remedy_en="the warehouse does not agree with what was received: taizhang run --full rebuilds it from the "
        "archive; if it fails again, open the page of make dagster, see the rows that the failed check lists, and "
        "tell those who maintain taizhang.",
    )


def _quiet(_name: str) -> None:
    """Says nothing."""


@dataclass
class _Progress:
    """Says on stderr what the night is at: each kind of work once, and the file being read every two seconds."""

    started: float
    lang: Lang
    told: set[str] = field(default_factory=set)
    last: float = 0.0

    def __call__(self, name: str) -> None:
        from pipelines.warehouse.night import is_file

        kind = name if name in STAGES else "file" if is_file(name) else name.partition(" ")[0]
        kind = "select" if kind not in STAGES and kind != "file" else kind
        moment = time.perf_counter()
        if kind in self.told and (kind != "file" or moment - self.last < 2):
            return
        self.told.add(kind)
        self.last = moment
        text = printable(name) if kind == "file" else say(self.lang, *STAGES[kind])
        print(f"  {moment - self.started:5.1f} s  {text}", file=sys.stderr, flush=True)


def _quiet_libraries() -> None:
    """What libraries say of their own future is for developers (the tests heed it), not for the terminal."""
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
