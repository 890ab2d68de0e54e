"""The return that goes up opens in LibreOffice: it prints, and what LibreOffice saves says the same."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.periods import parse_code
from pipelines.intake.cover import Cover, Section
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.outgoing import Outgoing, make_return, outgoing_rows
from pipelines.intake.template_page import Said
from pipelines.intake.understand import understand
from pipelines.sample.examples import UNITS, places
from pipelines.settings import SHIPPED_CATALOG

CATALOG = replace(load_catalog(SHIPPED_CATALOG), orgs=places())
INDEX = OrgIndex(CATALOG.orgs)
STATES = ("not_collected", "not_carried_out", "suppressed", "blank")


def libreoffice(*words: object, folder: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("no LibreOffice on this machine (Debian: libreoffice-calc)")
    own = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run([program, own, "--headless", *map(str, words)], check=True, capture_output=True, timeout=300)


def test_it_prints_and_what_libreoffice_saves_says_the_same(tmp_path: Path) -> None:
    form, county = CATALOG.forms["maternal_health_year"], places()[UNITS["county"]]
    period = parse_code("M2014")
    rows = outgoing_rows(form, INDEX, county, period)
    figures = {
        (org.code, item.element, item.breakdown): Said(Decimal(number * 37 % 9000))
        if number % 7
        else Said(None, STATES[number // 7 % 4])
        for org in (*rows, county)
        for number, item in enumerate(form.items, 1)
    }
    cover = Cover("汇总说明", [("发布 release", "x")], [Section("覆盖", ("项目", "数"), [("=1+1", Decimal(2))])])
    made = make_return("maternal_health_year", CATALOG, INDEX, county, period, rows, Outgoing(figures, cover))
    (tmp_path / "up.xlsx").write_bytes(made.content)
    libreoffice("--convert-to", "pdf", "--outdir", tmp_path / "pdf", tmp_path / "up.xlsx", folder=tmp_path)
    assert (tmp_path / "pdf" / "up.pdf").read_bytes().startswith(b"%PDF")
    libreoffice("--convert-to", "xlsx", "--outdir", tmp_path / "saved", tmp_path / "up.xlsx", folder=tmp_path)
    [before] = understand(made.content, CATALOG, INDEX)
    [after] = understand((tmp_path / "saved" / "up.xlsx").read_bytes(), CATALOG, INDEX)
    assert (after.form, after.org, after.period, after.quarantine) == (before.form, before.org, before.period, [])
    assert after.facts == before.facts
    assert [(claim.indicator, claim.value, claim.decimals) for claim in after.claims] == [
        (claim.indicator, claim.value, claim.decimals) for claim in before.claims
    ]
    assert len(after.claims) > 10
