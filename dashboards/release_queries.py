"""What the page of a release reads: one query a section, over the tables that the contract names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import polars as pl

RECEIPTS = "select state, count(*) as files from intake.receipt group by state order by state"
CELLS = """
select
    coalesce(sum(cells_read), 0) as read, coalesce(sum(cells_fact), 0) as fact,
    coalesce(sum(cells_claim), 0) as claim, coalesce(sum(cells_total), 0) as total,
    coalesce(sum(cells_entry), 0) as entry, coalesce(sum(cells_label), 0) as label,
    coalesce(sum(cells_quarantined), 0) as quarantined
from intake.submission
where state <> 'duplicate'
"""
# Synthetic sample data has a section of its own; everything else is about real reports.
IS_SYNTHETIC = "{org_code} in (select org_code from core.org_unit where is_synthetic)"
SEVERITIES = f"""
select
    severity, count(*) as findings,
    count(*) filter (where {IS_SYNTHETIC.format(org_code="org_code")}) as synthetic
from quality.finding
group by severity
order by severity
"""
RATES = """
select
    figure.org_code, figure.org_name, figure.org_level, figure.period_code, figure.period_start,
    figure.period_end, figure.period_basis, figure.indicator_code, figure.indicator_name_zh,
    figure.indicator_name_en, domain.name_zh as domain_zh, domain.name_en as domain_en, domain.shown_as,
    figure.breakdown_code,
    coalesce(part.name_zh, figure.breakdown_code) as breakdown_name_zh,
    coalesce(part.name_en, figure.breakdown_code) as breakdown_name_en,
    figure.standard, coalesce(standard.name_zh, figure.standard) as standard_zh,
    coalesce(standard.name_en, figure.standard) as standard_en, figure.edition, figure.is_default_edition,
    figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
    figure.interval_method, figure.coverage, figure.state, figure.state_reason, figure.finality,
    figure.target, figure.target_comparator, figure.target_status
from marts.indicator_value as figure
left join catalog.breakdown as part
    on figure.breakdown_code = part.breakdown_code and part.breakdown_code <> ''
left join catalog.standard as standard on figure.standard = standard.standard
inner join catalog.domain as domain on figure.domain = domain.domain
where {which}
order by
    list_position(['nation', 'province', 'prefecture', 'county', 'township', 'village'], figure.org_level)
    nulls last, figure.org_code, figure.period_end desc, figure.period_start, figure.breakdown_code,
    figure.is_default_edition desc, figure.basis, figure.period_basis, figure.standard, figure.edition
"""
PLACE = """coalesce(receipt.filename, '') as filename, {table}.sheet, {table}.{cell} as cells"""
JOIN_PLACE = """
left join intake.submission as submission on {table}.submission_id = submission.submission_id
left join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
"""
CLAIMS = f"""
select
    claim.claim_id, coalesce(unit.org_name, claim.org_code) as org_name, claim.org_code, claim.period_code,
    claim.indicator_code, coalesce(indicator.name_zh, claim.indicator_code) as indicator_zh,
    coalesce(indicator.name_en, claim.indicator_code) as indicator_en,
    coalesce(part.name_zh, claim.breakdown_code) as part_zh,
    coalesce(part.name_en, claim.breakdown_code) as part_en,
    claim.reported_text, claim.unit, claim.verdict, claim.attainable, claim.explaining_formula,
    claim.habit_formula, {PLACE.format(table="claim", cell="cell")}
from marts.claim_verdict as claim
left join core.org_unit as unit on claim.org_code = unit.org_code
left join catalog.indicator as indicator on claim.indicator_code = indicator.indicator_code
left join catalog.breakdown as part
    on claim.breakdown_code = part.breakdown_code and part.breakdown_code <> ''
{JOIN_PLACE.format(table="claim")}
order by
    list_position(['inconsistent', 'truncated', 'reproduced', 'not_checkable'], claim.verdict),
    claim.attainable nulls last, claim.org_code, claim.period_code, claim.indicator_code, claim.claim_id
"""
TRIES = """
select
    tried.claim_id, tried.formula, any_value(tried.numerator) as numerator,
    any_value(tried.denominator) as denominator, any_value(tried.recomputed) as recomputed,
    any_value(tried.verdict) as verdict, coalesce(bool_or(tried.is_explaining_edition), false) as explains,
    string_agg(distinct coalesce(standard.name_zh, tried.standard) || ' · ' || tried.edition, ';')
        as editions_zh,
    string_agg(distinct coalesce(standard.name_en, tried.standard) || ' · ' || tried.edition, '; ')
        as editions_en
from marts.claim_check as tried
left join catalog.standard as standard on tried.standard = standard.standard
where tried.formula <> ''
group by tried.claim_id, tried.formula
order by tried.claim_id, explains desc, tried.formula
"""
TOTALS = f"""
select
    coalesce(unit.org_name, total.org_code) as org_name, total.period_code,
    coalesce(element.name_zh, total.total_element) as element_zh,
    coalesce(element.name_en, total.total_element) as element_en, total.partition,
    coalesce(declared.name_zh, total.partition) as partition_zh, total.stated_total, total.sum_of_parts,
    total.difference, total.verdict, total.relation, total.within_relation,
    {PLACE.format(table="total", cell="cells")}
from marts.total_check as total
left join core.org_unit as unit on total.org_code = unit.org_code
left join catalog.element as element on total.total_element = element.element_code
left join catalog.total as declared
    on
        total.form_code = declared.form_code
        and total.total_element = declared.element_code
        and total.partition = declared.partition
{JOIN_PLACE.format(table="total")}
order by
    total.within_relation nulls last, total.org_code, total.period_code, total.total_element,
    total.partition
"""
FINDINGS = f"""
select
    finding.finding_id, finding.severity, finding.rule_code,
    coalesce(unit.org_name, finding.org_code, '') as org_name,
    coalesce(finding.period_code, '') as period_code,
    finding.message_zh, finding.message_en, finding.observed, finding.expected, finding.status,
    finding.explanation, {PLACE.format(table="finding", cell="cells")}
from quality.finding as finding
left join core.org_unit as unit on finding.org_code = unit.org_code
{JOIN_PLACE.format(table="finding")}
where coalesce(unit.is_synthetic, false) = $synthetic
order by
    list_position(['error', 'warning', 'question'], finding.severity), finding.org_code, finding.period_code,
    finding.rule_code, finding.finding_id
"""
REPORTING = """
select
    coalesce(unit.org_name, owed.org_code) as org_name, coalesce(form.name_zh, owed.form_code) as form_zh,
    coalesce(form.name_en, owed.form_code) as form_en, owed.period_code, owed.due_on, owed.received_on,
    owed.revision, owed.state, owed.finality, owed.cells_expected, owed.cells_filled, owed.cells_in_error
from marts.reporting_status as owed
left join core.org_unit as unit on owed.org_code = unit.org_code
left join catalog.form as form on owed.form_code = form.form_code
where coalesce(unit.is_synthetic, false) = $synthetic
order by
    list_position(['missing', 'refused', 'late', 'not_due'], owed.state) nulls last, owed.org_code,
    owed.form_code, owed.period_code
"""
# The synthetic units at the top, and those below them: enough for a page, which leads on to the rest.
SYNTHETIC_UNITS = """
select unit.org_code, unit.org_name, unit.org_level, unit.parent_code, coalesce(above.is_synthetic, false) as below
from core.org_unit as unit
left join core.org_unit as above on unit.parent_code = above.org_code
left join core.org_unit as top on above.parent_code = top.org_code
where
    unit.is_synthetic and unit.org_level <> 'institution'
    and not (coalesce(above.is_synthetic, false) and coalesce(top.is_synthetic, false))
order by below, unit.org_code
"""
# The period over which most was counted: a year once its months are there.
SYNTHETIC_PERIOD = """
select period_code
from marts.indicator_value
where org_code in (select unnest($units)) and basis = 'rolled_up' and is_default_edition
group by period_code
order by sum(denominator) desc, period_code
limit 1
"""
SYNTHETIC_REPORTING = """
select
    unit.org_name, count(*) as owed, count(*) filter (where status.state in ('on_time', 'received')) as on_time,
    count(*) filter (where status.state = 'late') as late,
    count(*) filter (where status.state in ('missing', 'refused')) as missing,
    count(*) filter (where status.state = 'not_due') as not_due
from marts.reporting_status as status
inner join core.org_unit as unit on status.org_code = unit.org_code
where unit.is_synthetic
group by unit.org_code, unit.org_name
order by unit.org_code
"""
ELEMENTS = "select element_code, name_zh, name_en from catalog.element"


def rows(con: duckdb.DuckDBPyConnection, query: str, **values: object) -> list[dict[str, Any]]:
    """The rows of a query by column name."""
    result = con.execute(query, values)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def rates(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every figure of marts.indicator_value with the words of its breakdown and standard, but no synthetic one."""
    return con.sql(RATES.format(which=f"not {IS_SYNTHETIC.format(org_code='figure.org_code')}")).pl()


def synthetic_rates(con: duckdb.DuckDBPyConnection, units: list[str], period: str) -> pl.DataFrame:
    """The rates of the default editions that were added up for some units over a period."""
    which = (
        "figure.org_code in (select unnest($units)) and figure.period_code = $period "
        "and figure.basis = 'rolled_up' and figure.is_default_edition"
    )
    return con.sql(RATES.format(which=which), params={"units": units, "period": period}).pl()
