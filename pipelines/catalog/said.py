"""What users read of each kind of mistake in the catalog: what is wrong and what to do, in Chinese and English."""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """Four templates; what stands between braces is filled in."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


DATE = Said("不是日期", "is no date", "写成 2014-01-01 的样子", "write it as 2014-01-01")
WHOLE = Said("不是整数", "is no whole number", "写一个整数,不加单位和引号", "write a whole number without a unit")
NUMBER = Said("不是数", "is no number", "只写数,单位写在 unit 里", "write the number alone; its unit stands in unit")
YES_NO = Said("不是 true 或 false", "is neither true nor false", "写 true 或 false", "write true or false")
MAPPING = Said("不是一组“栏: 值”", "is no set of fields", "写成 {{栏: 值, …}}", "write it as {{field: value, …}}")
ONE_OF = Said("不在可用的值之中", "is none of the values", "用 {zh} 之一{near_zh}", "use one of {en}{near_en}")

# By Pydantic's name of the mistake.
MODEL: dict[str, Said] = {
    "missing": Said("缺少这一栏", "is missing", "加上它{example_zh}", "add it{example_en}"),
    "extra_forbidden": Said(
        "没有这一栏", "is no field of this entry",
        "{field_zh}可写的有 {zh}", "{field_en}the fields are {en}",
    ),
    "literal_error": ONE_OF,
    "union_tag_invalid": ONE_OF,
    "union_tag_not_found": Said(
        "没有写 kind", "has no kind",
        "加上 kind:compare、total、cumulative、share、level、rate 之一",
        "add kind: one of compare, total, cumulative, share, level, rate",
    ),
    "string_pattern_mismatch": Said(
        "写法不对", "is not written as it must be", "写成 {written_zh}{near_zh}", "write {written_en}{near_en}"
    ),
    "string_type": Said("不是文字", "is no text", "给它加上引号,如 '{value}'", "put it between quotes, as '{value}'"),
    "bool_type": YES_NO,
    "bool_parsing": YES_NO,
    "int_parsing": WHOLE,
    "int_type": WHOLE,
    "int_from_float": WHOLE,
    "decimal_parsing": NUMBER,
    "decimal_type": NUMBER,
    "tuple_type": Said("不是列表", "is no list", "放进方括号,如 [{value}]", "put it between brackets, as [{value}]"),
    "dict_type": MAPPING,
    "model_type": MAPPING,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "date_type": DATE,
    "date_parsing": DATE,
    "greater_than_equal": Said("太小", "is too small", "不得小于 {ge}", "it must be at least {ge}"),
    "less_than_equal": Said("太大", "is too large", "不得大于 {le}", "it must be at most {le}"),
    "value_error": Said("不合要求", "does not fit", "{zh}", "{en}"),
}  # fmt: skip

# How a field is written, by its pattern.
WRITTEN = {
    r"^[a-z][a-z0-9_]*$": (
        "编码:小写英文字母、数字和下划线,以字母开头,如 live_births",
        "a code: small letters, digits and _, a letter first, as live_births",
    ),
    r"^(\d+ (day|month|year)s?)?$": ("'1 year'、'6 months' 或 '30 days'", "'1 year', '6 months' or '30 days'"),
    r"^\d\d-\d\d$": ("月-日,如 '10-12'", "month-day, as '10-12'"),
    r"^(\d{12}|x-[a-z0-9-]+)(-[a-z0-9-]+)?$": (
        "12 位区划代码,机构为 <区划代码>-<简称>,隐名单位为 x-<简称>;Excel 把长编码变成了数时,先把这一列设为文本",
        "the 12 digits of the division, <division>-<name> for an institution, x-<name> for a masked one; "
        "where Excel has made a number of the code, format the column as text first",
    ),
}
PYTHON_SAYS = {
    "day is out of range for month": "没有这一天 / there is no such day",
    "month must be in 1..12": "没有这个月 / there is no such month",
}
EXAMPLES = {
    "zh": "zh: 活产数",
    "en": "en: live births",
    "unit": "unit: persons",
    "kind": "kind: flow",
    "document": "document: nbphs_2017",
    "standard": "standard: mch_survey",
    "edition": "edition: '2012'",
    "type": "type: proportion",
    "numerator": "numerator: [women_delivered]",
    "denominator": "denominator: [live_births]",
    "element": "element: live_births",
    "labels": "labels: [活产数]",
    "severity": "severity: question",
    "domain": "domain: mch",
    "recognise": "recognise: {title: 月报表}",
    "every": "every: month",
    "valid_from": "valid_from: 2014-01-01",
    "valid_to": "valid_to: 2015-01-01",
    "comparator": "comparator: '>='",
    "indicator": "indicator: hospital_delivery_rate",
    "form": "form: township_phs_summary",
    "value": "value: 80",
    "left": "left: [live_births]",
    "op": "op: '>='",
    "title": "title: 全国妇幼卫生调查制度",
    "level": "township",
    "name": "柔远镇",
}

# By the name that a check gives it.
CHECKS: dict[str, Said] = {
    "unknown": Said(
        "未知{kind_zh} {code!r}", "unknown {kind_en} {code!r}",
        "{near_zh}若是新的,加到 {file}", "{near_en}if it is a new one, add it to {file}",
    ),
    "no_code": Said(
        "编码 {code!r} 写法不对", "{code!r} is not written as a code",
        "编码用小写英文字母、数字和下划线,以字母开头;中文名写在 zh",
        "use small letters, digits and _, a letter first; the Chinese name stands in zh",
    ),
    "no_name": Said("{field} 是空的", "{field} is empty", "写上名称", "write the name"),
    "no_value_of_field": Said(
        "{value!r} 不是 {field} 可用的值", "{value!r} is no {field}", "用 {values} 之一", "use one of {values}"
    ),
    "stands_twice": Said(
        "{name} 出现两次,已见于 {first}", "{name} stands twice, also at {first}",
        "只留一处,或改其中一处的编码", "keep one of them, or give one another code",
    ),
    "cycle": Said(
        "{chain_zh}绕成一圈:{next} 又回到它自己", "its {chain_en} lead back to itself, by {next}",
        "改正其中一处,使这条链有尽头", "mend one of them, so that the chain has an end",
    ),
    "factor_without_cite": Said(
        "系数 {factor} 没有出处", "the factor {factor} is not cited",
        "加 cite: 写明系数出自何处", "add cite: where the factor comes from",
    ),
    "flow_and_stock": Said(
        "期内数 {flow} 与期末数 {stock} 不能相加", "the flow {flow} and the stock {stock} are added",
        "只加同一种数:都是期内发生的,或都是期末存有的",
        "add what happens in the period, or what there is at its end, never both",
    ),
    "empty_side": Said(
        "{side_zh}是空的", "the {side} is empty",
        "写上{side_zh}的数据元;没有公式的率不写 editions",
        "name its elements; a rate without a formula has no editions",
    ),
    "overlap": Said(
        "标准 {standard} 的版本 {one} 与 {other} 有效期重叠",
        "the editions {one} and {other} of {standard} overlap",
        "改 valid_from、valid_to,使后一版从前一版失效之日起生效",
        "mend valid_from and valid_to: the later one begins on the day on which the earlier one ends",
    ),
    "total_no_item": Said(
        "合计项 {total} 不在表中", "the total {total} is no item of the form",
        "在 items 里加上它和它的标签", "add it with its labels to items",
    ),
    "total_of_itself": Said(
        "合计 {total} 含有它自己", "the total {total} is a part of itself", "从 parts 里去掉它", "take it out of parts"
    ),
    "no_expression": Said(
        "{title!r} 不是正则表达式:{error}", "{title!r} is no regular expression: {error}",
        r"改正它;按字面的括号写成 \( 和 \)", r"mend it; a bracket that is meant as such is written \( or \)",
    ),
    "no_year_group": Said(
        "period_pattern 没有年份组 y", "period_pattern has no group y (the year)",
        r"写成 (?P<y>\d{{4}}) 的样子", r"write the year as (?P<y>\d{{4}})",
    ),
    "no_column": Said(
        "columns 缺少 {role}", "columns lacks {role}", "加上 {role}: [表头上的字]", "add {role}: [its heading]"
    ),
    "no_row_level": Said(
        "没有写一行是哪一级单位", "does not say which level has a row each",
        "加上 row_level: village(或其他级)", "add row_level: village (or another level)",
    ),
    "label_of_two": Said(
        "标签“{label}”既指 {one} 又指 {other}", "the label {label!r} stands for {one} and for {other}",
        "给其中一项换一个标签;同名的列写成“上级表头 > 标签”",
        "give one of them another label; columns of one name are told apart by 'heading > label'",
    ),
    "untranslatable": Said(
        "有一边是空的,无法换算成比较", "one side is empty: it cannot be translated",
        "写上两边的数据元(或 constant);total 和 share 写 parts,或写有编码的 breakdown",
        "name the elements of both sides (or a constant); total and share need parts, or a breakdown with codes",
    ),
    "no_rows_below": Said(
        "没有分行的报表收 {element},下级之和无从算起", "no form has rows of {element}: there is nothing to add up",
        "在有 row_level 的报表里收它,或去掉 level: children",
        "collect it by a form with row_level, or take level: children away",
    ),
    "parts_and_breakdown": Said(
        "parts 和 breakdown 都写了", "has parts and a breakdown", "只写其中一个", "give one of them only"
    ),
    "not_cumulative": Said(
        "{element} 不是累计数(kind: {kind})", "{element} is {kind}, not year_to_date",
        "换成累计数的数据元,或改它的 kind", "name an element of the kind year_to_date, or mend its kind",
    ),
    "unit_of_target": Said(
        "目标的单位 {unit} 不是指标的单位 {wanted}", "its unit {unit} is not {wanted}, that of the indicator",
        "换算成 {wanted}", "give the value in {wanted}",
    ),
    "ends_before": Said(
        "有效期的起止颠倒", "valid_from is not before valid_to",
        "valid_to 是失效之日,写在 valid_from 之后", "valid_to is the day on which it ends, after valid_from",
    ),
    "value_alone": Said(
        "有 value 而没有 comparator", "has a value and no comparator",
        "写上 comparator: '>='、'=' 等", "add comparator: '>=', '=' or another",
    ),
    "no_date": Said(
        "看不懂的日期 {text!r}", "{text!r} is no date",
        "写成 '2012'、'2012-12' 或 '2012-12-31'", "write it as '2012', '2012-12' or '2012-12-31'",
    ),
    "no_frequency": Said(
        "{form} 没有固定的报告频率", "{form} has no frequency of its own",
        "加上 frequency: month(或其他)", "add frequency: month (or another)",
    ),
    "no_period": Said(
        "看不懂的统计期 {period!r}", "no period code {period!r}",
        "写成 '2014'、2014Q2、2014-05 或 M2014", "write it as '2014', 2014Q2, 2014-05 or M2014",
    ),
    "no_such_share": Said(
        "公布的率 {value}% 不在 0 和 100 之间", "a published rate of {value} % is not between 0 and 100",
        "核对原文;‰ 和 1/10万 的 unit 是 per_mille、per_100k",
        "compare it with the source; the unit of ‰ is per_mille, of 1/100,000 per_100k",
    ),
    "nobody_owes": Said(
        "{scope}之下没有 {level} 级单位", "there is no unit of the level {level} below {scope}",
        "改 scope 或 level,或在 orgs.csv 加上单位", "mend scope or level, or add units to orgs.csv",
    ),
    "upside_down": Said(
        "{level} 级的 {name} 归在 {parent_level} 级的 {parent} 之下",
        "{name}, a {level}, stands below {parent}, a {parent_level}",
        "改 level 或 parent", "mend level or parent",
    ),
    # ---- of files
    "no_yaml": Said(
        "不是合法的 YAML({problem})", "is no valid YAML: {problem}",
        "看这一行和上一行的括号、引号、冒号后的空格和缩进(不用制表符)",
        "see the brackets, quotes, blanks after colons and the indent (no tabs) of this line and the one before",
    ),
    "no_entries": Said(
        "内容不是“编码: {{…}}”", "does not hold codes with their entries",
        "每个条目写成 编码: {{栏: 值, …}}", "write each entry as code: {{field: value, …}}",
    ),
    "not_utf8": Said(
        "文件不是 UTF-8 编码{guess_zh}", "the file is not encoded in UTF-8{guess_en}",
        "另存为 UTF-8(Excel:另存为 → CSV UTF-8(逗号分隔))", "save it as UTF-8 (Excel: Save As → CSV UTF-8)",
    ),
    "unread": Said(
        "这个文件没有人读", "nobody reads this file",
        "{near_zh}可用的名字是 {names}", "{near_en}the names are {names}",
    ),
    "no_csv": Said(
        "不是合法的 CSV:{error}", "is no valid CSV: {error}",
        "看这一行的引号是否成对", "see whether the quotes of this line are in pairs",
    ),
    "columns_missing": Said(
        "缺少列 {missing}", "lacks the columns {missing}", "第一行应为 {known}", "the first line must be {known}"
    ),
    "column_misspelt": Said(
        "没有 {column} 这一列", "there is no column {column}", "是不是 {near}?", "did you mean {near}?"
    ),
    "longer_than_header": Said(
        "这一行的格比表头多", "the line has more cells than the header",
        "内容里的逗号要放在引号中", "put a text with a comma between quotes",
    ),
    "no_working_day": Said(
        "看不懂 {said!r}", "{said!r} is not understood",
        "写成 2027-01-01,0(0 为休息,1 为上班)", "write it as 2027-01-01,0 (0: a day off, 1: a working day)",
    ),
    "works_and_not": Said(
        "{day} 既上班又休息", "{day} is a working day and a day off",
        "去掉其中一行", "take one of the lines away",
    ),
}  # fmt: skip
