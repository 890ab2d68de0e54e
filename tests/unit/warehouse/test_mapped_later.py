"""What was not known is mapped later: the archive is read anew, and the sender is not asked again."""

from __future__ import annotations

from pipelines.catalog.load import load_catalog
from pipelines.settings import SHIPPED_CATALOG
from pipelines.warehouse import journal
from pipelines.warehouse.load import Loader
from pipelines.warehouse.writer import open_warehouse
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import BOSTON, as_csv, library_return, library_rows

HELD = "select printed, reason from intake.quarantine order by all"
FIGURES = "select count(*) from store.fact_history where known_to is null and value is not null"


def test_a_label_that_nobody_knew_is_loaded_from_the_archive_once_the_form_has_it(desk: Desk) -> None:
    desk.send("a.csv", as_csv(library_rows({"步行到馆分钟": 20, "走路分钟": 25})))
    desk.send(
        "b.csv", library_return(30, unit=BOSTON).replace("公共图书馆服务情况表".encode(), "图书馆便民情况表".encode())
    )
    desk.receive()
    assert desk.states() == ["accepted", "refused"]
    assert ("25", "unknown_label") in desk.rows(HELD)
    assert desk.rows(FIGURES) == [(1,)]

    form = (SHIPPED_CATALOG / "forms/library_summary.yaml").read_text("utf-8")
    known = form.replace("labels: [步行到馆分钟", "labels: [走路分钟, 步行到馆分钟")
    known = known.replace("title: .*公共图书馆服务情况表", "title: 图书馆(公共服务|便民|服务)情况表")
    assert known.count("走路分钟") == known.count("便民") == 1
    (desk.home.catalog / "forms").mkdir(exist_ok=True)
    (desk.home.catalog / "forms/library.yaml").write_text(known, "utf-8")
    catalog = load_catalog(*desk.home.catalog_folders)
    with open_warehouse(desk.home.warehouse, catalog, "tests", fresh=True) as con:  # as run --full does
        Loader(con, desk.home, catalog).load(journal.read(desk.home.journal).entries)
        assert con.execute(HELD).fetchall() == []
        assert con.execute("select state from intake.receipt").fetchall() == [("accepted",)] * 2
        assert con.execute(FIGURES).fetchall() == [(3,)]  # 20, 25 (stated again) and 30
    assert desk.refused() == {}
