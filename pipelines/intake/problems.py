"""What is wrong with a return, and what its sender can do about it.

The words of a finding stand in sql/quality/; here is the remedy to each, by the rule or by the reason of a quarantine.
"""

from __future__ import annotations

from typing import NamedTuple

from pipelines.intake.tables import Refusal

REFUSED = "refused"
SEVERITIES = (REFUSED, "error", "warning", "question")  # the worst first

UNKNOWN_IDS = ("unknown_element", "unknown_org", "unknown_breakdown", "unknown_attribute", "unknown_form_code")
UNKNOWN_ID = (
    "用本系统的编码,或在 catalog/exchange/ 中写明对方的编号是什么;之后可由存档重新载入,不必重报。",
    "Use a code of this catalog, or say in catalog/exchange/ what the identifier means; it is then loaded from the "
    "archive without being sent again.",
)
REMEDIES: dict[str, tuple[str, str]] = {
    # reasons of a quarantine
    "not_a_number": (
        "这一格只写数;没有数就留空,或写报表规定的代码(如 -1 未统计、-2 未开展)。",
        "Write a number only; where there is none leave the cell empty or use the form's codes (as -1 not collected, "
        "-2 not carried out).",
    ),
    "unknown_label": (
        "改回报表规定的项目名称;确是新项目的,请台账维护人员在 catalog/forms/ 中登记。",
        "Use the label that the form prescribes; a new item must first be entered in catalog/forms/.",
    ),
    "no_label": (
        "在这一行写上项目或单位的名称,或删去多余的数。",
        "Write the name of the item or unit in its row, or delete the figure.",
    ),
    "unknown_row_unit": (
        "改成机构名册中的名称或代码;新单位请先加入名册(orgs.csv)。",
        "Use the name or code of the register; add a new unit to the register (orgs.csv) first.",
    ),
    "ambiguous_row_unit": ("写单位代码。", "Write the unit's code."),
    "unknown_period": (
        "写成 2014年、2014年第三季度、2014年9月 或 截至2014年9月30日。",
        "Write it like 2014年, 2014年第三季度, 2014年9月 or 截至2014年9月30日.",
    ),
    "unknown_column": (
        "改回报表规定的表头;确是新栏目的,请台账维护人员在 catalog/forms/ 中登记,之后可由存档重新载入,不必重报。",
        "Use the prescribed header; a new column must be entered in catalog/forms/, and is then loaded from the "
        "archive without being sent again.",
    ),
    "unknown_state": (
        "状态应为 reported、blank、not_collected、not_carried_out、suppressed、not_applicable 之一。",
        "The state is one of reported, blank, not_collected, not_carried_out, suppressed, not_applicable.",
    ),
    **dict.fromkeys(UNKNOWN_IDS, UNKNOWN_ID),
    "org_not_below": (
        "只报本单位及下级单位的数;确属下级的,核对机构名册中的上级单位。",
        "Send figures of your own unit and of those below it; where it is one of these, mend its parent in the "
        "register.",
    ),
    "ambiguous_id": (
        "在 catalog/exchange/ 中让一个编号只有一种意思。",
        "Give the identifier one meaning in catalog/exchange/.",
    ),
    "stated_again": ("只留一行。", "Keep one row."),
    "two_values": (
        "一格只写一个数;确有两个数的表,请台账维护人员在 catalog/forms/ 中用 also 说明第二个数。",
        "Write one number; where a form has two in a cell, its entry in catalog/forms/ says what the second is (also).",
    ),
    "formula_not_calculated": (
        "在 Excel 或 WPS 中打开,等公式算出结果,保存后再报。",
        "Open it in Excel or WPS, let the formulas calculate, save it and send it again.",
    ),
    # questions about a cell
    "unit_mismatch": ("核对计量单位,按规定的单位填。", "Check the unit of measure and use the prescribed one."),
    "period_tick": ("把报送周期的勾和报告期改成一致。", "Make the ticked box and the period agree."),
    "count_not_whole": ("填整数。", "Give a whole number."),
    "count_negative": (
        "填 0 或正整数;未统计、未开展用报表规定的代码。",
        "Give 0 or more; use the form's codes for what was not collected or not carried out.",
    ),
    "period_disagrees": (
        "核对报告期;标题、文件名写错的,改正后再报。",
        "Check the period; mend the title or the file's name where they are wrong.",
    ),
    "unit_disagrees": (
        "核对填报单位,或把文件放进本单位的收件夹。",
        "Check the reporting unit, or put the file into the folder of its own unit.",
    ),
    "hidden_cells": (
        "取消隐藏,核对其中的数,不要的删去后再报。",
        "Unhide them, check what stands there, delete what is not meant, and send it again.",
    ),
    "absent_in_revision": ("在更正报表中补上这一项。", "Give the figure in the revised return too."),
    # findings
    "stated_twice": ("核对后只留对的一个。", "Keep the right one of the two."),
    "row_of_two_senders": ("核对由谁上报,另一家删去这一行。", "See who reports it; the other deletes it."),
    "periods_disagree": ("核对全期数和各期数,改正错的一处。", "Check the whole and its parts and mend the wrong one."),
    "periods_overlap": ("改用首尾相接的统计期。", "Use periods that follow each other."),
    "period_not_of_form": ("核对表头的时期,或改用相应期间的报表。", "Check the head's period, or use the form for it."),
    "sources_disagree": ("核对两处,改正错的一处。", "Check both places and mend the wrong one."),
    "claim_inconsistent": (
        "按表中的分子、分母重算这个率,或改正分子、分母。",
        "Compute the rate anew from the counts, or mend the counts.",
    ),
    "claim_truncated": ("按四舍五入重写这个率。", "Round the rate half up."),
    "claim_unattainable": ("核对分子、分母和这个率。", "Check the counts and the rate."),
    "claim_printed_twice": ("核对后只留对的一个。", "Keep the right one."),
    "rate_above_whole": ("核对分子和分母。", "Check numerator and denominator."),
    "total": ("核对总数和各分项,改正错的一格。", "Check the total and its parts and mend the wrong cell."),
}  # fmt: skip
BY_RULE = (
    "核对这几格,改正错的;确实如此的,报送时说明原因。",
    "Check these cells and mend the wrong one; where they are right, say why when you send it.",
)


class Problem(NamedTuple):
    """Something in a file that is refused, not loaded, wrong or asked about: where, what, and what to do."""

    severity: str
    rule: str
    sheet: str
    cells: tuple[str, ...]
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    form: str = ""
    period: str = ""
    org: str = ""
    elements: str = ""
    observed: str = ""
    expected: str = ""

    def told(self, lang: str) -> tuple[str, str]:
        """What is wrong and what to do, in `lang` ('zh' or 'en')."""
        return (self.zh, self.remedy_zh) if lang == "zh" else (self.en, self.remedy_en)


def remedy(rule: str, reason: str = "") -> tuple[str, str]:
    """What a sender can do about a finding, in Chinese and English.

    >>> remedy("total_by_place")[1]
    'Check the total and its parts and mend the wrong cell.'
    """
    name = reason if rule == "cell_quarantined" else "total" if rule.startswith("total_") else rule
    return REMEDIES.get(name, BY_RULE)


def refused(refusal: Refusal, sheet: str = "") -> Problem:
    """A file or table that was not accepted, as a problem."""
    cells = (refusal.cell,) if refusal.cell else ()
    place = refusal.sheet or sheet
    told = (refusal.zh, refusal.en, refusal.remedy_zh, refusal.remedy_en)
    return Problem(REFUSED, refusal.reason, place, cells, *told)
