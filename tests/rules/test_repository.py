"""Rules over the tree itself; each is shown to fail on a planted bad example."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PACKAGES = ("assets", "bench", "dashboards", "expectations", "pipelines")
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
FUNCTION_LINES = 60
MODULE_LINES = 400
HOSTS = {"https://pypi.org", "https://files.pythonhosted.org"}
# Places that exist on one machine only. Put together here, so that this file does not hold them.
PRIVATE_PLACES = ("..", "/shared"), ("/work", "/")


def files_of(root: Path) -> list[Path]:
    """Every file of the repository: what git knows or would add; in a plain folder every file."""
    if not (root / ".git").exists():
        return [path for path in sorted(root.rglob("*")) if path.is_file()]
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()
    return [root / name for name in sorted(set(listed.split("\0"))) if name and (root / name).is_file()]


def modules_of(root: Path) -> list[Path]:
    return [path for path in files_of(root) if path.suffix == ".py"]


def parsed(root: Path) -> Iterator[tuple[Path, str, ast.Module]]:
    for path in modules_of(root):
        text = path.read_text("utf-8")
        yield path.relative_to(root), text, ast.parse(text)


# ---- the rules: each gives its offences


def packages_without_a_docstring(root: Path) -> list[str]:
    """Every package's __init__ says who lives there and who does not."""
    folders = {
        folder
        for path in modules_of(root)
        for folder in path.relative_to(root).parents
        if folder.parts and folder.parts[0] in PACKAGES
    }
    return [f"{folder}/__init__.py" for folder in sorted(folders) if not has_docstring(root / folder)]


def has_docstring(folder: Path) -> bool:
    init = folder / "__init__.py"
    return init.is_file() and bool(ast.get_docstring(ast.parse(init.read_text("utf-8"))))


def modules_named_for_nothing(root: Path) -> list[str]:
    """A module is named for what it holds."""
    names = (path.relative_to(root) for path in modules_of(root))
    return [str(name) for name in names if NO_NAMES & {name.stem, *name.parent.parts}]


def long_functions(root: Path) -> list[str]:
    """A function has at most 60 lines."""
    return [
        f"{path}:{node.lineno} {node.name}: {lines} lines"
        for path, _, tree in parsed(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def long_modules(root: Path) -> list[str]:
    """A module has at most 400 lines."""
    return [
        f"{path}: {lines} lines" for path, text, _ in parsed(root) if (lines := len(text.splitlines())) > MODULE_LINES
    ]


def mentions_of_private_places(root: Path) -> list[str]:
    """Nothing refers to a folder that only one machine has."""
    places = ["".join(parts) for parts in PRIVATE_PLACES]
    texts = ((path, path.read_bytes()) for path in files_of(root))
    return [
        f"{path.relative_to(root)}: {place}"
        for path, content in texts
        for place in places
        if b"\0" not in content[:8192] and place.encode() in content
    ]


def settings_that_hide_the_workspace(root: Path) -> list[str]:
    """With a [tool.dagster] block the dagster commands silently ignore workspace.yaml."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return ["pyproject.toml: [tool.dagster]"] if "dagster" in settings.get("tool", {}) else []


def foreign_hosts_in_the_lock(root: Path) -> list[str]:
    """The lock takes packages from the public index and from nowhere else."""
    words = (root / "uv.lock").read_text("utf-8").split('"')
    addresses = (word for word in words if "://" in word)
    return sorted({host for word in addresses if (host := "/".join(word.split("/")[:3])) not in HOSTS})


Rule = Callable[[Path], list[str]]
LONG_FUNCTION = "def f():\n" + "    x = 1\n" * FUNCTION_LINES
BAD: list[tuple[Rule, dict[str, str]]] = [
    (packages_without_a_docstring, {"assets/core/fact.py": "", "assets/__init__.py": '"""Here."""'}),
    (packages_without_a_docstring, {"assets/__init__.py": "import os"}),
    (modules_named_for_nothing, {"pipelines/utils.py": ""}),
    (modules_named_for_nothing, {"pipelines/helpers/text.py": ""}),
    (long_functions, {"pipelines/long.py": LONG_FUNCTION}),
    (long_functions, {"pipelines/long.py": "class C:\n  async " + LONG_FUNCTION.replace("\n", "\n  ")}),
    (long_modules, {"pipelines/long.py": "x = 1\n" * (MODULE_LINES + 1)}),
    (mentions_of_private_places, {"docs/a.md": "see .." + "/shared/x"}),
    (mentions_of_private_places, {"sql/a.sql": "-- /work" + "/main"}),
    (settings_that_hide_the_workspace, {"pyproject.toml": "[tool.dagster]\nmodule_name = 'x'\n"}),
    (foreign_hosts_in_the_lock, {"uv.lock": 'registry = "https://mirror.example/simple"\n'}),
    (foreign_hosts_in_the_lock, {"uv.lock": 'url = "https://pypi.org.example/simple"\n'}),
    (foreign_hosts_in_the_lock, {"uv.lock": 'git = "git+ssh://git@example.org/x"\n'}),
]
GOOD = {
    "assets/__init__.py": '"""What exists."""\n',
    "pipelines/__init__.py": '"""How data moves."""\n',
    "pipelines/exact.py": LONG_FUNCTION.replace("    x = 1\n", "", 1),
    "pyproject.toml": "[tool.ruff]\n",
    "uv.lock": 'registry = "https://pypi.org/simple"\nurl = "https://files.pythonhosted.org/x"\n',
}
RULES = list(dict.fromkeys(rule for rule, _ in BAD))


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_repository_has_no(rule: Rule, repo_root: Path) -> None:
    assert rule(repo_root) == []


@pytest.mark.parametrize(("rule", "files"), BAD, ids=[f"{n}-{rule.__name__}" for n, (rule, _) in enumerate(BAD)])
def test_the_rule_finds_a_planted_offence(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    assert len(rule(plant(tmp_path, files))) == 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_is_silent_on_a_good_tree(rule: Rule, tmp_path: Path) -> None:
    assert rule(plant(tmp_path, GOOD)) == []
