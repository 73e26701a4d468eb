"""Refusals: every expected "no" of the server, with its stable code and its sentence in both languages.

A use case or a rule raises `Refusal(RefusalCode.X, …)`; the edge turns it into a member of the mutation's result union.
The catalogue is the only place where a code gets its kind and its words; `docs/refusals.md` is printed from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.sentences import Sentence


class RefusalKind(StrEnum):
    """What a caller does about it: mend the input, ask for a right, look again, or read the new state."""

    INVALID = "INVALID"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"


class Language(StrEnum):
    ZH = "zh-CN"
    EN = "en"


class RefusalCode(StrEnum):
    """One closed list. A code never changes its meaning; new ones are added at the end of their group."""

    # input
    INVALID_INPUT = "INVALID_INPUT"
    REQUIRED = "REQUIRED"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    BAD_ID = "BAD_ID"
    BAD_CURSOR = "BAD_CURSOR"
    BAD_TEXT = "BAD_TEXT"
    BAD_DATE = "BAD_DATE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    DUPLICATE = "DUPLICATE"
    CLASSIFICATION_ABOVE_CEILING = "CLASSIFICATION_ABOVE_CEILING"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    PASSWORD_TOO_SHORT = "PASSWORD_TOO_SHORT"  # noqa: S105
    PASSWORD_TOO_COMMON = "PASSWORD_TOO_COMMON"  # noqa: S105
    PASSWORD_IS_LOGIN = "PASSWORD_IS_LOGIN"  # noqa: S105
    PASSWORD_UNCHANGED = "PASSWORD_UNCHANGED"  # noqa: S105
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105
    NAME_TAKEN = "NAME_TAKEN"
    FILE_TYPE_NOT_ALLOWED = "FILE_TYPE_NOT_ALLOWED"
    FILE_TYPE_MISMATCH = "FILE_TYPE_MISMATCH"
    FILE_IN_USE = "FILE_IN_USE"
    SIGNATURE_MISSING = "SIGNATURE_MISSING"
    CONTACT_MISSING = "CONTACT_MISSING"
    SEAL_MISSING = "SEAL_MISSING"
    SECTION_MISSING = "SECTION_MISSING"
    CONTRIBUTION_MISSING = "CONTRIBUTION_MISSING"
    WRONG_COLUMNS = "WRONG_COLUMNS"
    NO_SUCH_LINE = "NO_SUCH_LINE"
    POLICY_FAULT = "POLICY_FAULT"
    WRONG_CODE = "WRONG_CODE"
    MANDATORY_REMINDER = "MANDATORY_REMINDER"
    # rights
    NOT_ALLOWED = "NOT_ALLOWED"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    SESSION_ENDED = "SESSION_ENDED"
    SECURITY_ADMIN_REQUIRED = "SECURITY_ADMIN_REQUIRED"
    SAME_PERSON = "SAME_PERSON"
    # existence
    NOT_FOUND = "NOT_FOUND"
    # state
    STATUS_CONFLICT = "STATUS_CONFLICT"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    ALREADY_DONE = "ALREADY_DONE"
    DATE_PASSED = "DATE_PASSED"
    ROLES_EXCLUDE_EACH_OTHER = "ROLES_EXCLUDE_EACH_OTHER"
    STILL_OWED = "STILL_OWED"
    READING_REQUIRED = "READING_REQUIRED"
    READING_PENDING = "READING_PENDING"
    NOT_OPEN_TO_UNIT = "NOT_OPEN_TO_UNIT"
    STATEMENT_PENDING = "STATEMENT_PENDING"
    CONCLUSION_PENDING = "CONCLUSION_PENDING"
    DATE_NOT_PASSED = "DATE_NOT_PASSED"
    TOO_LATE_TO_REASSIGN = "TOO_LATE_TO_REASSIGN"
    URGED_TODAY = "URGED_TODAY"
    TOO_LATE_TO_EXTEND = "TOO_LATE_TO_EXTEND"
    ANOTHER_IN_FORCE = "ANOTHER_IN_FORCE"
    OBJECTION_PENDING = "OBJECTION_PENDING"
    GRADE_MISSING = "GRADE_MISSING"
    EMERGENCY_USED_UP = "EMERGENCY_USED_UP"


_CATALOGUE: dict[RefusalCode, tuple[RefusalKind, str, str]] = {
    RefusalCode.INVALID_INPUT: (RefusalKind.INVALID, "输入有误。", "The input is not valid."),
    RefusalCode.REQUIRED: (RefusalKind.INVALID, "此项必填。", "This is required."),
    RefusalCode.TOO_LONG: (RefusalKind.INVALID, "超过{limit}字。", "Longer than {limit} characters."),
    RefusalCode.TOO_MANY: (RefusalKind.INVALID, "最多{limit}项。", "More than {limit} items."),
    RefusalCode.BAD_ID: (RefusalKind.INVALID, "标识无效。", "Not a valid id."),
    RefusalCode.BAD_CURSOR: (RefusalKind.INVALID, "游标不属于此列表。", "Not a cursor of this list."),
    RefusalCode.BAD_TEXT: (RefusalKind.INVALID, "含有不允许的字符。", "Holds characters that are not allowed."),
    RefusalCode.BAD_DATE: (RefusalKind.INVALID, "日期不可能或不允许。", "The date is impossible or not allowed."),
    RefusalCode.OUT_OF_RANGE: (RefusalKind.INVALID, "应在{low}至{high}之间。", "Must lie between {low} and {high}."),
    RefusalCode.NOT_APPLICABLE: (RefusalKind.INVALID, "此处不适用。", "Does not apply here."),
    RefusalCode.DUPLICATE: (RefusalKind.INVALID, "重复。", "Given more than once."),
    RefusalCode.CLASSIFICATION_ABOVE_CEILING: (
        RefusalKind.INVALID,
        "密级超出本网络允许的上限，请线下办理。",
        "The classification lies above what this network may hold; handle it offline.",
    ),
    RefusalCode.FILE_TOO_LARGE: (
        RefusalKind.INVALID,
        "文件超过{limit}字节。",
        "The file is larger than {limit} bytes.",
    ),
    RefusalCode.PASSWORD_TOO_SHORT: (
        RefusalKind.INVALID,
        "密码至少{limit}个字符。",
        "A password has at least {limit} characters.",
    ),
    RefusalCode.PASSWORD_TOO_COMMON: (RefusalKind.INVALID, "密码过于常见，请另设。", "This password is too common."),
    RefusalCode.PASSWORD_IS_LOGIN: (
        RefusalKind.INVALID,
        "密码不得与登录名相同。",
        "The password must not be the login.",
    ),
    RefusalCode.PASSWORD_UNCHANGED: (
        RefusalKind.INVALID,
        "新密码不得与原密码相同。",
        "The new password must not be the old one.",
    ),
    RefusalCode.WRONG_PASSWORD: (RefusalKind.INVALID, "原密码不正确。", "This is not the present password."),
    RefusalCode.NAME_TAKEN: (RefusalKind.INVALID, "名称已被使用。", "This name is taken."),
    RefusalCode.FILE_TYPE_NOT_ALLOWED: (
        RefusalKind.INVALID,
        "只接受PDF、OFD、PNG、JPEG、DOCX、XLSX和纯文本文件。",
        "Only PDF, OFD, PNG, JPEG, DOCX, XLSX and plain text files are accepted.",
    ),
    RefusalCode.FILE_TYPE_MISMATCH: (
        RefusalKind.INVALID,
        "文件内容与名称或所报类型不符。",
        "The content of the file is not what its name or its declared type says.",
    ),
    RefusalCode.FILE_IN_USE: (
        RefusalKind.INVALID,
        "此文件已用于其他事项，请重新上传。",
        "This file belongs to something else already; upload it again.",
    ),
    RefusalCode.SIGNATURE_MISSING: (
        RefusalKind.INVALID,
        "未经单位主要领导签发，时限照常计算。",
        "The head of the unit has not signed it; the clock runs on.",
    ),
    RefusalCode.CONTACT_MISSING: (
        RefusalKind.INVALID,
        "未标明联系方式，时限照常计算。",
        "It names no contact; the clock runs on.",
    ),
    RefusalCode.SEAL_MISSING: (
        RefusalKind.INVALID,
        "未加盖公章，时限照常计算。",
        "It bears no seal; the clock runs on.",
    ),
    RefusalCode.SECTION_MISSING: (
        RefusalKind.INVALID,
        "缺少必备的报告内容，时限照常计算。",
        "A mandatory part is missing; the clock runs on.",
    ),
    RefusalCode.CONTRIBUTION_MISSING: (
        RefusalKind.INVALID,
        "未综合{unit}的意见，也未注明其未反馈。",
        "It neither takes in what {unit} contributed nor states that nothing came.",
    ),
    RefusalCode.WRONG_COLUMNS: (
        RefusalKind.INVALID,
        "应依次写明各栏，均不可空：{columns}。",
        "Write these columns, none of them empty: {columns}.",
    ),
    RefusalCode.NO_SUCH_LINE: (RefusalKind.INVALID, "没有这一行。", "There is no such line."),
    RefusalCode.POLICY_FAULT: (RefusalKind.INVALID, "规则有误：{problem}", "{problem}"),
    RefusalCode.WRONG_CODE: (
        RefusalKind.INVALID,
        "不是发给该推送地址的核验码。",
        "This is not the code that the endpoint was sent.",
    ),
    RefusalCode.MANDATORY_REMINDER: (
        RefusalKind.INVALID,
        "催办和待办至少留一个渠道。",
        "Urgings and duties keep a channel.",
    ),
    RefusalCode.NOT_ALLOWED: (RefusalKind.NOT_ALLOWED, "无权办理。", "You may not do this."),
    RefusalCode.SIGN_IN_REFUSED: (
        RefusalKind.NOT_ALLOWED,
        "登录名或密码不正确，或者账号暂时锁定。",
        "The login or the password is wrong, or the account is locked for a while.",
    ),
    RefusalCode.SESSION_ENDED: (
        RefusalKind.NOT_ALLOWED,
        "登录已失效，请重新登录。",
        "The session has ended; sign in again.",
    ),
    RefusalCode.SECURITY_ADMIN_REQUIRED: (
        RefusalKind.NOT_ALLOWED,
        "两人之中须有一人是安全保密管理员。",
        "One of the two must be the security administrator.",
    ),
    RefusalCode.SAME_PERSON: (RefusalKind.NOT_ALLOWED, "此事须由另一人办理。", "Another person has to do this."),
    RefusalCode.NOT_FOUND: (RefusalKind.NOT_FOUND, "未找到。", "Not found."),
    RefusalCode.STATUS_CONFLICT: (
        RefusalKind.CONFLICT,
        "当前状态不允许此操作。",
        "The current state does not allow this.",
    ),
    RefusalCode.VERSION_CONFLICT: (
        RefusalKind.CONFLICT,
        "内容已被他人修改，请刷新后再试。",
        "Somebody changed this meanwhile; look at it again.",
    ),
    RefusalCode.IDEMPOTENCY_CONFLICT: (
        RefusalKind.CONFLICT,
        "同一幂等键已用于不同的输入。",
        "This idempotency key was used with another input.",
    ),
    RefusalCode.TOO_LATE_TO_REASSIGN: (
        RefusalKind.CONFLICT,
        "已经超过可以退办的期限。",
        "It was delivered too long ago to be handed back.",
    ),
    RefusalCode.DATE_PASSED: (
        RefusalKind.CONFLICT,
        "拟定的时限已过，请重新拟定。",
        "The date that was decided has passed; propose another one.",
    ),
    RefusalCode.ALREADY_DONE: (RefusalKind.CONFLICT, "已经办理，不能重复。", "This was done already."),
    RefusalCode.ROLES_EXCLUDE_EACH_OTHER: (
        RefusalKind.CONFLICT,
        "系统管理员、安全保密管理员、安全审计员相互分离，也不得兼任业务角色。",
        "The three administrators are separate from each other and from all other roles.",
    ),
    RefusalCode.STILL_OWED: (
        RefusalKind.CONFLICT,
        "还有承办单位没有办结。",
        "A unit still owes its result.",
    ),
    RefusalCode.READING_REQUIRED: (
        RefusalKind.CONFLICT,
        "须先向作出批示的领导呈阅办理结果。",
        "The result must first be read by the leader who gave the instruction.",
    ),
    RefusalCode.READING_PENDING: (
        RefusalKind.CONFLICT,
        "圈阅后须等候数个工作日，没有新批示，方可办结。",
        "After the reading some working days must pass without new instructions before it may be closed.",
    ),
    RefusalCode.NOT_OPEN_TO_UNIT: (
        RefusalKind.CONFLICT,
        "约谈和通报批评只适用于区属和双重领导的单位；对企业发建议函，对其他单位发商请函。",
        "Talks and criticism are for units under the district or under two; to all others goes a letter.",
    ),
    RefusalCode.STATEMENT_PENDING: (
        RefusalKind.CONFLICT,
        "有关负责人尚未说明情况，也没有记录其未到场。",
        "Neither has the unit made its statement nor is it on record that nobody came.",
    ),
    RefusalCode.DATE_NOT_PASSED: (RefusalKind.CONFLICT, "时限未过，不能催办。", "The date has not passed yet."),
    RefusalCode.URGED_TODAY: (
        RefusalKind.CONFLICT,
        "本工作日内已经催办，不能再次催办。",
        "It was urged by hand on this working day already.",
    ),
    RefusalCode.TOO_LATE_TO_EXTEND: (
        RefusalKind.CONFLICT,
        "时限已过，不能再申请延期；请说明情况。",
        "The date has passed: it can be explained, but no longer be moved on request.",
    ),
    RefusalCode.ANOTHER_IN_FORCE: (
        RefusalKind.CONFLICT,
        "提出之后已有另一版本生效；请查看现在会改变什么，再以此草拟并提出。",
        "Another version came into force since; see what this one would change now, draft from it, and propose anew.",
    ),
    RefusalCode.OBJECTION_PENDING: (
        RefusalKind.CONFLICT,
        "单位提出异议的期限未满，或者还有异议没有答复。",
        "Units may still object, or an objection has not been answered.",
    ),
    RefusalCode.GRADE_MISSING: (RefusalKind.CONFLICT, "还有单位没有评定等次。", "A unit has not been graded yet."),
    RefusalCode.EMERGENCY_USED_UP: (
        RefusalKind.CONFLICT,
        "一次启封最多恢复两个管理账号，已经用完，请重新封存。",
        "One opening restores two administrators' accounts at most; seal the account anew.",
    ),
    RefusalCode.CONCLUSION_PENDING: (
        RefusalKind.CONFLICT,
        "所依据的督查结论尚未印发，或者已经作废。",
        "The conclusion on which it rests has not been issued, or was withdrawn.",
    ),
}


def kind_of(code: RefusalCode) -> RefusalKind:
    return _CATALOGUE[code][0]


def message_of(code: RefusalCode, language: Language, **params: Any) -> str:
    _, chinese, english = _CATALOGUE[code]
    words = {name: said(value, language) for name, value in params.items()}
    return (chinese if language is Language.ZH else english).format(**words)


def said(value: Any, language: Language) -> Any:
    """A sentence in the caller's language; anything else as it is."""
    return value.chinese if isinstance(value, Sentence) and language is Language.ZH else value


def catalogue() -> Iterator[tuple[RefusalCode, RefusalKind, str, str]]:
    """Every code with its kind and its sentences in Chinese and English, for documents."""
    for code in RefusalCode:
        yield code, *_CATALOGUE[code]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input. `path` names the field as the client wrote it: ("input", "dueOn")."""

    code: RefusalCode
    path: tuple[str | int, ...]
    params: tuple[tuple[str, Any], ...] = ()

    def message(self, language: Language) -> str:
        return message_of(self.code, language, **dict(self.params))


class Refusal(Exception):  # noqa: N818  # a refusal is an answer, not an error
    """An expected "no". Nothing has changed and nothing is sent when it is raised."""

    def __init__(
        self,
        code: RefusalCode,
        *,
        problems: tuple[Problem, ...] = (),
        rule_id: str | None = None,
        version: int | None = None,
        state: str | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.kind = kind_of(code)
        self.problems = problems
        self.rule_id = rule_id
        self.version = version
        self.state = state
        self.params = params

    def message(self, language: Language) -> str:
        return message_of(self.code, language, **self.params)


def not_found() -> Refusal:
    """The same answer for what does not exist and for what the caller may not see."""
    return Refusal(RefusalCode.NOT_FOUND)


def invalid(code: RefusalCode, *path: str | int, **params: Any) -> Refusal:
    """A refusal of one input field."""
    return Refusal(RefusalCode.INVALID_INPUT, problems=(Problem(code, path, tuple(params.items())),))


class Problems:
    """Collects all problems of an input, so that the caller hears of them at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, code: RefusalCode, *path: str | int, **params: Any) -> None:
        self._found.append(Problem(code, path, tuple(params.items())))

    def check(self, fine: bool, code: RefusalCode, *path: str | int, **params: Any) -> None:
        if not fine:
            self.add(code, *path, **params)

    def place_within(self, name: str) -> None:
        """What was found so far is about a part of the input: `input.dueOn` becomes `input.changes.dueOn`."""
        self._found = [
            Problem(problem.code, (problem.path[0], name, *problem.path[1:]), problem.params)
            for problem in self._found
        ]  # fmt: skip

    def raise_if_any(self) -> None:
        if self._found:
            raise Refusal(RefusalCode.INVALID_INPUT, problems=tuple(self._found))
