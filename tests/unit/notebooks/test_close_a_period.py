"""The notebook that closes a period: what it shows of a release, what its steps run, what it says without one."""

from __future__ import annotations

import importlib.util
import io
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.sample.examples import UNITS, example
from pipelines.settings import Home
from tests.unit.cli.test_export_form import CATALOG, SEPTEMBER, new_home
from tests.unit.warehouse.sites import plain_night, put


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A site to which one of two townships has sent a month with an error."""
    made = new_home(tmp_path_factory.mktemp("close") / "site")
    sent = example("mch_village_month", CATALOG, SEPTEMBER)
    book = openpyxl.load_workbook(io.BytesIO(sent.content))
    [cell] = [place for place, said in sent.cells.items() if (said.org, said.element) == (sent.area, "live_births")]
    book.worksheets[0][cell] = "没数"
    content = io.BytesIO()
    book.save(content)
    put(made, "a.xlsx", content.getvalue())
    plain_night(made)
    return made


@pytest.fixture
def notebook(repo_root: Path) -> Path:
    return repo_root / "notebooks" / "close_a_period.py"


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"TAIZHANG_HOME": str(home), "TAIZHANG_ORG": UNITS["county"], "TAIZHANG_FORM": "mch_village_month",
            "TAIZHANG_PERIOD": "2014-09", "TAIZHANG_DO": "", "TAIZHANG_LANG": "en", **more}  # fmt: skip


def run(notebook: Path, monkeypatch: pytest.MonkeyPatch, **wanted: str) -> dict[str, Any]:
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("close_a_period", notebook)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _, names = module.app.run()
    return dict(names)


def test_it_shows_coverage_and_findings_and_runs_nothing_unasked(
    notebook: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(home.path.rglob("*"))
    names = run(notebook, monkeypatch, **environment(home.path))
    rolled = [row for row in names["coverage"] if row["basis"] == "rolled_up"]
    assert {row["element_code"] for row in rolled} >= {"live_births", "women_delivered"}
    assert [row["severity"] for row in names["findings"]] == ["warning", "question"]
    assert (names["ran"][1], names["signed"][1], names["exported"][1]) == (None, None, None)
    assert sorted(home.path.rglob("*")) == before


def test_its_steps_are_the_commands_that_they_show(notebook: Path, home: Home) -> None:
    done = subprocess.run(
        [sys.executable, str(notebook)], env={**os.environ, **environment(home.path, TAIZHANG_DO="export")},
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    path = home.path / f"上报_mch_village_month_{UNITS['county']}_2014-09.xlsx"
    assert path.is_file()
    asked = f"--org {UNITS['county']} --period 2014-09"
    assert f"✓ taizhang export mch_village_month {asked} -o {shlex.quote(str(path))}" in done.stdout
    assert f"taizhang sign mch_village_month --under {UNITS['county']} --period 2014-09 --state" in done.stdout
    again = subprocess.run(
        [sys.executable, str(notebook)], env={**os.environ, **environment(home.path, TAIZHANG_DO="export")},
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert "✗ taizhang export" in again.stdout
    assert "is there already" in again.stdout


def test_it_signs_what_was_sent_below_computes_anew_and_exports(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = new_home(tmp_path / "site")
    book = openpyxl.load_workbook(io.BytesIO(example("mch_village_month", CATALOG, SEPTEMBER).content))
    [foot] = [cell for row in book.worksheets[0].iter_rows() for cell in row if "审核人" in str(cell.value)]
    foot.value = "审核人:        填表人:合成乙"  # nobody has checked it yet
    content = io.BytesIO()
    book.save(content)
    put(made, "a.xlsx", content.getvalue())
    plain_night(made)
    wanted = environment(made.path, TAIZHANG_DO="sign")
    before = run(notebook, monkeypatch, **wanted)
    assert {row["finality"] for row in before["coverage"]} == {"submitted"}
    said, good = before["signed"]
    assert good, said
    assert "approved 1:" in said
    plain_night(made, 2)
    after = run(notebook, monkeypatch, **{**wanted, "TAIZHANG_DO": "export"})
    assert {row["finality"] for row in after["coverage"]} == {"approved"}
    assert after["exported"][1], after["exported"][0]


def test_without_a_release_or_figures_it_says_what_to_do(
    notebook: Path, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = run(notebook, monkeypatch, **environment(tmp_path))
    assert "taizhang demo" in nothing["answer"]
    assert nothing["coverage"] == nothing["findings"] == nothing["missing"] == []
    other = run(notebook, monkeypatch, **environment(home.path, TAIZHANG_PERIOD="1999"))
    assert "knows no figure" in other["answer"]
