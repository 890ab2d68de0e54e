"""The errors planted into the sample county's returns: which there are, and where the draws of a seed put them.

Each goes into a return of its own, and no two into one township and month, so that what a night says of a township's
month is about one error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from pipelines.sample import slips
from pipelines.sample.county import MONTHS, SENDERS, SampleCounty
from pipelines.sample.layout import Return
from pipelines.sample.slips import Case, Sent, Slip

MCH, PHS, LEGAL, SURVEY = SENDERS


@dataclass(frozen=True)
class Kind:
    """What goes wrong, in words, and in which form; `slip` does it.

    `seen` is where a night shows it, in the county of the default seed; a test compares it with a night.
    """

    code: str
    form: str
    slip: Slip
    zh: str
    en: str
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planted:
    """An error: the return that it spoils, and the files that come in its place, in the order in which they come."""

    error_id: str
    kind: Kind
    truth: Return
    sent: tuple[Sent, ...]


KINDS = (
    Kind("digits_swapped", PHS, slips.digits_swapped("households_visited"),
         "数字颠倒", "two digits swapped"),
    Kind("neighbours_transposed", MCH,
         slips.neighbours_transposed("women_with_antenatal_care", "women_with_5_antenatal_visits"),
         "相邻两格填反", "two neighbouring cells transposed",
         seen=("quality.finding:antenatal_at_least_five",)),
    Kind("last_month_copied", SURVEY, slips.last_month_copied,
         "照抄上月数字", "last month's figures copied"),
    Kind("column_shifted", MCH, slips.column_shifted("women_with_antenatal_care"),
         "一行数字右移一格", "a row's figures one column too far right",
         seen=("quality.finding:antenatal_at_least_five",
               "quality.finding:live_births_at_least_visited",
               "quality.finding:rate_above_whole",
               "quality.finding:visited_at_least_system_managed")),
    Kind("zero_for_blank", MCH, slips.zero_for_blank("early_pregnancy_registrations"),
         "未统计的项填了 0", "0 typed where nothing was counted"),
    Kind("blank_for_zero", MCH, slips.blank_for_zero("caesarean_sections"),
         "0 没有填,留了空", "a 0 left blank"),
    Kind("blank_for_figure", MCH, slips.blank_for_figure("women_with_postnatal_visit"),
         "漏填一格", "a figure left out"),
    Kind("sent_twice", PHS, slips.sent_twice,
         "同一文件换名又报一次", "the same file sent again under another name",
         seen=("intake.receipt:duplicate",)),
    Kind("ten_thousands", PHS, slips.ten_thousands("resident_population"),
         "以万为单位填写", "typed in ten-thousands",
         seen=("quality.finding:count_not_whole",
               "quality.finding:rate_above_whole",
               "quality.finding:residents_at_least_electronic_records")),
    Kind("total_not_updated", MCH, slips.total_not_updated("live_births"),
         "村数改了,合计没有改", "a village put right, 合计 not",
         seen=("quality.finding:rate_above_whole", "quality.finding:villages_add_up")),
    Kind("unknown_village", SURVEY, slips.unknown_village,
         "村名不在名册", "a village that the township does not have",
         seen=("intake.quarantine:unknown_row_unit", "quality.finding:cell_quarantined")),
    Kind("villages_swapped", PHS, slips.villages_swapped,
         "两个村的数字对调", "two villages' figures exchanged"),
    Kind("cumulative_for_monthly", PHS, slips.cumulative("households_visited"),
         "当月数填成累计数", "the year's running sum typed for the month"),
    Kind("rate_for_count", SURVEY, slips.rate_for_count("survey_satisfied", "survey_responded"),
         "人数填成百分数", "a rate typed for a count",
         seen=("quality.finding:count_not_whole",
               "quality.finding:rate_above_whole",
               "quality.finding:survey_responded_at_least_judged")),
    Kind("percent_for_count", MCH, slips.percent_for_count("newborns_visited", "live_births"),
         "人数填成带百分号的率", "a rate with its percent sign typed for a count",
         seen=("intake.quarantine:not_a_number", "quality.finding:cell_quarantined")),
    Kind("wrong_year", SURVEY, slips.wrong_year,
         "表头仍是上一年", "last year's head on this year's return",
         seen=("marts.reporting_status:missing",)),
    Kind("late", LEGAL, slips.late(3), "迟报 3 天", "three days late",
         seen=("marts.reporting_status:late",)),
    Kind("late", SURVEY, slips.late(19), "迟报近三周", "almost three weeks late",
         seen=("marts.reporting_status:late",)),
    Kind("late", MCH, slips.late(75), "迟报两个多月", "more than two months late",
         seen=("marts.reporting_status:late",)),
    Kind("partial_file", MCH, slips.partial_file,
         "只报了一半的村", "half of the villages only"),
    Kind("older_resent", MCH, slips.older_resent("hospital_deliveries"),
         "更正后又把旧稿报来", "the draft sent again after the right file",
         seen=("quality.finding:approved_revised", "quality.finding:rate_above_whole")),
    Kind("never_sent", LEGAL, slips.never_sent, "没有上报", "never sent",
         seen=("marts.reporting_status:missing",)),
    Kind("word_for_zero", LEGAL, slips.word_for_zero("legal_publicity_events"),
         "0 写成“无”", "无 (none) written for 0",
         seen=("intake.quarantine:not_a_number", "quality.finding:cell_quarantined")),
    Kind("about", PHS, slips.about("health_consultation_visits"),
         "写成约数", "an approximate number"),
    Kind("number_as_text", MCH, slips.number_as_text("antenatal_visits"),
         "全角数字,合计没有加上", "full-width digits, which 合计 leaves out"),
    Kind("unit_in_cell", LEGAL, slips.unit_in_cell("legal_service_hours", "小时"),
         "数字带了单位", "the unit typed behind the number",
         seen=("intake.quarantine:not_a_number", "quality.finding:cell_quarantined")),
    Kind("dash_before", PHS, slips.dash_before("diabetes_followed_up"),
         "短横被当作负号", "a dash taken for a minus",
         seen=("quality.finding:count_negative",)),
    Kind("digit_twice", SURVEY, slips.digit_twice("survey_responded"),
         "多敲一位", "a digit typed twice",
         seen=("quality.finding:rate_above_whole", "quality.finding:survey_invited_at_least_responded")),
    Kind("point_lost", LEGAL, slips.point_lost("legal_service_hours"),
         "漏了小数点", "the decimal point lost"),
    Kind("village_named_twice", LEGAL, slips.village_named_twice,
         "把下一村写成上一村", "a village under the name of the one above it",
         seen=("quality.finding:stated_twice",)),
)  # fmt: skip


def plant(county: SampleCounty) -> list[Planted]:
    """An error of every kind; the same county gives the same ones.

    Raises:
        LookupError: no return that is left offers an occasion for a kind.
    """
    rng = Random(f"errors of {county.seed}")
    by_place = {(found.township, found.form, found.period): found for found in county.returns}
    townships = list(dict.fromkeys(found.township for found in county.returns))
    periods = [f"{year}-{month:02d}" for year, month in MONTHS]
    left = [(township, month) for township in townships for month in range(len(periods))]
    rng.shuffle(left)
    planted = []
    for number, kind in enumerate(KINDS, 1):
        for place in left:
            township, month = place
            year = [by_place[township, kind.form, period] for period in periods[: month + 1]]
            sent = kind.slip(Case(rng, year[-1], year[:-1]))
            if sent is not None:
                planted.append(Planted(f"E{number:02d}", kind, year[-1], tuple(sent)))
                left.remove(place)
                break
        else:
            raise LookupError(kind.code)
    return planted


def sent_files(county: SampleCounty, planted: Sequence[Planted]) -> Iterator[tuple[Return, Sent]]:
    """Every file of the county with the return that it should be: those of the errors in place of the true ones."""
    wrong = {id(error.truth): error.sent for error in planted}
    for found in county.returns:
        for sent in wrong.get(id(found), (Sent(found, found.modified),)):
            yield found, sent
