-- Tables that Python fills: what was received, what it says, and what the codes mean.
-- What is selected from them stands in sql/, one file a table. Keys that end in _key are integers local to one
-- warehouse file; everything that leaves it is named by codes and content-derived ids.
create schema intake;
create schema catalog;
create schema core;
create schema store;
create schema quality;
create schema marts;
create schema meta;
create schema run;

create table run.state (name varchar primary key, value varchar not null);
create table run.night (clock timestamp not null);
create table run.touched (org_key integer not null, period_key bigint not null);

create table intake.file (
    file_id varchar primary key, bytes bigint not null, media_type varchar not null
);
create table intake.receipt (
    receipt_id varchar primary key, receipt_number bigint not null, file_id varchar not null,
    filename varchar not null, sender varchar not null, received_at timestamp not null,
    modified_at timestamp not null, state varchar not null, reason varchar not null
);
create table intake.submission (
    submission_key integer primary key, submission_id varchar not null unique, receipt_id varchar not null,
    sheet varchar not null, form_code varchar, org_code varchar, reported_by varchar, period_code varchar,
    revision integer, state varchar not null, reason varchar not null, reason_zh varchar not null,
    reason_en varchar not null, cell varchar not null, received_at timestamp not null,
    cells_read bigint not null, cells_fact bigint not null, cells_claim bigint not null, cells_total bigint not null,
    cells_entry bigint not null, cells_label bigint not null, cells_quarantined bigint not null
);
create table intake.quarantine (
    submission_id varchar not null, sheet varchar not null, cell varchar not null,
    printed varchar not null, reason varchar not null, label varchar not null
);
create table intake.remark (
    submission_key integer not null, rule_code varchar not null, org_key integer not null, period_key bigint not null,
    element_code varchar not null, cell varchar not null, observed varchar not null, expected varchar not null
);

create table intake.signature (
    submission_id varchar not null, role varchar not null, name varchar not null, cell varchar not null,
    unique (submission_id, role, cell)
);
create table intake.recount (
    submission_key integer not null, cell varchar not null, draw_id varchar not null, org_key integer not null,
    period_key bigint not null, form_key integer not null, element_key integer not null, breakdown_key integer not null,
    recounted decimal(20, 4), state varchar not null, drawn_at timestamp not null, unique (submission_key, cell)
);
create table intake.sign (
    sign_id varchar not null, sign_number bigint not null, form_code varchar not null, org_code varchar not null,
    period_code varchar not null, state varchar not null, who varchar not null, why varchar not null,
    signed_at timestamp not null, submission_key integer not null, unique (sign_number, org_code)
);
create table intake.correction (
    correction_key integer primary key, correction_id varchar not null unique, submission_key integer not null,
    cell varchar not null, org_key integer not null, period_key bigint not null, form_key integer not null,
    element_key integer not null, breakdown_key integer not null, found_state varchar not null,
    found_value decimal(20, 4), corrected_state varchar not null, corrected_value decimal(20, 4),
    why varchar not null, who varchar not null, valid_until date, declared_at timestamp not null
);

create table store.fact_history (
    org_key integer not null, period_key bigint not null, element_key integer not null, breakdown_key integer not null,
    form_key integer not null, reported_by_key integer not null, occurrence integer not null,
    value decimal(20, 4), qualifier varchar not null, state varchar not null,
    submission_key integer not null, cell varchar not null, from_total boolean not null,
    known_from timestamp not null, known_to timestamp
);
create table store.claim_history (
    org_key integer not null, period_key bigint not null, indicator_key integer not null, breakdown_key integer not null,
    form_key integer not null, reported_by_key integer not null, occurrence integer not null,
    claim_id varchar not null, reported_text varchar not null, reported_value decimal(20, 6) not null,
    qualifier varchar not null, unit varchar not null, decimals integer,
    submission_key integer not null, cell varchar not null,
    known_from timestamp not null, known_to timestamp
);

-- Codes and keys of organisations are unique as the register's are; an index of a nation would cost what loading costs.
create table core.org_unit (
    org_key integer not null, org_code varchar not null, org_name varchar not null, org_level varchar not null,
    parent_code varchar, kind varchar not null, aliases varchar not null, valid_from date, valid_to date,
    is_synthetic boolean not null, is_masked boolean not null, parent_key integer, scope_key integer not null
);
create table core.org_ancestor (
    org_key integer not null, ancestor_key integer not null, distance integer not null, valid_from date, valid_to date
);
create table core.org_change (
    old_code varchar not null, new_code varchar not null, changed_on date not null, kind varchar not null,
    weight double not null, weight_back double, note varchar not null, unique (old_code, new_code, changed_on)
);
create table store.org_version (
    org_key integer not null, org_name varchar not null, org_level varchar not null, parent_code varchar,
    kind varchar not null, aliases varchar not null, valid_from date, valid_to date
);
create table store.boundary (boundary integer primary key, valid_from date, valid_to date);
create table store.boundary_share (
    boundary integer not null, org_key integer not null, valid_from date, valid_to date, target_key integer not null,
    share_from decimal(13, 12) not null, share_to decimal(13, 12) not null, is_alive boolean not null,
    is_known boolean not null
);
create table store.boundary_ancestor (
    boundary integer not null, org_key integer not null, ancestor_key integer not null, holds varchar not null
);
create table core.period (
    period_key bigint primary key, period_code varchar not null unique, period_start date not null,
    period_end date not null, period_kind varchar not null, is_as_at boolean not null, aliases varchar not null,
    previous_key bigint
);

create table catalog.unit (
    unit_code varchar primary key, name_zh varchar not null, name_en varchar not null, is_count boolean not null
);
create table catalog.breakdown (
    breakdown_key integer primary key, breakdown_code varchar not null unique, code_list varchar not null,
    name_zh varchar not null, name_en varchar not null, valid_from date, valid_to date, successor varchar not null
);
create table catalog.element (
    element_key integer primary key, element_code varchar not null unique, name_zh varchar not null,
    name_en varchar not null, unit varchar not null, kind varchar not null, domain varchar not null,
    is_count boolean not null, carry_months integer, note varchar not null
);
create table catalog.domain (
    domain varchar primary key, name_zh varchar not null, name_en varchar not null, shown_as integer not null unique
);
create table catalog.standard (standard varchar primary key, name_zh varchar not null, name_en varchar not null);
create table catalog.document (
    document_code varchar primary key, title varchar not null, document_number varchar not null,
    issuer varchar not null, document_date varchar not null, successor varchar not null, expires varchar not null, citation varchar not null
);
create table catalog.indicator (
    indicator_key integer primary key, indicator_code varchar not null unique, name_zh varchar not null,
    name_en varchar not null, domain varchar not null, unit varchar not null, per integer not null,
    better varchar not null, note varchar not null
);
create table catalog.indicator_edition (
    edition_key integer primary key, indicator_key integer not null, indicator_code varchar not null,
    standard varchar not null, edition varchar not null, valid_from date, valid_to date, indicator_type varchar not null,
    formula varchar not null, numerator_terms integer not null, denominator_terms integer not null,
    numerator_kind varchar not null, denominator_kind varchar not null,
    is_count boolean not null, steps_in varchar not null, evidence varchar not null, document_code varchar not null,
    note varchar not null, unique (indicator_code, standard, edition)
);
create table catalog.indicator_term (
    edition_key integer not null, indicator_code varchar not null, standard varchar not null, edition varchar not null,
    side varchar not null, element_key integer not null, element_code varchar not null,
    breakdown_key integer not null, breakdown_code varchar not null, factor decimal(18, 6) not null,
    term_period varchar not null, term_level varchar not null,
    unique (edition_key, side, element_key, breakdown_key, term_period, term_level)
);
create table catalog.default_standard (
    domain varchar not null, org_level varchar not null, standard varchar not null, preference integer not null,
    unique (domain, org_level, standard)
);
create table catalog.form (
    form_key integer primary key, form_code varchar not null unique, name_zh varchar not null, name_en varchar not null,
    domain varchar not null, subject varchar not null, precedence integer not null, row_level varchar,
    orientation varchar not null, frequency varchar not null, calendar varchar not null, document_code varchar not null
);
create table catalog.form_element (
    form_key integer not null, form_code varchar not null, element_key integer not null, element_code varchar not null,
    unique (form_code, element_code)
);
create table catalog.total (
    total_key integer primary key, form_key integer not null, form_code varchar not null, element_key integer not null,
    element_code varchar not null, partition varchar not null, relation varchar not null, severity varchar not null,
    reading varchar not null, name_zh varchar not null, unique (form_code, element_code, partition)
);
create table catalog.total_part (
    total_key integer not null, form_code varchar not null, total_element varchar not null, partition varchar not null,
    element_key integer not null, element_code varchar not null, breakdown_key integer not null,
    breakdown_code varchar not null, factor decimal(18, 6) not null,
    term_period varchar not null, term_level varchar not null,
    unique (total_key, element_key, breakdown_key)
);
create table catalog.rule (
    rule_key integer primary key, rule_code varchar not null unique, kind varchar not null, name_zh varchar not null,
    name_en varchar not null, tolerance decimal(18, 6) not null, when_missing varchar not null, indicator_key integer,
    rounding varchar not null, document_code varchar not null
);
create table catalog.rule_comparison (
    rule_key integer not null, rule_code varchar not null, comparison integer not null, operator varchar not null,
    left_terms integer not null, right_terms integer not null, constant decimal(18, 6) not null,
    left_text varchar not null, right_text varchar not null, unique (rule_code, comparison)
);
create table catalog.rule_severity (
    rule_key integer not null, rule_code varchar not null, org_level varchar not null, severity varchar not null,
    unique (rule_code, org_level)
);
create table catalog.rule_term (
    rule_key integer not null, rule_code varchar not null, comparison integer not null, side varchar not null,
    element_key integer not null, element_code varchar not null, breakdown_key integer not null,
    breakdown_code varchar not null, factor decimal(18, 6) not null, term_period varchar not null,
    term_level varchar not null,
    unique (rule_key, comparison, side, element_key, breakdown_key, term_period, term_level)
);
create table catalog.roster (
    form_code varchar not null, org_code varchar not null, period_code varchar not null, due_on date,
    due_unknown boolean not null,
    unique (form_code, org_code, period_code)
);
create table catalog.target (
    target_code varchar primary key, indicator_key integer not null, indicator_code varchar not null,
    scope_code varchar not null, scope_key integer, valid_from date not null, valid_to date not null,
    comparator varchar not null, target_value decimal(18, 6) not null, unit varchar not null,
    document_code varchar not null, name_zh varchar not null
);
create table catalog.control_value (
    control_code varchar primary key, indicator_key integer not null, indicator_code varchar not null,
    scope_code varchar not null, scope_key integer, period_code varchar not null, period_kind varchar not null,
    period_start date not null, period_end date not null, control_value decimal(18, 6) not null, unit varchar not null,
    document_code varchar not null, evidence varchar not null
);
create table catalog.obligation (
    obligation_code varchar primary key, domain varchar not null, subject varchar not null, name_zh varchar not null,
    name_en varchar not null, every varchar not null, comparator varchar not null, required_value decimal(18, 6),
    unit varchar not null, scope_code varchar not null, valid_from date, valid_to date, deadline varchar not null,
    element_code varchar not null, indicator_code varchar not null, document_code varchar not null, note varchar not null
);
create table catalog.cause (
    cause_code varchar primary key, name_zh varchar not null, name_en varchar not null, note varchar not null
);
create table catalog.poisson_limit (
    events integer primary key, lower double not null, upper double not null,
    lower_998 double not null, upper_998 double not null
);

create table meta.release (
    release_id varchar primary key, created_at timestamp not null, previous_release varchar not null,
    code_sha256 varchar not null, catalog_sha256 varchar not null, journal_entries bigint not null,
    journal_sha256 varchar not null, duckdb_version varchar not null
);
create table meta.input (
    receipt_id varchar primary key, file_id varchar not null, filename varchar not null, sender varchar not null,
    received_at timestamp not null, bytes bigint not null
);
create table meta.run (run_id varchar not null, stage varchar not null, seconds double not null);
