"""The page of a release: one self-contained HTML file that needs neither network nor server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboards import release_queries, release_sections, synthetic_section, wording
from dashboards.rendering import template


def render(database: Path, release: Mapping[str, object]) -> str:
    """The page of a release as HTML, in Chinese and English.

    Args:
        database: a DuckDB file with the tables of a release; opened read-only.
        release: release_id, created_at (ISO, UTC), previous_release, as_of (a day, or none), code_sha256,
            catalog_sha256, journal_entries.
    """
    import duckdb
    from plotly.offline import get_plotlyjs

    with duckdb.connect(str(database), read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        content = _content(con)
    return template("release.html").render(
        **content,
        release=dict(release),
        night=wording.beijing(str(release.get("created_at") or "")),
        plotly_js=get_plotlyjs().replace("</script", "<\\/script"),
        most=release_sections.LONGEST_TABLE,
    )


def _content(con: Any) -> dict[str, Any]:
    frame = release_queries.rates(con)
    claims = release_sections.claims(con)
    return {
        "received": release_sections.received(con),
        "groups": release_sections.rate_groups(frame),
        "gaps": release_sections.without_value(frame),
        "claims": claims,
        "sentence": release_sections.verdict_sentence(claims),
        "verdicts": list(wording.VERDICTS.items()),
        "totals": release_sections.totals(con),
        "findings": release_sections.findings(con),
        "reporting": release_sections.reporting(con),
        "synthetic": synthetic_section.read(con),
        "target_signs": [
            (words, wording.TARGET_SIGNS[code])
            for code, words in wording.TARGET_STATUSES.items()
            if wording.TARGET_SIGNS[code]
        ],
    }
