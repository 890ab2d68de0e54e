"""The kinds of entries of the catalog: where a loaded catalog keeps them, and their Chinese names."""

KINDS = {
    "domain": ("domains", "领域"),
    "element": ("elements", "数据元"),
    "indicator": ("indicators", "指标"),
    "form": ("forms", "报表"),
    "rule": ("rules", "规则"),
    "target": ("targets", "目标"),
    "control": ("control_values", "公布值"),
    "obligation": ("obligations", "义务"),
    "document": ("documents", "依据文件"),
    "org": ("orgs", "机构"),
    "roster": ("roster", "应报名册"),
    "unit": ("units", "计量单位"),
    "codes": ("codes", "分组表"),
    "standard": ("standards", "标准"),
    "cause": ("causes", "差错原因"),
    "exchange": ("exchange", "对接"),
}
