"""The guide to a new form, done as it says: its files, its commands, and what it shows of their answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.settings import CHECKOUT
from tests.unit.cli.conftest import Taizhang

GUIDE = (CHECKOUT / "docs/guide/form-file.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(csv|yaml|text) (\S+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_guide_to_a_new_form_does_what_it_says(
    taizhang: Taizhang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = 0
    for kind, name, text in BLOCKS:
        if kind == "text":
            assert name == str(shown)
            shown += 1
            said = taizhang("check", "讲座.csv", "--home", "站点", "--explain", "--lang", "zh").out
            for line in text.splitlines():
                assert line in said
            continue
        path = tmp_path / ("站点" if kind == "yaml" else "") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        if name == "orgs.csv":
            assert taizhang("init", "--home", "站点", "--orgs", "orgs.csv").code == 0
        if kind == "yaml":
            assert taizhang("catalog", "check", "--home", "站点").code == 0
    assert shown == 3


@pytest.mark.parametrize("written", sorted(set(re.findall(r"`([a-z_]+)[:：]", GUIDE))))
def test_every_field_that_the_guide_names_is_one_of_the_language(written: str) -> None:
    models = (CHECKOUT / "pipelines/catalog/models/forms.py").read_text("utf-8")
    assert re.search(rf"^    {written}: ", models, re.MULTILINE)
