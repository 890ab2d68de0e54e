"""Where things are: the checkout, a site's home, the night's clock."""

from __future__ import annotations

import hashlib
import math
import os
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from pipelines.errors import TaizhangError
from pipelines.limits import Limits

CHECKOUT = Path(__file__).resolve().parent.parent
SHIPPED_CATALOG = CHECKOUT / "catalog"
CODE_FOLDERS = ("pipelines", "assets", "sql", "expectations", "dashboards")
FOLDERS = ("inbox", "archive", "journal", "refused", "releases", "dagster", "catalog", "logs", "taking")
RECEIPT_TIMES = ("clock", "modified")
CHECK_SECONDS = 60.0
DAGSTER_SETTINGS = {
    "telemetry": "# Nothing is sent anywhere.\ntelemetry:\n  enabled: false\n",
    "nux": "nux:\n  enabled: false\n",
    "concurrency": "# One writer: runs wait for each other.\nconcurrency:\n  runs:\n    max_concurrent_runs: 1\n",
}  # of a site's own Dagster instance: SQLite beside the warehouse


@dataclass(frozen=True)
class Home:
    """A site's folder: what units sent, what was said, the warehouse and its releases."""

    path: Path

    @property
    def inbox(self) -> Path:
        """What units send; emptied every night."""
        return self.path / "inbox"

    @property
    def taking(self) -> Path:
        """Files on their way from the inbox to the archive; empty between nights."""
        return self.path / "taking"

    @property
    def archive(self) -> Path:
        """Every file ever received, by its SHA-256."""
        return self.path / "archive"

    @property
    def journal(self) -> Path:
        """What happened, a line each."""
        return self.path / "journal" / "journal.jsonl"

    @property
    def refused(self) -> Path:
        """Files that were not accepted, each with its reason beside it."""
        return self.path / "refused"

    @property
    def warehouse(self) -> Path:
        """The writer's own database; readers open a release."""
        return self.path / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """What readers open."""
        return self.path / "releases"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage."""
        return self.path / "dagster"

    @property
    def catalog(self) -> Path:
        """The site's additions to the catalog, and its organisations."""
        return self.path / "catalog"

    @property
    def config(self) -> Path:
        """The site's settings."""
        return self.path / "taizhang.toml"

    @cached_property
    def catalog_folders(self) -> tuple[Path, ...]:
        """The shipped catalog, then the site's own, which is laid over it."""
        return (SHIPPED_CATALOG, self.catalog)

    @property
    def is_demo(self) -> bool:
        """Whether `taizhang demo` made it, and may make it anew."""
        return bool(self.settings.get("demo", False))

    @property
    def receipt_time(self) -> str:
        """When a file counts as received: 'clock', in the night that takes it; 'modified', when it was last changed.

        Raises:
            TaizhangError: taizhang.toml says something else.
        """
        found = self.settings.get("receipt_time", RECEIPT_TIMES[0])
        if found not in RECEIPT_TIMES:
            raise TaizhangError(
                f"{self.config}:receipt_time 的“{found}”不是 {'、'.join(RECEIPT_TIMES)} 之一。",
                f"{self.config}: receipt_time is {found!r}, which is none of {', '.join(RECEIPT_TIMES)}.",
                remedy_zh='写 receipt_time = "clock"(收件那一夜的时间)或 "modified"(文件最后修改的时间)。',
                remedy_en='write receipt_time = "clock" (the night that takes it) or "modified" (its last change).',
            )
        return str(found)

    @property
    def settings(self) -> dict[str, object]:
        """What taizhang.toml says."""
        try:
            return tomllib.loads(self.config.read_text(encoding="utf-8")) if self.config.exists() else {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise TaizhangError(
                f"{self.config} 写得不对:{error}",
                f"{self.config} cannot be read: {error}",
                remedy_zh="按 TOML 的写法改正。",
                remedy_en="mend it; it is TOML.",
            ) from error

    @property
    def limits(self) -> Limits:
        """What one file may ask of the machine.

        Raises:
            TaizhangError: taizhang.toml names a limit that does not exist, or gives one no whole number.
        """
        return Limits.told(self.settings.get("limits"), self.config)

    @property
    def inbox_settle_seconds(self) -> float:
        """How long a file of the inbox must not have changed before Dagster starts a night for it.

        Raises:
            TaizhangError: taizhang.toml says something that is no number of seconds.
        """
        said = self.settings.get("inbox_settle_seconds", 60)
        if isinstance(said, bool) or not isinstance(said, int | float) or said < 0:
            raise TaizhangError(
                f"{self.config} 中的 inbox_settle_seconds 不是秒数:{said!r}。",
                f"inbox_settle_seconds in {self.config} is no number of seconds: {said!r}.",
                remedy_zh="写成 inbox_settle_seconds = 60 的样子,或删去这一行。",
                remedy_en="write it like inbox_settle_seconds = 60, or leave the line out.",
            )
        return float(said)

    @property
    def check_seconds(self) -> float:
        """How often an open page of the dashboards asks for a newer release; `check_seconds` under `[serve]`.

        Raises:
            TaizhangError: taizhang.toml says something else there than a number above zero.
        """
        said = self.settings.get("serve", {})
        seconds = said.get("check_seconds", CHECK_SECONDS) if isinstance(said, dict) else None
        if (
            isinstance(seconds, bool)
            or not isinstance(seconds, int | float)
            or not math.isfinite(seconds)
            or seconds <= 0
        ):
            raise TaizhangError(
                f"{self.config}:[serve] 的 check_seconds 应是大于 0 的秒数。",
                f"{self.config}: check_seconds under [serve] must be seconds above 0.",
                remedy_zh="写 check_seconds = 60,或删去这一行。",
                remedy_en="write check_seconds = 60, or remove the line.",
            )
        return float(seconds)

    def create(self, *, demo: bool = False) -> None:
        """Makes taizhang.toml and the folders; leaves alone what is there."""
        text = "# Settings of this site; see docs/guide/site.md\n"
        text += 'demo = true\nreceipt_time = "modified"\n' if demo else ""
        _make(self.config, text)  # first: what is stopped half-way can be begun again
        for name in FOLDERS:
            (self.path / name).mkdir(exist_ok=True)
        _make(self.dagster / "dagster.yaml", "".join(DAGSTER_SETTINGS.values()))

    def require(self) -> None:
        """Raises TaizhangError where there is no site yet."""
        if not self.config.exists():
            raise TaizhangError(
                f"{self.path} 不是台账站点。",
                f"{self.path} is no taizhang site.",
                remedy_zh=f"先运行 taizhang init --home {self.path},或用 --home 指出站点所在的文件夹。",
                remedy_en=f"run taizhang init --home {self.path} first, or say with --home where the site is.",
            )


def _make(path: Path, text: str) -> None:
    """Writes a file that is not there yet: all of it or nothing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)


def default_home() -> Path:
    """The site that is meant where none is named: TAIZHANG_HOME, else ./site."""
    return Path(os.environ.get("TAIZHANG_HOME") or "site")


def now() -> datetime:
    """The clock of a night (UTC, whole seconds); TAIZHANG_CLOCK sets it where a night is to be repeated."""
    fixed = os.environ.get("TAIZHANG_CLOCK")
    try:
        moment = datetime.fromisoformat(fixed) if fixed else datetime.now(UTC)
    except ValueError as error:
        raise TaizhangError(
            f"环境变量 TAIZHANG_CLOCK 的“{fixed}”不是时间。",
            f"TAIZHANG_CLOCK is no time: {fixed!r}.",
            remedy_zh="写成 2026-11-21T18:00:00Z 的样子,或不设它。",
            remedy_en="write it like 2026-11-21T18:00:00Z, or leave it unset.",
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def code_sha256() -> str:
    """One digest over all the code and SQL that turns an archive into a release."""
    digest = hashlib.sha256()
    for folder in CODE_FOLDERS:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if (
                path.suffix in (".py", ".sql", ".yaml", ".csv", ".html", ".css", ".js")
                and "__pycache__" not in path.parts
            ):
                digest.update(f"{path.relative_to(CHECKOUT).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
