"""Sixty matters and how far each has come: what a district has on its table on an ordinary day. Invented."""

from enum import IntEnum
from typing import NamedTuple

from app.cases.rules import AssignmentRole, Handling, MatterType
from app.regulation.rules import TimeLimitTier

LEAD, SUPPORTING, PRINCIPAL = AssignmentRole.LEAD, AssignmentRole.SUPPORTING, AssignmentRole.PRINCIPAL


class Reached(IntEnum):
    """The last step that a matter has taken."""

    REGISTERED = 0
    PROPOSED = 1
    DECLINED = 2
    APPROVED = 3
    DISPATCHED = 4
    ACKNOWLEDGED = 5
    PROGRESS = 6  # a progress report accepted
    SUBMITTED = 7  # a result under review
    RETURNED = 8
    COMPLETED = 9  # the result accepted
    CLOSING = 10
    CLOSED = 11


class Journey(NamedTuple):
    """A matter, who has it, how many working days ago it was registered, and how far it has come."""

    title: str
    matter_type: MatterType
    units: tuple[tuple[AssignmentRole, str], ...]
    tier: TimeLimitTier
    workdays_ago: int
    reached: Reached
    restricted: bool = False

    @property
    def handling(self) -> Handling:
        if any(role is PRINCIPAL for role, _ in self.units):
            return Handling.SEPARATE
        return Handling.SOLE if len(self.units) == 1 else Handling.JOINT


_INSTRUCTED, _TASK, _OTHER = MatterType.LEADER_INSTRUCTION, MatterType.INSPECTION_TASK, MatterType.OTHER
_DECISION, _DOCUMENT, _MEETING = (
    MatterType.MAJOR_DECISION,
    MatterType.IMPORTANT_DOCUMENT,
    MatterType.MEETING_DECISION,
)
_URGENT, _GENERAL, _COMPLEX = TimeLimitTier.URGENT, TimeLimitTier.GENERAL, TimeLimitTier.COMPLEX
_STREETS = tuple(
    (PRINCIPAL, name)
    for name in (
        "兆麟街道办事处",
        "斯大林街道办事处",
        "通江街道办事处",
        "经纬街道办事处",
        "工程街道办事处",
        "安静街道办事处",
    )
)


def _sole(unit: str) -> tuple[tuple[AssignmentRole, str], ...]:
    return ((LEAD, unit),)


def _joint(lead: str, *others: str) -> tuple[tuple[AssignmentRole, str], ...]:
    return ((LEAD, lead), *((SUPPORTING, other) for other in others))


_CITY, _BUILD, _ENVIRONMENT = "区城市管理局", "区住房和城乡建设局", "区生态环境局"
_SCHOOL, _FINANCE, _HEALTH = "区教育局", "区财政局", "区疾病预防控制中心"

JOURNEYS: tuple[Journey, ...] = (
    Journey("通江街占道经营整治", _INSTRUCTED, _sole(_CITY), _GENERAL, 1, Reached.ACKNOWLEDGED),
    Journey(
        "兆麟公园周边停车秩序治理", _INSTRUCTED, _joint(_CITY, "兆麟街道办事处"), _GENERAL, 2, Reached.ACKNOWLEDGED
    ),
    Journey("老旧小区供热投诉办理", _INSTRUCTED, _sole(_BUILD), _URGENT, 1, Reached.DISPATCHED),
    Journey(
        "中央环保督察交办案件整改",
        _TASK,
        _joint(_ENVIRONMENT, "太平镇人民政府", "榆树镇人民政府"),
        _COMPLEX,
        4,
        Reached.PROGRESS,
    ),
    Journey("建筑工地扬尘问题核查", _TASK, _sole(_BUILD), _GENERAL, 3, Reached.SUBMITTED),
    Journey("中小学食堂食品安全专项检查", _INSTRUCTED, _joint(_SCHOOL, _HEALTH), _GENERAL, 9, Reached.DISPATCHED),
    Journey("冬季清冰雪责任落实", _DECISION, _STREETS, _COMPLEX, 3, Reached.DISPATCHED),
    Journey("信访积案化解", _TASK, _sole("斯大林街道办事处"), _COMPLEX, 20, Reached.ACKNOWLEDGED),
    Journey("河道垃圾清理", _INSTRUCTED, _sole("新农镇人民政府"), _GENERAL, 12, Reached.RETURNED),
    Journey(
        "人才公寓建设进度",
        _DECISION,
        _joint(_BUILD, _FINANCE, "临江城市投资有限公司"),
        _COMPLEX,
        6,
        Reached.ACKNOWLEDGED,
    ),
    Journey("政府常务会议定事项：学校周边道路改造", _MEETING, _joint(_BUILD, _SCHOOL), _COMPLEX, 5, Reached.PROGRESS),
    Journey("燃气安全隐患排查", _TASK, _STREETS, _GENERAL, 2, Reached.ACKNOWLEDGED),
    Journey("涉企收费清理", _DOCUMENT, _joint(_FINANCE, "区税务局"), _COMPLEX, 7, Reached.SUBMITTED),
    Journey("流感疫苗接种组织", _INSTRUCTED, _sole(_HEALTH), _GENERAL, 15, Reached.CLOSING),
    Journey("老旧管网更新改造", _DECISION, _joint(_BUILD, "临江供热有限公司"), _COMPLEX, 30, Reached.COMPLETED),
    Journey("夜市油烟扰民", _INSTRUCTED, _joint(_ENVIRONMENT, _CITY), _GENERAL, 25, Reached.COMPLETED),
    Journey("秸秆禁烧巡查", _TASK, _sole("榆树镇人民政府"), _GENERAL, 28, Reached.CLOSED),
    Journey("校车运营安全", _OTHER, _sole(_SCHOOL), _GENERAL, 32, Reached.CLOSED),
    Journey("农贸市场升级改造", _MEETING, _sole("经纬街道办事处"), _COMPLEX, 40, Reached.CLOSED),
    Journey(
        "干部作风问题核实", _INSTRUCTED, _sole("工程街道办事处"), _GENERAL, 2, Reached.ACKNOWLEDGED, restricted=True
    ),
    Journey("某项目资金使用情况核查", _INSTRUCTED, _sole(_FINANCE), _COMPLEX, 4, Reached.SUBMITTED, restricted=True),
    Journey("市民服务热线工单超期", _OTHER, _sole(_CITY), _URGENT, 6, Reached.DISPATCHED),
    Journey("消防通道占用整治", _INSTRUCTED, _STREETS, _GENERAL, 8, Reached.DISPATCHED),
    Journey("村级卫生室标准化建设", _DECISION, _joint(_HEALTH, "太平镇人民政府"), _COMPLEX, 1, Reached.DISPATCHED),
    Journey("第一批民生实事进展", _MEETING, _sole(_FINANCE), _GENERAL, 1, Reached.DISPATCHED),
    Journey("共享单车停放管理", _OTHER, _sole(_CITY), _GENERAL, 1, Reached.APPROVED),
    Journey("社区食堂试点", _DECISION, _sole("安静街道办事处"), _COMPLEX, 1, Reached.APPROVED),
    Journey("义务教育学位供给", _DOCUMENT, _sole(_SCHOOL), _COMPLEX, 0, Reached.PROPOSED),
    Journey("排水口排查整治", _TASK, _sole(_ENVIRONMENT), _GENERAL, 0, Reached.PROPOSED),
    Journey("楼体外墙脱落处置", _INSTRUCTED, _sole(_BUILD), _URGENT, 0, Reached.PROPOSED),
    Journey("公厕改造提升", _OTHER, _sole(_CITY), _GENERAL, 0, Reached.REGISTERED),
    Journey("重点项目征拆", _MEETING, _sole("新农镇人民政府"), _COMPLEX, 0, Reached.REGISTERED),
    Journey("井盖缺失破损", _INSTRUCTED, _sole(_CITY), _URGENT, 0, Reached.REGISTERED),
    Journey("商圈灯光亮化", _OTHER, _sole(_CITY), _GENERAL, 3, Reached.DECLINED),
    Journey("企业诉求台账办理", _DOCUMENT, _sole("临江城市投资有限公司"), _GENERAL, 4, Reached.DECLINED),
)

# The everyday rest: short matters of the streets and towns, told by place and subject.
_PLACES = (
    "太平镇人民政府", "榆树镇人民政府", "新农镇人民政府", "兆麟街道办事处", "斯大林街道办事处",
    "通江街道办事处", "经纬街道办事处", "工程街道办事处", "安静街道办事处",
)  # fmt: skip
_SUBJECTS = ("环境卫生问题整改", "违法建设拆除", "安全生产检查")
_STEPS = (Reached.DISPATCHED, Reached.ACKNOWLEDGED, Reached.SUBMITTED, Reached.ACKNOWLEDGED, Reached.CLOSED)


def everyday_journeys(count: int) -> tuple[Journey, ...]:
    """So many short matters, spread over places, subjects, ages and steps."""
    journeys = []
    for number in range(count):
        place = _PLACES[number % len(_PLACES)]
        title = f"{place.removesuffix('人民政府').removesuffix('办事处')}{_SUBJECTS[number // len(_PLACES) % 3]}"
        reached = _STEPS[number % len(_STEPS)]
        journeys.append(Journey(title, _OTHER, _sole(place), _GENERAL, 2 + number, reached))
    return tuple(journeys)


ALL_JOURNEYS = (*JOURNEYS, *everyday_journeys(60 - len(JOURNEYS)))
