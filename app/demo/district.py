"""The people of the demo: a government, its supervision office, twenty units of all kinds, who sits where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from app.authz import Role
from app.core.database import Base
from app.core.ids import new_id
from app.core.levels import Classification
from app.identity.models import (
    Account,
    Person,
    PersonClearance,
    PostHolding,
    RoleGrant,
    Unit,
    UnitContact,
    UnitGroup,
    UnitGroupMember,
    UnitName,
)
from app.identity.rules import AccountKind, ContactKind, LeaderSystem, PostCapacity, Subordination, UnitKind

SINCE = date(2022, 1, 1)
_SINCE = datetime(2021, 12, 31, 16, tzinfo=UTC)  # the same day in Shanghai
_BASIS = "临政任〔2022〕1号"
GOVERNMENT, OFFICE = "临江区人民政府", "临江区人民政府办公室督办科"


class UnitSeed(NamedTuple):
    """A unit, its kind, whose it is, its head and its handler."""

    name: str
    key: str
    kind: UnitKind
    subordination: Subordination
    head: str
    handler: str


UNITS: tuple[UnitSeed, ...] = (
    UnitSeed("太平镇人民政府", "taiping", UnitKind.TOWN, Subordination.DISTRICT, "郑国强", "韩梅"),
    UnitSeed("榆树镇人民政府", "yushu", UnitKind.TOWN, Subordination.DISTRICT, "冯立新", "曹阳"),
    UnitSeed("新农镇人民政府", "xinnong", UnitKind.TOWN, Subordination.DISTRICT, "陈大勇", "许静"),
    UnitSeed("兆麟街道办事处", "zhaolin", UnitKind.SUBDISTRICT, Subordination.DISTRICT, "褚红", "沈波"),
    UnitSeed("斯大林街道办事处", "sidalin", UnitKind.SUBDISTRICT, Subordination.DISTRICT, "卫东", "蒋丽"),
    UnitSeed("通江街道办事处", "tongjiang", UnitKind.SUBDISTRICT, Subordination.DISTRICT, "蔡明", "贾楠"),
    UnitSeed("经纬街道办事处", "jingwei", UnitKind.SUBDISTRICT, Subordination.DISTRICT, "丁宁", "魏巍"),
    UnitSeed("工程街道办事处", "gongcheng", UnitKind.SUBDISTRICT, Subordination.DISTRICT, "薛峰", "叶青"),
    UnitSeed("安静街道办事处", "anjing", UnitKind.SUBDISTRICT, Subordination.DISTRICT, "阎涛", "余敏"),
    UnitSeed("抚顺街道办事处", "fushun", UnitKind.SUBDISTRICT, Subordination.DISTRICT, "傅雷鸣", "苗雨"),
    UnitSeed("共乐街道办事处", "gongle", UnitKind.SUBDISTRICT, Subordination.DISTRICT, "侯建平", "白雪"),
    UnitSeed("区城市管理局", "chengguan", UnitKind.DEPARTMENT, Subordination.DISTRICT, "潘志远", "杜鹃"),
    UnitSeed("区住房和城乡建设局", "zhujian", UnitKind.DEPARTMENT, Subordination.DISTRICT, "戴军", "夏雨"),
    UnitSeed("区生态环境局", "huanbao", UnitKind.DEPARTMENT, Subordination.DUAL, "钟山", "汪洋"),
    UnitSeed("区教育局", "jiaoyu", UnitKind.DEPARTMENT, Subordination.DISTRICT, "田园", "任静"),
    UnitSeed("区财政局", "caizheng", UnitKind.DEPARTMENT, Subordination.DISTRICT, "姜维国", "范蕾"),
    UnitSeed("区税务局", "shuiwu", UnitKind.DEPARTMENT, Subordination.VERTICAL, "方正", "石磊"),
    UnitSeed("临江城市投资有限公司", "chengtou", UnitKind.ENTERPRISE, Subordination.ENTERPRISE, "姚远", "谭松"),
    UnitSeed("临江供热有限公司", "gongre", UnitKind.ENTERPRISE, Subordination.ENTERPRISE, "廖凯", "邹洁"),
    UnitSeed("区疾病预防控制中心", "jikong", UnitKind.INSTITUTION, Subordination.DISTRICT, "熊伟", "金晶"),
)
SUBDISTRICTS = "各街道办事处"
TOWNS = "各镇人民政府"


class LeaderSeed(NamedTuple):
    """Somebody of the government or its office: login, name, unit, post, roles."""

    login: str
    name: str
    unit: str
    post: str
    roles: tuple[Role, ...]
    system: LeaderSystem | None = None
    chief: bool = False
    portfolio: str | None = None


LEADERS: tuple[LeaderSeed, ...] = (
    LeaderSeed(
        "quzhang", "李振华", GOVERNMENT, "区长", (Role.DISTRICT_HEAD,), LeaderSystem.GOVERNMENT, chief=True
    ),
    LeaderSeed(
        "fuquzhang", "王海涛", GOVERNMENT, "副区长", (Role.DISTRICT_LEADER,), LeaderSystem.GOVERNMENT,
        portfolio="城市管理、生态环境、住房建设",
    ),
    LeaderSeed(
        "fuquzhang2", "赵敏", GOVERNMENT, "副区长", (Role.DISTRICT_LEADER,), LeaderSystem.GOVERNMENT,
        portfolio="教育、卫生、民政",
    ),
    LeaderSeed("zhuren", "孙立", GOVERNMENT, "政府办公室主任", (Role.OFFICE_LEADER,)),
    LeaderSeed("duban.zhu", "周正", OFFICE, "督办科科长", (Role.SUPERVISION_HEAD,)),
    LeaderSeed("duban.wu", "吴芳", OFFICE, "督办员", (Role.SUPERVISION_OFFICER,)),
    LeaderSeed("duban.zheng", "郑磊", OFFICE, "督办员", (Role.SUPERVISION_OFFICER,)),
    LeaderSeed("quanxian", "钱进", OFFICE, "权限管理员", (Role.PERMISSION_ADMIN,)),
    LeaderSeed("xitong", "高远", GOVERNMENT, "系统管理员", (Role.SYSTEM_ADMIN,)),
    LeaderSeed("anmi", "林静", GOVERNMENT, "安全保密管理员", (Role.SECURITY_ADMIN,)),
    LeaderSeed("shenji", "罗严", GOVERNMENT, "安全审计员", (Role.SECURITY_AUDITOR,)),
)  # fmt: skip


@dataclass(slots=True)
class District:
    """The rows of the district, and the keys by which stories name them: logins of people, names of units."""

    rows: list[Base] = field(default_factory=list)
    units: dict[str, UUID] = field(default_factory=dict)
    groups: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def build_district(password_hash: str) -> District:
    """Everybody with an account of the same password, which must not be known to anybody outside a demo."""
    district = District()
    _add_unit(district, GOVERNMENT, UnitKind.GOVERNMENT, Subordination.DISTRICT, None)
    _add_unit(district, OFFICE, UnitKind.SUPERVISION_OFFICE, Subordination.DISTRICT, GOVERNMENT)
    for seed in UNITS:
        _add_unit(district, seed.name, seed.kind, seed.subordination, GOVERNMENT)
    for leader in LEADERS:
        _add_leader(district, leader, password_hash)
    for seed in UNITS:
        _add_unit_staff(district, seed, password_hash)
    for name, kind in ((SUBDISTRICTS, UnitKind.SUBDISTRICT), (TOWNS, UnitKind.TOWN)):
        _add_group(district, name, [seed.name for seed in UNITS if seed.kind is kind])
    return district


def key_of(unit: str) -> str:
    """The first part of the logins of a unit's people."""
    return next(seed.key for seed in UNITS if seed.name == unit)


def logins() -> Iterator[tuple[str, str]]:
    """Every demo account with what its holder is."""
    for leader in LEADERS:
        yield leader.login, f"{leader.name}（{leader.post}）"
    for seed in UNITS:
        yield f"{seed.key}.head", f"{seed.head}（{seed.name}主要领导）"
        yield f"{seed.key}.handler", f"{seed.handler}（{seed.name}承办人）"


def _add_unit(district: District, name: str, kind: UnitKind, subordination: Subordination, parent: str | None) -> None:
    unit = Unit(
        id=new_id(),
        kind=kind,
        subordination=subordination,
        parent_id=district.units[parent] if parent else None,
        name=name,
        valid_from=SINCE,
        updated_at=_SINCE,
    )
    district.units[name] = unit.id
    district.rows += [unit, UnitName(unit_id=unit.id, name=name, valid_from=SINCE)]


def _add_leader(district: District, seed: LeaderSeed, password_hash: str) -> None:
    person = Person(
        id=new_id(),
        name=seed.name,
        system=seed.system,
        chief=seed.chief,
        portfolio=seed.portfolio,
        updated_at=_SINCE,
    )
    capacity = PostCapacity.HEAD if seed.chief or seed.post == "督办科科长" else PostCapacity.MEMBER
    _settle(district, person, seed.login, password_hash, seed.unit, seed.post, capacity)
    for role in seed.roles:
        _grant(district, person, role, None)


def _add_unit_staff(district: District, seed: UnitSeed, password_hash: str) -> None:
    head = Person(id=new_id(), name=seed.head, updated_at=_SINCE)
    handler = Person(id=new_id(), name=seed.handler, updated_at=_SINCE)
    _settle(district, head, f"{seed.key}.head", password_hash, seed.name, "主要负责人", PostCapacity.HEAD)
    _settle(district, handler, f"{seed.key}.handler", password_hash, seed.name, "承办人", PostCapacity.MEMBER)
    _grant(district, head, Role.UNIT_HEAD, seed.name)
    _grant(district, handler, Role.UNIT_HANDLER, seed.name)
    district.rows.append(UnitContact(unit_id=district.units[seed.name], person_id=handler.id, kind=ContactKind.HANDLER))


def _settle(
    district: District,
    person: Person,
    login: str,
    password_hash: str,
    unit: str,
    post: str,
    capacity: PostCapacity,
) -> None:
    account = Account(
        id=new_id(),
        kind=AccountKind.PERSON,
        person_id=person.id,
        login=login,
        password_hash=password_hash,
        created_at=_SINCE,
    )
    district.people[login], district.accounts[login] = person.id, account.id
    district.names[login] = person.name
    district.rows += [
        person,
        account,
        PostHolding(person_id=person.id, unit_id=district.units[unit], post=post, capacity=capacity, valid_from=SINCE),
        PersonClearance(person_id=person.id, level=Classification.WORK_SECRET, valid_from=_SINCE, basis=_BASIS),
    ]


def _grant(district: District, person: Person, role: Role, unit: str | None) -> None:
    district.rows.append(
        RoleGrant(
            person_id=person.id,
            role=role,
            unit_id=district.units[unit] if unit else None,
            valid_from=_SINCE,
            basis=_BASIS,
        )
    )


def _add_group(district: District, name: str, members: list[str]) -> None:
    group = UnitGroup(id=new_id(), name=name)
    district.groups[name] = group.id
    district.rows.append(group)
    district.rows += [UnitGroupMember(group_id=group.id, unit_id=district.units[member]) for member in members]
