"""The outlines of units that a site supplies as GeoJSON, made small enough to be drawn.

The file is `catalog/boundaries.geojson` below the home: a FeatureCollection of polygons whose property `code` is the
unit's code. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.catalog.wording import Words
from pipelines.settings import Home

if TYPE_CHECKING:
    from shapely import Geometry

FILE = "boundaries.geojson"
MOST_BYTES = 20_000_000
MOST_MAPS = 200  # that are kept in memory
MOST_POINTS = 5_000  # of one map; about 90 kB
FINENESS = 1_000  # steps across the map below which a corner is left out, to begin with
REMEDY = Words(
    "见 docs/guide/dashboards-map.md;改好后刷新本页。", "see docs/guide/dashboards-map.md; reload this page afterwards."
)

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Boundaries:
    """What a site's file holds.

    Attributes:
        shapes: outline by the unit's code.
        problem: why nothing of the file, or not all of it, can be drawn; None where all can.
        drawn: outlines that were asked for before, by the units' codes.
    """

    shapes: dict[str, Geometry]
    problem: Words | None = None
    drawn: dict[tuple[str, ...], dict[str, Outline]] = field(default_factory=dict)


@dataclass(frozen=True)
class Outline:
    """A unit's outline as it is drawn.

    Attributes:
        rings: closed lines; those of holes run the other way round.
        label: a point inside, where the name stands.
        size: how much of the map's box the unit's box takes; larger ones are named first.
    """

    rings: list[Ring]
    label: tuple[float, float]
    size: float


def boundaries(home: Home) -> Boundaries | None:
    """The site's outlines; None where it supplies none. Read again when the file has changed."""
    path = home.catalog / FILE
    try:
        found = path.stat()
    except OSError:
        return None
    if found.st_size > MOST_BYTES:
        return _broken(
            f"{FILE} 有 {found.st_size / 1e6:.0f} MB,超过 {MOST_BYTES / 1e6:.0f} MB,没有读。请先简化边界。",
            f"{FILE} has {found.st_size / 1e6:.0f} MB, more than {MOST_BYTES / 1e6:.0f} MB, and was not read. "
            "Simplify it first.",
        )
    return _read(path, found.st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, _: int) -> Boundaries:
    try:
        features = _features(json.loads(path.read_bytes().decode("utf-8-sig")))
    except (OSError, ValueError, RecursionError) as error:
        return _broken(f"{FILE} 不是可读的 GeoJSON:{error}。", f"{FILE} is no readable GeoJSON: {error}.")
    shapes: dict[str, Geometry] = {}
    refused: list[str] = []
    for number, feature in enumerate(features, 1):
        code, shape = _shape(feature)
        if code and shape is not None and code not in shapes:
            shapes[code] = shape
        else:
            refused.append(code or f"features[{number - 1}]")
    if not refused:
        return Boundaries(shapes)
    some = ", ".join(refused[:3])
    return Boundaries(
        shapes,
        Words(
            f"{FILE} 里有 {len(refused)} 个要素没有画(缺属性 code、code 重复,或不是面),如 {some}。{REMEDY.zh}",
            f"Features of {FILE} that are not drawn (no property code, a code twice, or no polygon): {len(refused)}, "
            f"e.g. {some}; "
            f"{REMEDY.en}",
        ),
    )


def _broken(zh: str, en: str) -> Boundaries:
    return Boundaries({}, Words(f"{zh}{REMEDY.zh}", f"{en} {REMEDY.en}"))


def _features(found: Any) -> list[Any]:
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise ValueError("type 不是 FeatureCollection / its type is not FeatureCollection")
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise ValueError("没有 features / it has no features")
    return features


def _shape(feature: Any) -> tuple[str, Geometry | None]:
    """Code and outline of a feature; the outline is None where it is no area."""
    import shapely
    from shapely.geometry import shape

    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return "", None
    code = str(feature["properties"].get("code") or "")
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return code, None
    try:
        found = shape(geometry)
        found = found if found.is_valid else shapely.make_valid(found)
    except (shapely.errors.ShapelyError, ValueError, TypeError, IndexError, KeyError):
        return code, None
    return code, None if found.is_empty or found.area == 0 else found


def outlines(found: Boundaries, codes: Iterable[str]) -> dict[str, Outline]:
    """The outlines of some units, simplified together so that neighbours keep their common border.

    Args:
        found: the site's outlines.
        codes: of the units on the map; those without an outline are left out.
    """
    drawn = tuple(sorted(code for code in codes if code in found.shapes))
    if not drawn:
        return {}
    if drawn not in found.drawn:
        if len(found.drawn) >= MOST_MAPS:
            found.drawn.clear()
        found.drawn[drawn] = _drawn(found, drawn)
    return found.drawn[drawn]


def _drawn(found: Boundaries, drawn: tuple[str, ...]) -> dict[str, Outline]:
    import shapely

    shapes = [found.shapes[code] for code in drawn]
    box = shapely.total_bounds(shapes)
    across = max(float(box[2] - box[0]), float(box[3] - box[1]))
    kept, step = _simplified(shapes, across)
    return {code: _outline(shape, step, across) for code, shape in zip(drawn, kept, strict=True)}


def _simplified(shapes: Sequence[Geometry], across: float) -> tuple[list[Geometry], float]:
    """The shapes with as few corners as are needed, and the width of a step of the grid that they are rounded to."""
    import shapely

    step = across / FINENESS
    kept = list(shapes)
    while int(shapely.get_num_coordinates(kept).sum()) > MOST_POINTS and step < across:
        kept = [
            new if not new.is_empty else old
            for new, old in zip(shapely.coverage_simplify(shapes, step), shapes, strict=True)
        ]
        step *= 2
    return kept, across / (4 * FINENESS)


def _outline(shape: Geometry, step: float, across: float) -> Outline:
    import shapely

    areas = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = [ring for area in areas for ring in _rings(shapely.orient_polygons(area))]
    point = shapely.point_on_surface(max(areas, key=lambda area: area.area))
    left, low, right, high = shape.bounds
    return Outline(
        [[(_rounded(x, step), _rounded(y, step)) for x, y, *_ in ring] for ring in rings],
        (_rounded(point.x, step), _rounded(point.y, step)),
        max(right - left, high - low) / across,
    )


def _rings(area: Any) -> list[Any]:
    return [area.exterior.coords, *(hole.coords for hole in area.interiors)]


def _rounded(value: float, step: float) -> float:
    """A coordinate on the grid, written with no more digits than it has.

    >>> _rounded(113.123456, 0.01)
    113.12
    """
    return float(f"{round(value / step) * step:.10g}")
