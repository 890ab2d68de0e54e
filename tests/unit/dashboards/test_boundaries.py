"""Outlines that a site supplies: what is read, what is refused and in what words, how small they are made."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path
from typing import Any

import pytest

from dashboards import boundaries as module
from dashboards.boundaries import FILE, MOST_POINTS, Boundaries, boundaries, outlines
from dashboards.figures.places import labels
from pipelines.settings import Home


def square(x: float, y: float = 0.0, size: float = 1.0) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def feature(code: object, rings: list[Any], kind: str = "Polygon") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": rings}}


def supplied(home: Home, *features: Any) -> Boundaries:
    home.catalog.mkdir(parents=True, exist_ok=True)
    (home.catalog / FILE).write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
    found = boundaries(home)
    assert found is not None
    return found


def test_a_site_without_a_file_has_no_outlines(tmp_path: Path) -> None:
    assert boundaries(Home(tmp_path)) is None


def test_outlines_are_found_by_code_and_closed(tmp_path: Path) -> None:
    found = supplied(
        Home(tmp_path), feature("a", [square(0)]), feature("b", [[square(1)], [square(5)]], "MultiPolygon")
    )
    assert found.problem is None
    drawn = outlines(found, ["a", "b", "unknown"])
    assert set(drawn) == {"a", "b"}
    assert len(drawn["b"].rings) == 2
    assert all(ring[0] == ring[-1] for outline in drawn.values() for ring in outline.rings)
    assert 0 < drawn["a"].label[0] < 1


def test_a_hole_runs_the_other_way_round(tmp_path: Path) -> None:
    found = supplied(Home(tmp_path), feature("a", [square(0, 0, 4), square(1, 1)]))
    turns = [
        sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) > 0
        for ring in outlines(found, ["a"])["a"].rings
    ]
    assert sorted(turns) == [False, True]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "不是可读的 GeoJSON"),
        ("[]", "FeatureCollection"),
        ('{"type": "FeatureCollection"}', "没有 features"),
        ('{"type": "FeatureCollection", "features": []}', "没有 features"),
        ("[" * 100_000, "不是可读的 GeoJSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_the_remedy(tmp_path: Path, content: str, said: str) -> None:
    home = Home(tmp_path)
    home.catalog.mkdir(parents=True)
    (home.catalog / FILE).write_text(content, "utf-8")
    found = boundaries(home)
    assert found is not None
    assert found.problem is not None
    assert found.shapes == {}
    assert said in found.problem.zh
    assert "dashboards-map.md" in found.problem.en


@pytest.mark.parametrize(
    "wrong",
    [
        feature("", [square(3)]),
        feature("a", [square(3)]),
        feature("x", [1, 2], "Point"),
        feature("x", [[[0, 0], [1, 1]]]),
        feature("x", [[["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]]),
        feature("x", []),
        feature("x", [[[0, 0], [1, 1], [2, 2], [0, 0]]]),
        {"type": "Feature", "properties": None, "geometry": None},
        "text",
    ],
)
def test_a_feature_that_is_no_outline_is_named_and_the_rest_is_drawn(tmp_path: Path, wrong: Any) -> None:
    found = supplied(Home(tmp_path), feature("a", [square(0)]), wrong)
    assert set(found.shapes) == {"a"}
    assert found.problem is not None
    assert "1 个要素没有画" in found.problem.zh


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    found = supplied(Home(tmp_path), feature("a", [square(0)]))
    assert found.problem is not None
    assert "没有读" in found.problem.zh


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert set(supplied(home, feature("a", [square(0)])).shapes) == {"a"}
    before = (home.catalog / FILE).stat()
    supplied(home, feature("b", [square(0)]))
    os.utime(home.catalog / FILE, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    again = boundaries(home)
    assert again is not None
    assert set(again.shapes) == {"b"}


def test_many_corners_are_made_few_and_neighbours_keep_their_border(tmp_path: Path) -> None:
    turns = [2 * pi * step / 8000 for step in range(4001)]
    upper = [[cos(turn), sin(turn)] for turn in turns]
    lower = [[cos(turn), -sin(turn)] for turn in reversed(turns)]
    found = supplied(
        Home(tmp_path),
        feature("up", [[*upper, [1, 0]]]),
        feature("down", [[*lower, [-1, 0]]]),
    )
    drawn = outlines(found, ["up", "down"])
    assert sum(len(ring) for outline in drawn.values() for ring in outline.rings) <= MOST_POINTS
    ends = [{point for ring in drawn[code].rings for point in ring} for code in ("up", "down")]
    assert {(-1.0, 0.0), (1.0, 0.0)} <= ends[0] & ends[1]


def test_labels_never_lie_on_each_other_and_fall_back_to_the_value(tmp_path: Path) -> None:
    found = supplied(Home(tmp_path), *(feature(f"u{at}", [square(at % 10, at // 10)]) for at in range(100)))
    drawn = outlines(found, found.shapes)
    rows = [
        {"org_code": code, "org_name": "<b>村", "value": 50.0, "state": "ok", "against_mean": "unclear"}
        for code in drawn
    ]
    placed = labels(rows, drawn, "higher", (0, 10, 0, 10))
    assert 0 < len(placed) < 100
    assert all("<b>" not in label["text"] for label in placed)
    full = [(label["x"], label["y"]) for label in placed if "<br>" in label["text"]]
    assert all(
        abs(one[0] - other[0]) >= 1.8 or abs(one[1] - other[1]) >= 0.7
        for at, one in enumerate(full)
        for other in full[at + 1 :]
    )
