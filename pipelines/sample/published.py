"""The county report of 2014 that the sample county adds up to, exactly.

Citation: 《县规划局文明创建志愿服务人员》自查汇报(县妇幼保健院), 2014; the same figures stand in
tests/published/values.csv under report mch_county_2014, and a test compares the two. The report prints 2014; the
sample reads that as the maternal and child health year, October 2013 to September 2014.
"""

from __future__ import annotations

LIVE_BIRTHS = 9887
WOMEN_DELIVERED = 9863
ANTENATAL = 9730
FIVE_VISITS = 9132
EARLY = 7521
POSTNATAL = 9568
HOSPITAL = 9737
CAESAREAN = 2263
SYSTEM_MANAGED = 7414
HIGH_RISK = 3852
HIGH_RISK_MANAGED = 3851
HIGH_RISK_HOSPITAL = 3851
MATERNAL_DEATHS = 2
POPULATION = 475_000  # 总人口, at the end of the year
NEWBORNS_VISITED = 9452  # the report prints only the rate: 95.6 % of the live births

ANNUAL: dict[str, int] = {
    "live_births": LIVE_BIRTHS,
    "women_delivered": WOMEN_DELIVERED,
    "women_with_antenatal_care": ANTENATAL,
    "women_with_5_antenatal_visits": FIVE_VISITS,
    "early_antenatal_examined": EARLY,
    "women_with_postnatal_visit": POSTNATAL,
    "hospital_deliveries": HOSPITAL,
    "caesarean_sections": CAESAREAN,
    "maternal_system_managed": SYSTEM_MANAGED,
    "high_risk_pregnancies": HIGH_RISK,
    "high_risk_pregnancies_managed": HIGH_RISK_MANAGED,
    "high_risk_hospital_deliveries": HIGH_RISK_HOSPITAL,
    "maternal_deaths": MATERNAL_DEATHS,
}
