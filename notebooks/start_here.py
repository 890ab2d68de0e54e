import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="台账:从这里开始")


@app.cell
def _():
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo

    return Path, duckdb, mo, os


@app.cell
def _(mo):
    mo.md(
        """
        # 从一个率追到它的单元格

        打开站点里最新的发布,取一个率(有县 2014 年孕产妇系统管理率就取它),看分子、分母、区间和口径,
        看它来自哪个文件的哪个单元格,再和表中印出的率相比。

        *One rate of the newest release, with its counts, interval and edition, the cells it came from, and the
        rate that the sender printed.*
        """
    )
    return


@app.cell
def _(Path, os):
    home = Path(os.environ.get("TAIZHANG_HOME") or "site")
    pointer = home / "releases" / "current"
    release_id = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    database = home / "releases" / release_id / "internal.duckdb"
    found = bool(release_id) and database.is_file()
    return database, found, home, release_id


@app.cell
def _(duckdb, database, found):
    def rows(query, *values):
        """The rows of a query as dictionaries; none where there is no release."""
        if not found:
            return []
        with duckdb.connect(str(database), read_only=True) as con:
            result = con.execute(query, list(values))
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return (rows,)


@app.cell
def _(rows):
    # 默认口径;优先县 2014 孕产妇系统管理率 · the default edition; the county's rate of 2014 where there is one
    chosen = rows(
        """
        select *
        from marts.indicator_value
        where is_default_edition and state = 'ok'
        order by
            org_code = 'x-mch-county' and period_code = '2014'
            and indicator_code = 'maternal_system_management_rate' desc,
            org_code, period_code, indicator_code, breakdown_code, basis, period_basis
        limit 1
        """
    )
    rate = chosen[0] if chosen else None
    return (rate,)


@app.cell
def _(found, home, mo, rate, release_id):
    def told():
        if not found:
            return (
                f"**{home} 里还没有发布。** 先运行 `taizhang demo` 或 `taizhang run`,"
                "或用 `TAIZHANG_HOME` 指出站点。  \n"
                f"*There is no release in {home} yet: run `taizhang demo` first, or set `TAIZHANG_HOME`.*"
            )
        if rate is None:
            return f"**发布 {release_id} 里没有算得出的率。** *Release {release_id} holds no rate with a value.*"
        limits = "无区间 no interval"
        if rate["lower"] is not None:
            limits = f"{rate['lower']:.2f}–{rate['upper']:.2f} ({rate['interval_method']})"
        return f"""
        ## {rate["org_name"]} {rate["period_code"]} {rate["indicator_name_zh"]}

        | | |
        |---|---|
        | 发布 release | {release_id} |
        | 率 rate | **{rate["value"]:.2f}** {rate["unit"]} |
        | 分子 / 分母 counts | {rate["numerator"]:,f} / {rate["denominator"]:,f} |
        | 95% 区间 interval | {limits} |
        | 标准与版本 edition | {rate["standard"]} · {rate["edition"]} |
        | 覆盖 coverage | {rate["coverage"]:.0%} |
        """

    answer = told()
    mo.md(answer)
    return (answer,)


@app.cell
def _(rate, rows):
    # 公式的每一项、数值,以及它所在的文件、表、单元格 · every term, its value and where it stands
    cells = (
        rows(
            """
            select
                term.side, element.name_zh, term.element_code, term.factor, fact.value,
                receipt.filename, fact.sheet, fact.cell, receipt.file_id as sha256
            from catalog.indicator_term as term
            inner join core.fact_chosen as fact
                on term.element_code = fact.element_code and term.breakdown_code = fact.breakdown_code
            inner join catalog.element as element on term.element_code = element.element_code
            inner join intake.submission as submission on fact.submission_id = submission.submission_id
            inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
            where
                term.indicator_code = ? and term.standard = ? and term.edition = ?
                and fact.org_code = ? and fact.period_code = ? and fact.period_basis = ?
            order by term.side desc, term.element_code
            """,
            *(rate[name] for name in ("indicator_code", "standard", "edition")),
            *(rate[name] for name in ("org_code", "period_code", "period_basis")),
        )
        if rate
        else []
    )
    return (cells,)


@app.cell
def _(cells, mo):
    mo.vstack([mo.md("## 它来自这些单元格 · The cells it came from"), mo.ui.table(cells, selection=None)])
    return


@app.cell
def _(rate, rows):
    # 表中印出的率和结论 · what the sender printed, and the verdict of every formula tried
    printed = (
        rows(
            """
            select reported_text, standard, edition, formula, numerator, denominator, recomputed, verdict, attainable,
                sheet, cell
            from marts.claim_check
            where org_code = ? and period_code = ? and indicator_code = ? and breakdown_code = ?
            order by claim_id, standard, edition
            """,
            *(rate[name] for name in ("org_code", "period_code", "indicator_code", "breakdown_code")),
        )
        if rate
        else []
    )
    return (printed,)


@app.cell
def _(mo, printed):
    said = "表中没有印出这个率。*The return does not print this rate.*" if not printed else ""
    mo.vstack(
        [
            mo.md(f"## 与印出的率相比 · Beside the printed rate\n\n{said}"),
            mo.ui.table(printed, selection=None),
        ]
    )
    return


@app.cell
def _(answer, cells, printed):
    # 作为脚本运行时打印 · printed when this file runs as a script
    if __name__ == "__main__":
        print("\n".join(line.strip() for line in answer.strip().splitlines()))
        for cell in cells:
            place = f"{cell['filename']} › {cell['sheet']} › {cell['cell']}"
            print(f"{cell['side']}: {cell['name_zh']} = {cell['value']:,f} ← {place} {cell['sha256']}")
        for claim in printed:
            print(f"印出 printed {claim['reported_text']}: {claim['formula']} → {claim['verdict']}")
    return


if __name__ == "__main__":
    app.run()
