"""The sample county's organisations: 14 townships with a health centre and a justice office each, 139 villages."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pipelines.catalog.models import Org

COUNTY, COUNTY_NAME, MARK = "x-sample", "样本县", "(合成)"
TOWNSHIPS = (
    "安平镇", "永丰镇", "柳河镇", "双桥镇", "石门乡", "清泉乡", "白杨乡",
    "长乐镇", "东风乡", "红旗乡", "金沟镇", "大营乡", "新湖乡", "青山镇",
)  # fmt: skip
VILLAGES = (14, 13, 12, 11, 11, 10, 10, 10, 9, 9, 8, 8, 7, 7)  # of each township; 139 in all
STEMS = (
    "新建", "红星", "团结", "前进", "胜利", "和平", "幸福", "光明", "向阳", "新民", "友谊", "东升", "西沟", "南湾",
    "北渠", "上河", "下河", "大柳树", "小泉", "三道沟", "五里", "八里", "头屯", "二工", "四十里", "老营", "新营",
    "杨家庄", "李家庄", "王家台", "张家湾", "马场", "羊圈沟", "榆树", "沙枣", "胡杨", "桃园", "杏花", "葡萄沟", "果园",
    "水磨", "石桥", "渠口", "河沿", "山口", "平原", "高台", "中心", "东街", "西街", "民主", "建国", "跃进", "丰收",
    "富民", "兴农", "永安", "长胜", "太平", "吉祥",
)  # fmt: skip


@dataclass(frozen=True)
class Village:
    """A village: its code, its township's code, and its name as it is printed."""

    code: str
    township: str
    name: str


def organisations(rng: Random) -> list[Org]:
    """The county, its townships with their two offices, and the villages, each below the one before it.

    A name is unique within its township and may come again in another, as in life.
    """
    found = [Org(code=COUNTY, name=COUNTY_NAME + MARK, level="county", kind="division", aliases=(COUNTY_NAME,))]
    for number, (name, count) in enumerate(zip(TOWNSHIPS, VILLAGES, strict=True), 1):
        found += _township(f"{COUNTY}-t{number:02d}", name, rng.sample(STEMS, count))
    return found


def _township(code: str, name: str, stems: list[str]) -> list[Org]:
    full = COUNTY_NAME + name
    offices = (("health-centre", "卫生院", "health_centre"), ("justice-office", "司法所", "justice_office"))
    found = [
        Org(code=code, name=name + MARK, level="township", parent=COUNTY, kind="division", aliases=(full + MARK, full))
    ]
    for slug, office, kind in offices:
        printed = (f"{full}{office}{MARK}", (f"{name}{office}{MARK}",))
        found.append(
            Org(code=f"{code}-{slug}", name=printed[0], level="institution", parent=code, kind=kind, aliases=printed[1])
        )
    for number, stem in enumerate(stems, 1):
        names = (f"{stem}村{MARK}", (f"{stem}村", stem))
        village = f"{code}-v{number:02d}"
        found.append(Org(code=village, name=names[0], level="village", parent=code, kind="division", aliases=names[1]))
    return found


def villages_of(orgs: list[Org]) -> list[Village]:
    """The villages among organisations, in their order."""
    return [Village(org.code, org.parent, org.name) for org in orgs if org.level == "village"]
