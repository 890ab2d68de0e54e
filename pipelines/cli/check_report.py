"""What `taizhang check` says, for people and for programs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli.words import Lang, printable, say
from pipelines.intake.explain import Understood
from pipelines.intake.explain import explain as explain_cells
from pipelines.intake.marked import WORDS
from pipelines.intake.problems import REFUSED, SEVERITIES, Problem

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.cli.check import Checked
    from pipelines.intake.tables import Table

SIGNS = {"refused": "✗", "error": "✗", "warning": "!", "question": "?"}
SHOWN_CELLS = 8  # of one line
SHOWN_PROBLEMS = 100  # of one file
KINDS = {
    "fact": ("数", "fact"), "total": ("合计", "total"), "claim": ("上报率", "printed rate"), "label": ("文字", "label"),
    "quarantined": ("未载入", "set aside"),
}  # fmt: skip
STATES = {
    "blank": ("空", "blank"), "not_collected": ("未统计", "not collected"),
    "not_applicable": ("不适用", "not applicable"), "not_carried_out": ("未开展", "not carried out"),
    "suppressed": ("不公布", "suppressed"),
}  # fmt: skip
QUALIFIERS = {"about": "≈", "over": ">", "at_least": "≥", "under": "<"}


def as_figures(
    checked: Sequence[Checked], catalog: Catalog, *, explain: bool, marked: Mapping[Path, Path]
) -> dict[str, Any]:
    """Everything that was found, for programs."""
    files = []
    for one in checked:
        told: dict[str, Any] = {
            "file": str(one.path),
            "tables": [_table(table, catalog) for table in one.tables],
            "problems": [problem._asdict() for problem in one.problems],
        }
        if one.path in marked:
            told["marked"] = str(marked[one.path])
        if explain:
            told["cells"] = [cell._asdict() for cell in explain_cells(one.sheets, one.tables)]
        files.append(told)
    count = Counter(problem.severity for one in checked for problem in one.problems)
    return {
        "files": files, "refused": count[REFUSED], "compared_with_site": False,
        "findings": {severity: count[severity] for severity in SEVERITIES[1:]},
    }  # fmt: skip


def _table(table: Table, catalog: Catalog) -> dict[str, Any]:
    form, org = catalog.forms.get(table.form), catalog.orgs.get(table.org)
    return {
        "sheet": table.sheet, "state": "refused" if table.refusal else "accepted", "form": table.form,
        "form_name": form.zh if form else "", "org": table.org, "org_name": org.name if org else "",
        "reported_by": table.reported_by, "period": table.period.code if table.period else "",
        "cells": asdict(table.account),
    }  # fmt: skip


def as_text(
    checked: Sequence[Checked], catalog: Catalog, spoken: Lang, *, explain: bool, marked: Mapping[Path, Path]
) -> str:
    """Everything that was found, for people: file by file, the worst first."""
    lines = list[str]()
    for one in checked:
        lines.append(printable(str(one.path)))
        lines += (f"  {_headline(table, catalog, spoken)}" for table in one.tables)
        groups = list(_grouped(one.problems))
        for problem, count, cells in groups[:SHOWN_PROBLEMS]:
            lines += (f"  {line}" for line in _told(problem, count, cells, spoken))
        if len(groups) > SHOWN_PROBLEMS:
            rest = len(groups) - SHOWN_PROBLEMS
            lines.append(say(spoken, f"  …… 还有 {rest} 条,--marked 或 --format json 给出全部。",
                             f"  … and {rest} more; --marked or --format json gives all."))  # fmt: skip
        if explain:
            lines += (f"  {_explained(cell, catalog, spoken)}" for cell in explain_cells(one.sheets, one.tables))
        if one.path in marked:
            lines.append(say(spoken, f"  标出问题的副本:{marked[one.path]}", f"  marked copy: {marked[one.path]}"))
        lines.append("")
    return "\n".join([*lines, _summary(checked, spoken)])


def _headline(table: Table, catalog: Catalog, spoken: Lang) -> str:
    told = _table(table, catalog)
    form = catalog.forms.get(table.form)
    name = (form.zh if spoken is Lang.zh else form.en) if form else say(spoken, "(不认识的表)", "(unknown table)")
    whose = f"{told['org_name']}({told['org']})" if table.org else ""
    a = table.account
    cells = say(
        spoken,
        f"{a.read} 格 = 数 {a.fact} + 上报率 {a.claim} + 合计 {a.total} + 文字 {a.label} + 未载入 {a.quarantined}",
        f"{a.read} cells = {a.fact} facts + {a.claim} rates + {a.total} totals + {a.label} labels + "
        f"{a.quarantined} set aside",
    )
    return "  ".join(part for part in (printable(table.sheet), name, whose, told["period"], cells) if part)


def _grouped(problems: Sequence[Problem]) -> Iterator[tuple[Problem, int, list[str]]]:
    """Problems, the worst first; cells that were set aside for one reason under one label come together."""
    groups = defaultdict[object, list[Problem]](list)
    for number, problem in enumerate(problems):
        alike = (problem.sheet, problem.expected, problem.elements) if problem.rule == "cell_quarantined" else number
        groups[alike].append(problem)
    for group in sorted(groups.values(), key=lambda group: SEVERITIES.index(group[0].severity)):
        yield group[0], len(group), [cell for problem in group for cell in problem.cells]


def _told(problem: Problem, count: int, cells: Sequence[str], spoken: Lang) -> Iterator[str]:
    said, remedy = map(printable, problem.told(spoken.value))
    shown = ", ".join(cells[:SHOWN_CELLS]) + (" …" if len(cells) > SHOWN_CELLS else "")
    where = " ".join(filter(None, (printable(problem.sheet), shown)))
    alike = say(spoken, f"(同样的共 {count} 格)", f" ({count} cells alike)") if count > 1 else ""
    facts = ""
    if problem.severity != REFUSED and problem.rule != "cell_quarantined" and problem.expected:
        facts = say(
            spoken,
            f"(填的 {printable(problem.observed)},应 {printable(problem.expected)})",
            f" (given {printable(problem.observed)}, expected {printable(problem.expected)})",
        )
    kind = WORDS[spoken.value][problem.severity]
    yield f"{SIGNS[problem.severity]} {kind}  {where + ': ' if where else ''}{said}{facts}{alike}"
    yield f"    → {remedy}"


def _explained(cell: Understood, catalog: Catalog, spoken: Lang) -> str:
    kind = say(spoken, *KINDS[cell.kind])
    place = f"{cell.sheet}!{cell.cell}" if cell.sheet else cell.cell
    head = f"{printable(place):<12} {kind}  “{printable(cell.printed)}”"
    if cell.kind == "label":
        return head
    if cell.kind == "quarantined":
        return f"{head}  {cell.state}  {printable(cell.label)}"
    org = catalog.orgs.get(cell.org)
    entry = (catalog.indicators if cell.kind == "claim" else catalog.elements)[cell.code]
    name = entry.zh if spoken is Lang.zh else entry.en
    parts = catalog.breakdown_names().get(cell.breakdown)
    part = f"[{cell.breakdown} {parts.zh if spoken is Lang.zh else parts.en}]" if parts else ""
    said = f"{QUALIFIERS.get(cell.qualifier, '')}{cell.value}" if cell.value else say(spoken, *STATES[cell.state])
    return f"{head}  {org.name if org else cell.org}  {cell.period}  {cell.code} {name}{part} = {said}"


def _is_taken(one: Checked) -> bool:
    """Whether a night would take something of a file."""
    if one.is_parquet:
        return not any(problem.severity == REFUSED for problem in one.problems)
    return any(table.refusal is None for table in one.tables)


def _summary(checked: Sequence[Checked], spoken: Lang) -> str:
    count = Counter(problem.severity for one in checked for problem in one.problems)
    taken = sum(_is_taken(one) for one in checked)
    return say(
        spoken,
        f"{len(checked)} 个文件:{taken} 个会收下;拒收 {count[REFUSED]} 处,错误 {count['error']},"
        f"提醒 {count['warning']},疑问 {count['question']}。\n"
        "只看了这些文件本身,没有同站点已有的数比较;什么都没有载入。",
        f"{len(checked)} file(s): {taken} would be accepted; {count[REFUSED]} refused, {count['error']} error(s), "
        f"{count['warning']} warning(s), {count['question']} question(s).\nOnly these files were judged, nothing was "
        "compared with what the site holds; nothing was loaded.",
    )
