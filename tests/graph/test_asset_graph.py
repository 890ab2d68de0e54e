"""The asset graph is what graph.txt says, and loading it costs no heavy library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

SNAPSHOT = Path(__file__).with_name("graph.txt")
HEAVY = ("great_expectations", "pandas", "plotly", "scipy", "polars", "openpyxl", "python_calamine")
REGENERATE = "python tests/graph/test_asset_graph.py"


def graph_text() -> str:
    """Each asset with its group and checks, then its dependencies, sorted."""
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        checks = ", ".join(sorted(check.name for check in graph.get_check_keys_for_assets({key})))
        lines.append(f"{'.'.join(key.path)} [{node.group_name}]{f' checks: {checks}' if checks else ''}")
        lines += [f"    {'.'.join(parent.path)}" for parent in sorted(node.parent_keys)]
    return "\n".join(lines) + "\n"


def test_the_asset_graph_is_its_snapshot() -> None:
    message = f"The graph has changed. If that is meant, run: {REGENERATE}"
    assert graph_text().splitlines() == SNAPSHOT.read_text(encoding="utf-8").splitlines(), message


def test_every_dependency_is_an_asset_itself() -> None:
    lines = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    assets = {line.split(" ")[0] for line in lines if not line.startswith(" ")}
    assert {line.strip() for line in lines if line.startswith(" ")} <= assets


def test_the_groups_read_like_the_way_of_a_number() -> None:
    """No arrow leads back: what an asset is made from stands in its own group or in one before."""
    from assets.described import GROUPS
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    groups = {key: graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert sorted(GROUPS) == list(GROUPS)
    assert set(groups.values()) == set(GROUPS)
    back = [
        f"{key.to_user_string()} ← {parent.to_user_string()}"
        for key in groups
        for parent in graph.get(key).parent_keys
        if groups[parent] > groups[key]
    ]
    assert back == []


def test_the_release_waits_for_every_table_and_so_for_every_check() -> None:
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    before, waiting = set(), {dg.AssetKey(["meta", "release"])}
    while waiting:
        key = waiting.pop()
        before.add(key)
        waiting |= graph.get(key).parent_keys - before
    tables = {key for key in graph.get_all_asset_keys() if key.path[0] not in ("meta", "months")}
    needed = {key for key in tables if graph.get_check_keys_for_assets({key}) or key.path[0] in ("marts", "quality")}
    assert len(needed) > 15
    assert needed <= before


@pytest.mark.parametrize("library", HEAVY)
def test_loading_the_definitions_imports_no_heavy_library(library: str, imported: set[str]) -> None:
    assert library not in imported


def test_the_list_of_imported_libraries_is_no_empty_one(imported: set[str]) -> None:
    assert {"dagster", "duckdb"} <= imported


@pytest.fixture(scope="module")
def imported(repo_root: Path) -> set[str]:
    """The top-level modules in a fresh interpreter that has loaded the definitions."""
    code = "import sys, pipelines.definitions; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo_root, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


if __name__ == "__main__":
    sys.path.insert(0, str(SNAPSHOT.parents[2]))
    SNAPSHOT.write_text(graph_text(), encoding="utf-8")
    print(f"{SNAPSHOT}: written")
