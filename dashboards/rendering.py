"""Templates of pages that are files: every text is escaped, a name that is missing is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from dashboards import wording

TEMPLATES = Path(__file__).with_name("templates")


@cache
def template(name: str) -> Any:
    """A template of `dashboards/templates/`, e.g. 'release.html'."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = wording.number
    # JSON inside a script element: nothing in it may close the element.
    environment.filters["inline_json"] = lambda text: Markup(text.replace("<", "\\u003c"))
    return environment.get_template(name)
