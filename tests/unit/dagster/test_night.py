"""A night through Dagster: what its pages show of it, month by month, and a period computed anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import dagster as dg
import pytest

from pipelines.build import build_defs
from pipelines.cli.night import run_night
from pipelines.cli.words import Lang
from pipelines.errors import TaizhangError
from pipelines.settings import Home
from pipelines.sql import selects
from pipelines.warehouse.figures import COVERAGE, OF_TABLE, ROWS
from pipelines.warehouse.release import Release, current
from tests.unit.dagster.conftest import instance_of, warehouse
from tests.unit.warehouse.sites import library_return, put

TABLES = ("fact_history", "indicator_value")


def newest(home: Home) -> Release:
    found = current(home)
    assert found is not None
    return found


def told(instance: dg.DagsterInstance, *path: str, partition: str | None = None) -> dict[str, object]:
    """The metadata of an asset's newest materialization."""
    asked = dg.AssetRecordsFilter(asset_key=dg.AssetKey(path), asset_partitions=[partition] if partition else None)
    [record] = instance.fetch_materializations(asked, limit=1).records
    made = record.asset_materialization
    assert made is not None
    return {name: value.value for name, value in made.metadata.items()}


def months(home: Home, table: str) -> list[str]:
    """The months in which the periods of a table end."""
    with warehouse(home) as con:
        ends = con.execute(
            f"select distinct period_end from store.{table} join core.period using (period_key)"
        ).fetchall()
    return sorted({f"{end:%Y-%m}" for (end,) in ends})


def changed(before: Release, after: Release) -> set[str]:
    """The tables whose content differs, but for the release's own name."""
    old, new = before.manifest["tables"], after.manifest["tables"]
    return {name for name in new if new[name] != old.get(name)} - {"meta.release"}


# ---- what the pages show


def test_every_asset_tells_its_rows_and_every_view_what_it_is(made: Home) -> None:
    graph = build_defs().resolve_asset_graph()
    views = {name for name, select in selects().items() if select.kind == "view"}
    with instance_of(made) as instance:
        for key in graph.executable_asset_keys:
            name = ".".join(key.path)
            if key.path[0] == "months":
                continue
            found = told(instance, *key.path)
            if name in views - OF_TABLE.keys():
                assert "视图" in str(graph.get(key).metadata["类型 kind"])
            elif name not in ("meta.run", "marts.reporting_status"):
                assert isinstance(found[ROWS], int), name
            assert set(OF_TABLE.get(name, {})) <= {*found, COVERAGE}, name


def test_the_figures_of_an_asset_are_those_of_its_table(made: Home) -> None:
    with instance_of(made) as instance, warehouse(made) as con:
        [facts] = con.execute("select count(*) from store.fact_history").fetchall()
        [owed] = con.execute("select count(*), count(received_on) from marts.reporting_status").fetchall()
        [wrong] = con.execute("select count(*) from quality.finding where severity = 'error'").fetchall()
        assert (told(instance, "store", "fact_history")[ROWS],) == facts
        status = told(instance, "marts", "reporting_status")
        assert (status["应报 owed"], status["已报 received"]) == owed
        assert 0 < float(str(status[COVERAGE])) < 1
        assert (told(instance, "quality", "finding")["错误 errors"],) == wrong
        assert told(instance, "intake", "receipt")["接受 accepted"] == 4


def test_the_release_leads_to_its_folder_and_its_page(made: Home) -> None:
    with instance_of(made) as instance:
        found = told(instance, "meta", "release")
    release = newest(made)
    assert found["发布 release"] == release.id
    assert found["文件夹 folder"] == str(release.folder)
    assert found["网页 page"] == str(release.folder.resolve() / "index.html")
    assert found["表 tables"] == len(release.manifest["tables"])


def test_every_description_is_chinese_and_english() -> None:
    defs = build_defs()
    graph = defs.resolve_asset_graph()
    texts = {key.to_user_string(): graph.get(key).description for key in graph.get_all_asset_keys()}
    for job in ("nightly", "one_period"):
        texts[job] = defs.resolve_job_def(job).description
    texts |= {one.name: one.description for one in defs.get_repository_def().schedule_defs}
    texts |= {one.name: one.description for one in defs.get_repository_def().sensor_defs}
    texts |= {
        str(spec.key): spec.description for check in build_defs().asset_checks or [] for spec in check.check_specs
    }
    wrong = [name for name, text in texts.items() if not re.search(r"[\u4e00-\u9fff].*[a-z]{3}", text or "", re.S)]
    assert len(texts) > 75
    assert wrong == []


# ---- months


def test_a_night_notes_the_months_in_which_periods_end(made: Home) -> None:
    with instance_of(made) as instance:
        noted = {t: sorted(instance.get_materialized_partitions(dg.AssetKey(["months", t]))) for t in TABLES}
        assert noted == {table: months(made, table) for table in TABLES}
        assert {"2011-12", "2015-12", "2016-05", "2016-12"} <= set(noted["fact_history"])
        assert list(instance.get_dynamic_partitions("month")) == sorted({*noted[TABLES[0]], *noted[TABLES[1]]})
        found = told(instance, "months", "fact_history", partition="2011-12")
    with warehouse(made) as con:
        query = "select count(*) from store.fact_history join core.period using (period_key) where period_end = ?"
        assert con.execute(query, [date(2011, 12, 31)]).fetchall() == [(found[ROWS],)]
    assert found["发布 release"] == newest(made).id
    assert float(str(found["应报 owed"])) >= float(str(found["已报 received"])) > 0


def test_a_night_notes_only_the_months_that_it_touched(site: Home) -> None:
    put(site, "b.csv", library_return(23, period="2016年5月"), 9)
    run_night(site, Lang.en, quiet=True)
    known, release = months(site, "fact_history"), newest(site).id
    with instance_of(site) as instance:
        new = {month: told(instance, "months", "fact_history", partition=month) for month in known}
    assert [month for month in known if new[month]["发布 release"] == release] == ["2016-05", "2016-12"]


# ---- a period computed anew


def test_a_period_computed_anew_gives_the_same_content_and_leaves_the_inbox_alone(site: Home) -> None:
    before = newest(site)
    waiting = put(site, "later.csv", library_return(99, period="2016年"))
    found = run_night(site, Lang.en, period="2016", quiet=True)
    assert waiting.exists()
    assert newest(site).id != before.id
    assert changed(before, newest(site)) == set()
    assert found["files"]["received"] == 0
    assert found["again"] == {"period": "2016", "periods": ["2016", "2016-05"], "files_checked": 2}
    with instance_of(site) as instance:
        [run, _] = instance.get_runs()
        assert (run.job_name, run.tags["taizhang/period"]) == ("one_period", "2016")
        assert told(instance, "months", "fact_history", partition="2016-05")["发布 release"] == newest(site).id
        assert told(instance, "months", "fact_history", partition="2015-12")["发布 release"] == before.id
        checks = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        assert len(checks.records) == len(list(build_defs().asset_checks or []))


def test_what_follows_from_the_period_is_made_again_and_nothing_else(site: Home) -> None:
    before = newest(site)
    with warehouse(site) as con:
        con.execute("update store.indicator_figure set state_reason = 'spoilt'")
    run_night(site, Lang.en, period="2016", quiet=True)
    assert changed(before, newest(site)) == {"marts.indicator_value"}
    run_night(site, Lang.en, period="2011", quiet=True)
    assert changed(before, newest(site)) == set()


def gone(home: Home, file_id: str) -> None:
    (home.archive / file_id).unlink()


def changed_bytes(home: Home, file_id: str) -> None:
    path = home.archive / file_id
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize(
    ("harm", "zh", "en"), [(gone, "不见了", "is gone"), (changed_bytes, "被改动过", "was changed")]
)
def test_an_archived_file_that_is_not_what_was_received_is_told_and_nothing_is_published(
    site: Home, harm: Callable[[Home, str], None], zh: str, en: str
) -> None:
    with warehouse(site) as con:
        [(file_id,)] = con.execute("select file_id from intake.receipt where filename = '2016年5月.csv'").fetchall()
    before = newest(site)
    harm(site, file_id)
    run_night(site, Lang.en, period="2015", quiet=True)  # rests on another file
    between = newest(site)
    with pytest.raises(TaizhangError) as caught:
        run_night(site, Lang.en, period="2016", quiet=True)
    assert "2016年5月.csv" in caught.value.zh
    assert f"{site.archive / file_id} {zh}" in caught.value.zh
    assert f"{site.archive / file_id} {en}" in caught.value.en
    assert "备份" in caught.value.remedy_zh
    assert "backup" in caught.value.remedy_en
    assert newest(site).id == between.id != before.id


@pytest.mark.parametrize("code", ["2014", "2016Q1", "M2014"])
def test_a_period_of_which_nothing_is_known_is_told_with_those_that_are(site: Home, code: str) -> None:
    with pytest.raises(TaizhangError) as caught:
        run_night(site, Lang.en, period=code, quiet=True)
    assert f"没有时期 {code} 的数" in caught.value.zh
    assert f"Nothing is known of period {code}" in caught.value.en
    assert "2011、" in caught.value.remedy_zh
    assert "2016-05" in caught.value.remedy_en
    with instance_of(site) as instance:
        assert len(instance.get_runs()) == 1  # the night before: no run is noted as failed


def test_a_release_after_a_part_of_a_night_is_refused(site: Home) -> None:
    from pipelines.warehouse.night import open_night

    before, chosen = newest(site), [dg.AssetKey(["meta", name]) for name in ("input", "release", "run")]
    with open_night(site) as night, instance_of(site) as instance:
        job = build_defs(night).resolve_job_def("nightly")
        with pytest.raises(TaizhangError) as caught:
            job.execute_in_process(instance=instance, asset_selection=chosen)
    assert "不发布" in caught.value.zh
    assert "run the job nightly" in caught.value.remedy_en
    assert newest(site).id == before.id
