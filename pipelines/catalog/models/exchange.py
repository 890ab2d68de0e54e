"""What the identifiers of another system mean here."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from pipelines.catalog.models.base import Code, Entry, Name


class Meaning(Entry):
    """An element, or one breakdown of it; as text `births` or `births[female]`."""

    element: Code
    breakdown: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, said: Any) -> Any:
        if not isinstance(said, str):
            return said
        element, _, breakdown = said.removesuffix("]").partition("[")
        return {"element": element, "breakdown": breakdown}


class Exchange(Name):
    """Another system (a DHIS2, say): what its identifiers mean here.

    `elements`: its data elements; `breakdowns`: its category option combinations ('' is the total); `orgs`: its
    organisation units; `forms`: its data sets.
    """

    elements: dict[str, Meaning] = Field(default_factory=dict)
    breakdowns: dict[str, str] = Field(default_factory=dict)
    orgs: dict[str, str] = Field(default_factory=dict)
    forms: dict[str, Code] = Field(default_factory=dict)
