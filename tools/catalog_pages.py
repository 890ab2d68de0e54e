"""The pages of docs/ that say what the catalog says: one for each indicator and form, tables of the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Dated, Document, Edition, Form, Indicator, Obligation, Rule, Target
from pipelines.catalog.models.rules import comparisons
from pipelines.catalog.references import references
from pipelines.catalog.traps import traps
from pipelines.catalog.wording import (
    EVIDENCE,
    TYPES,
    UNIT_SIGNS,
    Words,
    definition,
    differences,
    formula,
    side,
    validity,
)

MADE = "<!-- made by tools/make_docs.py; do not edit -->\n"
BETTER = {"higher": "越高越好 higher is better", "lower": "越低越好 lower is better", "neither": "无好坏 neither"}
Rows = Iterable[Iterable[object]]
Users = Mapping[str, Mapping[str, list[str]]]  # by kind and code, the entries that name it


def catalog_pages(catalog: Catalog) -> dict[PurePosixPath, str]:
    """Every page by its path below docs/."""
    used = {kind: _users(catalog, kind) for kind in ("elements", "indicators")}
    pages = {f"indicators/{code}.md": _indicator(catalog, code, used) for code in catalog.indicators}
    pages |= {f"forms/{code}.md": _form(catalog, code) for code in catalog.forms}
    pages["indicators/README.md"] = _indicators(catalog)
    pages["forms/README.md"] = _forms(catalog)
    pages |= {f"catalog/{name}.md": page(catalog) for name, page in TABLES.items()}
    return {PurePosixPath(path): text for path, text in pages.items()}


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", MADE.rstrip(), *filter(None, parts)]) + "\n"


def _table(head: str, rows: Rows) -> str:
    """A table; '' where it has no rows. `head`: names of the columns, separated by '|'."""
    names = head.split("|")
    lines = ["| " + " | ".join(str(cell).replace("|", r"\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join([f"| {' | '.join(names)} |", "|" + "---|" * len(names), *lines]) if lines else ""


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _both(words: Words) -> str:
    return f"{words.zh} · {words.en}"


def _domain(catalog: Catalog, code: str) -> str:
    return f"{catalog.domains[code].zh} {catalog.domains[code].en}"


# ---- indicators


def _indicators(catalog: Catalog) -> str:
    rows = (
        (f"[{code}]({code}.md)", found.zh, found.en, _domain(catalog, found.domain), UNIT_SIGNS[found.unit].zh,
         len({edition.formula for edition in found.editions}))
        for code, found in sorted(catalog.indicators.items())
    )  # fmt: skip
    return _page("Indicators 指标", _table("code|名称|name|领域 domain|单位 unit|公式 formulas", rows))


def _indicator(catalog: Catalog, code: str, used: Users) -> str:
    found = catalog.indicators[code]
    unit = _both(UNIT_SIGNS[found.unit]) if UNIT_SIGNS[found.unit].zh else found.unit
    head = f"`{code}` · 领域 domain: {_domain(catalog, found.domain)} · 单位 unit: {unit} · {BETTER[found.better]}"
    editions = "\n\n".join(_edition(catalog, found, number) for number in range(len(found.editions)))
    told = "\n".join(
        f"- {trap.zh}" if trap.zh == trap.en else f"- {trap.zh}  \n  {trap.en}" for trap in traps(catalog, code)
    )
    return _page(
        f"{found.zh} · {found.en}",
        head,
        _section("定义 Definition", editions or "没有公式。 It has no formula."),
        _section("目标 Targets", _targets_of(catalog, code)),
        _section("规则 Rules", _rules_of(catalog, found, code, used)),
        _section("报表 Forms", _feeding(catalog, found, code)),
        _section("陷阱 Traps", told),
    )


def _edition(catalog: Catalog, found: Indicator, number: int) -> str:
    edition, standard = found.editions[number], catalog.standards[found.editions[number].standard]
    words, valid, kind = definition(catalog, found, edition), validity(edition), TYPES[edition.type]
    called, basis = formula(catalog, found, edition), catalog.documents[edition.document]
    lines = [
        f"**{number + 1}. {edition.standard} {edition.edition}** — {standard.zh} · {standard.en}\n",
        f"- {words.zh}。  \n  {words.en[:1].upper()}{words.en[1:]}.",
        f"- 公式 formula: {called.zh}  \n  {called.en}  \n  `{edition.formula}`",
        f"- 有效 valid: {_both(valid) if valid.zh != valid.en else valid.zh}",
        f"- 类型 type: {_both(kind)}",
        f"- 依据 basis: {_document(edition.document, basis)} ({_both(EVIDENCE[edition.evidence])})",
        *_differences(catalog, found.editions[:number], edition),
    ]
    return "\n".join(lines)


def _differences(catalog: Catalog, before: tuple[Edition, ...], edition: Edition) -> Iterator[str]:
    """How an edition differs from the nearest one before: that of its own standard, else the first."""
    if not before:
        return
    own = [number for number, other in enumerate(before) if other.standard == edition.standard]
    number = own[-1] if own else 0
    found = differences(catalog, before[number], edition) or [Words("公式相同", "the same formula")]
    zh, en = "".join(words.zh + ";" for words in found).rstrip(";"), "; ".join(words.en for words in found)
    yield f"- 与 {number + 1} 相比 against {number + 1}: {zh}  \n  {en}"


def _document(code: str, found: Document) -> str:
    facts = ", ".join(filter(None, (found.number, found.issuer, found.date)))
    after = f"; 后续 successor: `{found.successor}`" if found.successor else ""
    ended = f"; 失效 expired: {found.valid_to}" if found.valid_to else ""
    return f"[{found.title}](../catalog/documents.md#{code}){f' ({facts})' if facts else ''}{after}{ended}"


def _targets_of(catalog: Catalog, code: str) -> str:
    rows = (
        (found.scope or "全部 everywhere", f"{found.valid_from} – {found.valid_to}",
         _amount(found),
         f"[{found.document}](../catalog/documents.md#{found.document})")
        for found in catalog.targets.values() if found.indicator == code
    )  # fmt: skip
    return _table("范围 scope|有效 valid|目标 target|依据 basis", rows)


def _rules_of(catalog: Catalog, found: Indicator, code: str, used: Users) -> str:
    """Rules about the printed rate, then those about an element of its formulas."""
    elements = {term.element for edition in found.editions for term in (*edition.numerator, *edition.denominator)}
    about = [*used["indicators"][code], *(entry for element in sorted(elements) for entry in used["elements"][element])]
    rules = dict.fromkeys(entry.removeprefix("rules/") for entry in about if entry.startswith("rules/"))
    named = ((rule, catalog.rules[rule]) for rule in rules)
    return "\n".join(f"- [{code}](../catalog/rules.md#{code}): {rule.zh} · {rule.en}" for code, rule in named)


def _feeding(catalog: Catalog, found: Indicator, code: str) -> str:
    sides = {
        name: {term.element for edition in found.editions for term in getattr(edition, name)}
        for name in ("numerator", "denominator")
    }
    rows = []
    for name, form in catalog.forms.items():
        held = {item.element for item in form.items}
        above, below = (sorted(sides[side] & held) for side in ("numerator", "denominator"))
        printed = [label for claim in form.claims if claim.indicator == code for label in claim.labels]
        if above or below or printed:
            cells = ("、".join(catalog.elements[element].zh for element in elements) for elements in (above, below))
            rows.append((f"[{form.zh}](../forms/{name}.md)", *cells, "、".join(printed)))
    return _table("报表 form|分子 numerator|分母 denominator|印出的率 printed rate", rows)


# ---- forms


def _forms(catalog: Catalog) -> str:
    rows = (
        (
            f"[{code}]({code}.md)",
            found.zh,
            found.en,
            _domain(catalog, found.domain),
            found.frequency or "",
            found.row_level or "",
            len(found.items),
        )
        for code, found in sorted(catalog.forms.items())
    )
    return _page("Forms 报表", _table("code|名称|name|领域 domain|频率 frequency|每行 row|栏目 items", rows))


def _form(catalog: Catalog, code: str) -> str:
    found = catalog.forms[code]
    items = (
        (" / ".join(item.labels), f"`{item.element}`", element.zh, element.en, item.breakdown, element.kind,
         catalog.units[element.unit].zh, item.unit_factor if item.unit_factor != 1 else "")
        for item in found.items if (element := catalog.elements[item.element])
    )  # fmt: skip
    claims = (
        (" / ".join(claim.labels), f"[{claim.indicator}](../indicators/{claim.indicator}.md)",
         catalog.indicators[claim.indicator].zh, claim.breakdown)
        for claim in found.claims
    )  # fmt: skip
    missing = " · ".join(f"`{text}` {state}" for text, state in found.missing.items())
    return _page(
        f"{found.zh} · {found.en}",
        _form_head(catalog, code, found),
        _section(
            "栏目 Items", _table("标签 labels|element|数据元|meaning|分组 breakdown|种类 kind|单位 unit|×", items)
        ),
        _section("印出的率 Printed rates", _table("标签 labels|indicator|指标|分组 breakdown", claims)),
        _section("合计 Totals", _totals(catalog, found)),
        _section("缺失的写法 Missing codes", missing),
    )


def _form_head(catalog: Catalog, code: str, found: Form) -> str:
    facts = [f"`{code}`", f"领域 domain: {_domain(catalog, found.domain)}", f"版式 layout: {found.orientation}"]
    facts += [f"每行 a row for each: {found.row_level}"] if found.row_level else []
    facts += [f"频率 frequency: {found.frequency} ({found.calendar})"] if found.frequency else []
    facts += [f"应报 due: {_due(found.due)}"] if found.due else []
    facts += [f"标题 title: `{found.recognise.title}`"]
    basis = f"\n\n依据 basis: {_document(found.document, catalog.documents[found.document])}" if found.document else ""
    personal = f"\n\n个人信息 personal: {'、'.join(found.personal)}" if found.personal else ""
    return " · ".join(facts) + basis + personal


def _due(due: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in due.model_dump(exclude_defaults=True).items())


def _totals(catalog: Catalog, found: Form) -> str:
    rows = (
        (catalog.elements[total.total].zh, f"`{total.partition}`", total.relation, side(catalog, total.parts).zh,
         total.severity, total.zh)
        for total in found.totals
    )  # fmt: skip
    return _table("合计 total|划分 partition|关系 relation|分项 parts|级别 severity|说明", rows)


# ---- tables of the rest


def _elements(catalog: Catalog) -> str:
    used = _users(catalog, "elements")
    sections = (
        _section(_domain(catalog, domain), _table("code|名称|name|单位 unit|种类 kind|备注 note|用于 used by", (
            (_anchor(code), one.zh, one.en, catalog.units[one.unit].zh, one.kind, one.note, _links(used[code]))
            for code, one in sorted(catalog.elements.items()) if one.domain == domain
        )))
        for domain in catalog.domains
    )  # fmt: skip
    return _page("Elements 数据元", *sections)


def _rules(catalog: Catalog) -> str:
    rows = (
        (_anchor(code), found.zh, found.en, found.kind, _says(catalog, found), _severity(found),
         f"[{found.document}](documents.md#{found.document})", found.note)
        for code, found in sorted(catalog.rules.items())
    )  # fmt: skip
    return _page("Rules 规则", _table("code|名称|name|kind|要求 demands|级别 severity|依据 basis|备注 note", rows))


def _says(catalog: Catalog, rule: Rule) -> str:
    found = comparisons(rule, catalog.breakdown_codes)
    return "; ".join(f"`{one.left_text} {one.op} {one.right_text}`" for one in found) or getattr(rule, "rounding", "")


def _severity(rule: Rule) -> str:
    if isinstance(rule.severity, str):
        return rule.severity
    return ", ".join(f"{level}: {severity}" for level, severity in rule.severity.items())


def _targets(catalog: Catalog) -> str:
    rows = (
        (_anchor(code), f"[{catalog.indicators[found.indicator].zh}](../indicators/{found.indicator}.md)", found.scope,
         f"{found.valid_from} – {found.valid_to}", _amount(found), f"[{found.document}](documents.md#{found.document})")
        for code, found in sorted(catalog.targets.items())
    )  # fmt: skip
    return _page("Targets 目标", _table("code|指标 indicator|范围 scope|有效 valid|目标 target|依据 basis", rows))


def _control_values(catalog: Catalog) -> str:
    rows = (
        (_anchor(code), f"[{catalog.indicators[found.indicator].zh}](../indicators/{found.indicator}.md)", found.scope,
         found.period, f"{found.value} {found.unit}", found.evidence,
         f"[{found.document}](documents.md#{found.document})")
        for code, found in sorted(catalog.control_values.items())
    )  # fmt: skip
    heads = "code|指标 indicator|范围 scope|时期 period|公布值 value|依据程度 evidence|依据 basis"
    return _page("Published values 公布值", _table(heads, rows))


def _obligations(catalog: Catalog) -> str:
    rows = (
        (_anchor(code), found.zh, found.en, found.subject, found.every,
         _amount(found), found.deadline, found.element or found.indicator,
         f"[{found.document}](documents.md#{found.document})")
        for code, found in sorted(catalog.obligations.items())
    )  # fmt: skip
    head = "code|内容|what|谁 who|频次 every|数量 how much|期限 deadline|核对 checked by|依据 basis"
    return _page("Obligations 义务", _table(head, rows))


def _amount(planned: Target | Obligation) -> str:
    """'>= 80%', '>= 1 times'; '' where no number is stated."""
    unit = UNIT_SIGNS[planned.unit].zh if isinstance(planned, Target) else f" {planned.unit}"
    return f"{planned.comparator} {planned.value.normalize():f}{unit}" if planned.value is not None else ""


def _documents(catalog: Catalog) -> str:
    used = _users(catalog, "documents")
    rows = (
        (_anchor(code), found.title, found.number, found.issuer, found.date, found.valid_to,
         f"[{found.successor}](#{found.successor})" if found.successor else "", found.cite, len(used[code]))
        for code, found in sorted(catalog.documents.items())
    )  # fmt: skip
    head = "code|标题 title|文号 number|印发 issuer|日期 date|失效 expired|后续 successor|出处 cited from|引用 used by"
    return _page("Documents 依据文件", _table(head, rows))


def _codes(catalog: Catalog) -> str:
    head, sections = "code|名称|name|标签 labels|有效 valid|后续 successor", []
    for name, found in sorted(catalog.codes.items()):
        rows = (
            (f"`{code}`", one.zh, one.en, "、".join(one.labels), _between(one), one.successor)
            for code, one in found.codes.items()
        )
        closed = "各编码合起来就是全部 closed\n\n" if found.closed else ""
        sections.append(_section(f"{name}: {found.zh} · {found.en}", closed + _table(head, rows)))
    return _page("Code lists 分组表", *sections)


def _between(found: Dated) -> str:
    return f"{found.valid_from or '…'} – {found.valid_to or '…'}" if found.valid_from or found.valid_to else ""


def _causes(catalog: Catalog) -> str:
    rows = ((_anchor(code), found.zh, found.en, found.note) for code, found in sorted(catalog.causes.items()))
    return _page("Causes of bad data 差错原因", _table("code|名称|name|备注 note", rows))


def _anchor(code: str) -> str:
    return f'<a id="{code}"></a>`{code}`'


def _users(catalog: Catalog, kind: str) -> dict[str, list[str]]:
    """The entries that name a code, once each."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for reference in references(catalog):
        if reference.kind == kind:
            found[reference.code][reference.entry] = None
    return defaultdict(list, {code: list(entries) for code, entries in found.items()})


def _links(entries: Iterable[str]) -> str:
    """The indicators and forms among them, as links."""
    shown = (entry.partition("/") for entry in entries if entry.startswith(("indicators/", "forms/")))
    return ", ".join(f"[{code}](../{kind}/{code}.md)" for kind, _, code in shown)


def _start(catalog: Catalog) -> str:
    names = {"elements": "数据元", "rules": "规则", "targets": "目标", "control_values": "公布值",
             "obligations": "义务", "documents": "依据文件",
             "codes": "分组表", "causes": "差错原因"}  # fmt: skip
    lines = [f"- [{zh} {name}]({name}.md)" for name, zh in names.items()]
    lines += ["- [指标 indicators](../indicators/README.md)", "- [报表 forms](../forms/README.md)",
              "- [覆盖 coverage](../coverage.md)"]  # fmt: skip
    return _page("The catalog 目录", "\n".join(lines), "查找 search: `taizhang catalog list 孕产妇`")


TABLES = {"README": _start, "elements": _elements, "rules": _rules, "targets": _targets,
          "control_values": _control_values, "obligations": _obligations,
          "documents": _documents, "codes": _codes, "causes": _causes}  # fmt: skip
