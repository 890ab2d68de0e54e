import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="台账:一个报告期从重算到上报")


@app.cell
def _():
    import os
    import shlex
    import subprocess
    import sys
    from pathlib import Path

    import duckdb
    import marimo as mo

    return Path, duckdb, mo, os, shlex, subprocess, sys


@app.cell
def _(mo):
    mo.md(
        """
        # 一个报告期:重算、看覆盖和问题、审核、上报

        选报表、单位、报告期;按顺序往下做。每一步写明所用的命令,按了按钮才运行。

        *Choose a form, a unit and a period and go down step by step: compute anew, read coverage and findings, sign,
        export the return that goes up. Each step shows its command; nothing runs before its button is pressed.*
        """
    )
    return


@app.cell
def _(mo, os):
    # 作为脚本运行时用环境变量 · as a script the choices come from the environment
    form = mo.ui.text(os.environ.get("TAIZHANG_FORM", "mch_village_month"), label="报表 form")
    org = mo.ui.text(os.environ.get("TAIZHANG_ORG", "x-sample"), label="单位 unit")
    period = mo.ui.text(os.environ.get("TAIZHANG_PERIOD", "2014-09"), label="报告期 period")
    whose = mo.ui.dropdown(
        {"下级报来的全部 all returns below": "--under", "本单位报来的 its own return": "--org"},
        "本单位报来的 its own return"
        if os.environ.get("TAIZHANG_SIGN") == "--org"
        else "下级报来的全部 all returns below",
        label="审核 sign",
    )
    mo.hstack([form, org, period, whose], justify="start")
    return form, org, period, whose


@app.cell
def _(Path, form, org, os, period, shlex, subprocess, sys, whose):  # noqa: PLR0913
    home = Path(os.environ.get("TAIZHANG_HOME") or "site").absolute()
    checkout = Path(__file__).resolve().parent.parent
    when = ["--period", period.value]
    upwards = home / f"上报_{form.value}_{org.value}_{period.value.replace('/', '_')}.xlsx"
    commands = {
        "run": ["run", *when],
        "sign": ["sign", form.value, whose.value, org.value, *when, "--state", "approved"],
        "export": ["export", form.value, "--org", org.value, *when, "-o", str(upwards)],
    }
    wanted = set(filter(None, os.environ.get("TAIZHANG_DO", "").split(",")))  # TAIZHANG_DO=run,sign,export

    def line(step):
        """The command of a step, as it is typed."""
        return shlex.join(["taizhang", *commands[step], "--home", str(home)])

    def do(step):
        """Runs the command of a step; gives what it said and whether it went well (None: it was not asked for)."""
        words = [*commands[step], "--home", str(home)]
        done = subprocess.run([sys.executable, "-m", "pipelines.cli", *words], cwd=checkout, capture_output=True,
                              encoding="utf-8")  # fmt: skip
        return (done.stdout + done.stderr).strip(), done.returncode == 0

    return do, home, line, upwards, wanted


@app.cell
def _(line, mo):
    again = mo.ui.run_button(label="重算 compute anew")
    mo.vstack([mo.md(f"## 1 重算这一期 · Compute the period anew\n\n```\n{line('run')}\n```"), again])
    return (again,)


@app.cell
def _(again, do, mo, wanted):
    ran = (
        do("run") if again.value or "run" in wanted else ("没有重算,看最新的发布。*Not run: the newest release.*", None)
    )
    mo.md(f"```\n{ran[0]}\n```" if again.value or "run" in wanted else ran[0])
    return (ran,)


@app.cell
def _(duckdb, home, ran):
    _ = ran  # 重算以后再打开 · opened after the run
    pointer = home / "releases" / "current"
    release_id = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    database = home / "releases" / release_id / "internal.duckdb"
    found = bool(release_id) and database.is_file()

    def rows(query, **values):
        """The rows of a query as dictionaries; none where there is no release."""
        if not found:
            return []
        with duckdb.connect(str(database), read_only=True) as con:
            result = con.execute(query, values)
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return found, release_id, rows


@app.cell
def _(form, org, period, rows):
    days = rows(
        "select period_start, period_end, period_code from core.period "
        "where period_code = $period or list_contains(string_split(aliases, ';'), $period)",
        period=period.value,
    )
    # 报表各项的汇总和覆盖 · each item's roll-up and how much of it was reported
    coverage = (
        rows(
            """
            select figure.element_name_zh, figure.element_code, figure.breakdown_code, figure.basis,
                figure.period_basis, figure.value,
                figure.units_reported, figure.units_expected, round(figure.coverage, 4) as coverage,
                figure.state, figure.state_reason, figure.finality
            from marts.element_value as figure
            where figure.org_code = $org and figure.period_code = $period
                and figure.element_code in (
                    select asked.element_code from catalog.form_element as asked where asked.form_code = $form
                )
            order by figure.element_code, figure.breakdown_code, figure.basis, figure.period_basis
            """,
            org=org.value, period=days[0]["period_code"], form=form.value,
        )
        if days
        else []
    )  # fmt: skip
    return coverage, days


@app.cell
def _(days, org, rows):
    below = """
        select part.org_code from core.org_ancestor as above
        inner join core.org_unit as part on above.org_key = part.org_key
        inner join core.org_unit as whole on above.ancestor_key = whole.org_key
        where whole.org_code = $org
        union select $org
    """
    missing = (
        rows(
            f"""
            select owed.org_code, unit.org_name, owed.form_code, owed.period_code, owed.due_on, owed.state
            from marts.reporting_status as owed
            inner join core.org_unit as unit on owed.org_code = unit.org_code
            inner join core.period as period on owed.period_code = period.period_code
            where owed.org_code in ({below}) and owed.state in ('missing', 'refused', 'late')
                and period.period_start >= $first and period.period_end <= $last
            order by owed.org_code, owed.period_code
            """,
            org=org.value, first=days[0]["period_start"], last=days[0]["period_end"],
        )
        if days
        else []
    )  # fmt: skip
    findings = (
        rows(
            f"""
            select finding.severity, finding.org_code, finding.period_code, finding.message_zh, finding.message_en,
                finding.sheet, finding.cells, finding.finding_id
            from quality.finding as finding
            inner join core.period as period on finding.period_code = period.period_code
            where finding.org_code in ({below}) and finding.status = 'open'
                and period.period_start >= $first and period.period_end <= $last
            order by case finding.severity when 'error' then 0 when 'warning' then 1 else 2 end, finding.org_code,
                finding.finding_id
            """,
            org=org.value, first=days[0]["period_start"], last=days[0]["period_end"],
        )
        if days
        else []
    )  # fmt: skip
    return findings, missing


@app.cell
def _(coverage, days, findings, found, home, missing, mo, org, period, release_id):  # noqa: PLR0913
    def told():
        if not found:
            return (
                f"**{home} 里还没有发布。** 先运行 `taizhang demo` 或 `taizhang run`,"
                "或用 `TAIZHANG_HOME` 指出站点。  \n"
                f"*There is no release in {home} yet: run `taizhang demo` first, or set `TAIZHANG_HOME`.*"
            )
        if not days or not coverage:
            return (
                f"**发布 {release_id} 里没有 {org.value} {period.value} 的数。** 改单位或报告期。  \n"
                f"*Release {release_id} knows no figure of {org.value} for {period.value}.*"
            )
        rolled = [row for row in coverage if row["basis"] == "rolled_up" and row["value"] is not None]
        lowest = min((row["coverage"] for row in rolled), default=0)
        errors = sum(row["severity"] == "error" for row in findings)
        return f"""
        ## 2 覆盖和问题 · Coverage and findings

        | | |
        |---|---|
        | 发布 release | {release_id} |
        | 汇总有数的项目 items with a roll-up | {len(rolled)} |
        | 最低覆盖 lowest coverage | **{lowest:.2%}** |
        | 未报、被拒收、迟报 missing, refused, late | {len(missing)} |
        | 未了结的问题 open findings | {len(findings)},其中错误 of them errors **{errors}** |
        """

    answer = told()
    mo.md(answer)
    return (answer,)


@app.cell
def _(coverage, findings, missing, mo):
    mo.vstack(
        [
            mo.md("### 各项 · Each item"),
            mo.ui.table(coverage, selection=None),
            mo.md("### 谁没有报、迟报 · Who is missing or late"),
            mo.ui.table(missing, selection=None),
            mo.md("### 问题 · Findings"),
            mo.ui.table(findings, selection=None),
        ]
    )
    return


@app.cell
def _(findings, line, mo):
    errors = sum(row["severity"] == "error" for row in findings)
    warned = f"**还有 {errors} 个错误没有了结。** *{errors} error(s) are still open.*\n\n" if errors else ""
    sign = mo.ui.run_button(label="审核通过 approve")
    mo.vstack([mo.md(f"## 3 审核 · Sign\n\n{warned}```\n{line('sign')}\n```"), sign])
    return (sign,)


@app.cell
def _(do, mo, sign, wanted):
    signed = do("sign") if sign.value or "sign" in wanted else ("没有审核。*Not signed.*", None)
    mo.md(signed[0])
    return (signed,)


@app.cell
def _(line, mo):
    up = mo.ui.run_button(label="写出 export")
    mo.vstack([mo.md(f"## 4 往上报的表 · The return that goes up\n\n```\n{line('export')}\n```"), up])
    return (up,)


@app.cell
def _(do, mo, signed, up, wanted):
    _ = signed  # 审核以后再写 · written after it was signed
    exported = do("export") if up.value or "export" in wanted else ("没有写出。*Not written.*", None)
    mo.md(exported[0])
    return (exported,)


@app.cell
def _(answer, exported, line, ran, signed):
    # 作为脚本运行时打印 · printed when this file runs as a script
    if __name__ == "__main__":
        print("\n".join(text.strip() for text in answer.strip().splitlines()))
        for step, (said, good) in (("run", ran), ("sign", signed), ("export", exported)):
            print(f"{ {True: '✓', False: '✗', None: '–'}[good] } {line(step)}\n  {said}")
    return


if __name__ == "__main__":
    app.run()
