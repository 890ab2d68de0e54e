"""A usable uv, found or fetched, with nothing but Python's standard library.

    python3 tools/bootstrap.py               prints the path of uv
    python3 tools/bootstrap.py -- sync ...   runs uv with these words, caches where they can be written

Looked at in this order: uv on PATH; .tools/ of this checkout from an earlier time; a private venv
with pip; pip into .tools/uv; the wheel from the package index, checked by its SHA-256.
PIP_INDEX_URL, UV_INDEX_URL or UV_DEFAULT_INDEX name another index than https://pypi.org/simple.
"""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
OLDEST = (0, 9)
WANTED = "uv>=0.9,<1"
DEFAULT_INDEX = "https://pypi.org/simple"


class Link(NamedTuple):
    """One wheel of uv on an index: where it is, its version, its platform tag, its SHA-256."""

    url: str
    version: tuple[int, ...]
    platform: str
    sha256: str


class Failure(Exception):
    """One way to get uv that did not work, and why."""


# ---- finding


def version_of(uv: Path | str) -> tuple[int, ...]:
    """The version that this uv reports; () if it does not run."""
    try:
        said = subprocess.run([str(uv), "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.match(r"uv (\d+)\.(\d+)\.(\d+)", said.stdout) if said.returncode == 0 else None
    return tuple(int(part) for part in found.groups()) if found else ()


def on_path() -> Path | None:
    """uv on PATH, new enough."""
    found = shutil.which("uv")
    return Path(found) if found and version_of(found) >= OLDEST else None


def from_before() -> Path | None:
    """uv that an earlier run put into .tools/."""
    places = (TOOLS / "uv-venv" / "bin" / "uv", TOOLS / "uv" / "bin" / "uv")
    return next((place for place in places if place.exists() and version_of(place) >= OLDEST), None)


# ---- fetching


def index_url(environment: dict[str, str]) -> str:
    """The package index that the environment names, without a slash at its end.

    >>> index_url({"PIP_INDEX_URL": "https://mirror.example/simple/"})
    'https://mirror.example/simple'
    >>> index_url({})
    'https://pypi.org/simple'
    """
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    named = next((environment[name] for name in names if environment.get(name)), DEFAULT_INDEX)
    return named.split("=", 1)[-1].rstrip("/") if re.match(r"[\w-]+=https?:", named) else named.rstrip("/")


def pip_environment() -> dict[str, str]:
    """The environment for pip: an index that is named for uv holds for pip too."""
    named = index_url(dict(os.environ))
    mirror = {} if named == DEFAULT_INDEX else {"PIP_INDEX_URL": named}
    return {**os.environ, **mirror, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONNOUSERSITE": "1"}


def run_quietly(*command: str | Path) -> None:
    """Runs a command; raises Failure with the end of what it said."""
    said = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=pip_environment(),
        check=False,
    )
    if said.returncode:
        raise Failure(" / ".join(said.stdout.strip().splitlines()[-3:]) or f"exit {said.returncode}")


def with_venv() -> Path:
    """uv by pip in a private venv."""
    venv = TOOLS / "uv-venv"
    shutil.rmtree(venv, ignore_errors=True)
    try:
        run_quietly(sys.executable, "-m", "venv", venv)
        run_quietly(venv / "bin" / "python", "-m", "pip", "install", "--quiet", WANTED)
    except Failure:
        shutil.rmtree(venv, ignore_errors=True)
        raise
    return venv / "bin" / "uv"


def with_pip() -> Path:
    """uv by this Python's own pip, into .tools/uv and nowhere else."""
    target = TOOLS / "uv"
    shutil.rmtree(target, ignore_errors=True)
    run_quietly(sys.executable, "-m", "pip", "install", "--quiet", "--target", target, WANTED)
    return target / "bin" / "uv"


class Anchors(HTMLParser):
    """The (href, yanked) of every link on an index page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps a link."""
        named = dict(attrs)
        if tag == "a" and named.get("href"):
            self.found.append((named["href"] or "", "data-yanked" in named))


def wheels_on(page: str, base: str) -> Iterator[Link]:
    """The final, not yanked wheels of uv on an index page.

    >>> page = '<a href="../f/uv-0.13.9-py3-none-musllinux_1_1_x86_64.whl#sha256=ab">uv</a>'
    >>> next(wheels_on(page, "https://i.example/simple/uv/")).url
    'https://i.example/simple/f/uv-0.13.9-py3-none-musllinux_1_1_x86_64.whl'
    """
    anchors = Anchors()
    anchors.feed(page)
    for href, yanked in anchors.found:
        url, _, fragment = urllib.parse.urljoin(base, href).partition("#")
        name = re.search(r"/uv-(\d+)\.(\d+)\.(\d+)-py3-none-([\w.]+)\.whl$", urllib.parse.unquote(url))
        digest = re.match(r"sha256=([0-9a-f]+)", fragment)
        if name and digest and not yanked:
            major, minor, patch, tag = name.groups()
            yield Link(url, (int(major), int(minor), int(patch)), tag, digest[1])


def fits(tag: str) -> bool:
    """Whether a wheel's platform tag is this machine's."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return tag.startswith("macosx") and tag.endswith(machine)
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return libc in tag and tag.endswith(f"_{machine}")


def get(url: str) -> bytes:
    """The bytes at an address; a user and password in the address go as basic authentication."""
    parts = urllib.parse.urlsplit(url)
    bare = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    request = urllib.request.Request(bare, headers={"Accept": "text/html, application/octet-stream, */*;q=0.1"})
    if parts.username:
        secret = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(secret.encode()).decode())
    context = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT"))
    try:
        with urllib.request.urlopen(request, timeout=120, context=context) as answer:
            return bytes(answer.read())
    except (urllib.error.URLError, OSError) as error:
        raise Failure(f"{bare}: {error}") from error


def with_wheel() -> Path:
    """uv out of its wheel from the package index, checked by the SHA-256 that the index states."""
    base = index_url(dict(os.environ)) + "/uv/"
    links = wheels_on(get(base).decode("utf-8", "replace"), base)
    usable = [link for link in links if fits(link.platform) and OLDEST <= link.version < (1,)]
    if not usable:
        raise Failure(f"no wheel of uv for {sys.platform} {platform.machine()}")
    newest = max(usable, key=lambda link: link.version)
    content = get(newest.url)
    if hashlib.sha256(content).hexdigest() != newest.sha256:
        raise Failure(f"{newest.url.rpartition('/')[2]}: its SHA-256 is not the one that the index states")
    return unpack(content, TOOLS / "uv" / "bin" / "uv")


def unpack(wheel: bytes, target: Path) -> Path:
    """The program inside a wheel of uv, written to `target` and made executable."""
    target.parent.mkdir(parents=True, exist_ok=True)
    packed = target.with_name("uv.whl")
    packed.write_bytes(wheel)
    with zipfile.ZipFile(packed) as archive:
        inside = next((name for name in archive.namelist() if name.endswith(".data/scripts/uv")), None)
        if inside is None:
            raise Failure("the wheel holds no program named uv")
        target.write_bytes(archive.read(inside))
    packed.unlink()
    target.chmod(0o755)
    return target


# ---- telling


def give_up(reasons: list[str]) -> NoReturn:
    """Ends with what was tried and what to do, in both languages."""
    tried = "\n".join(f"    - {reason}" for reason in reasons)
    oldest = ".".join(map(str, OLDEST))
    sys.exit(
        f"没有找到 uv,也没能自动取得。已尝试:\n{tried}\n"
        "  → 检查网络,或用环境变量 PIP_INDEX_URL 指定镜像;"
        f"也可自行安装 uv {oldest} 以上版本并放入 PATH,然后重试。\n"
        f"uv was not found and could not be fetched. Tried:\n{tried}\n"
        "  → check the network, or name a mirror in PIP_INDEX_URL; "
        f"or put uv {oldest} or newer on PATH, then try again."
    )


def find_uv() -> Path:
    """The path of a uv that runs; fetches one where there is none."""
    found = on_path() or from_before()
    if found:
        return found
    print("没有 uv,正在取到 .tools/ …  No uv here: fetching it into .tools/ …", file=sys.stderr)
    reasons = []
    for way, name in ((with_venv, "venv + pip"), (with_pip, "pip --target"), (with_wheel, "wheel")):
        try:
            uv = way()
            if version_of(uv) >= OLDEST:
                return uv
            raise Failure(f"{uv} does not run")
        except (Failure, OSError) as error:
            reasons.append(f"{name}: {error}")
    give_up(reasons)


def can_write(folder: Path) -> bool:
    """Whether a folder, or the nearest one above it that exists, can be written."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def uv_environment() -> dict[str, str]:
    """The environment for uv: the project's own venv, and caches in .tools/ where HOME cannot be written."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    home = Path(os.path.expanduser("~"))
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "uv"
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "uv"
    if not can_write(cache):
        environment.setdefault("UV_CACHE_DIR", str(TOOLS / "cache"))
    if not can_write(data):
        environment.setdefault("UV_PYTHON_INSTALL_DIR", str(TOOLS / "python"))
    return environment


def main() -> None:
    """Prints the path of uv, or becomes uv with the words after --."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python can reach this line
        sys.exit("需要 Python 3.11 或更新版本。  Python 3.11 or newer is needed. → make PYTHON=python3.11 …")
    words = sys.argv[1:]
    uv = find_uv()
    if words[:1] != ["--"]:
        print(uv)
        return
    os.execve(uv, [str(uv), *words[1:]], uv_environment())


if __name__ == "__main__":
    main()
