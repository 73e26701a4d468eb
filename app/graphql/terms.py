"""What each value of an enumeration is called in the office's own language: `NAME 术语`."""

TERMS: dict[str, str] = {
    "AccessOutcome": "READ 查阅了限定知悉范围的内容; DENIED 被规则拒绝",
    "AccountabilityConduct": (
        "EVASION 推拖不办; PERFUNCTORINESS 敷衍塞责; FALSIFICATION 弄虚作假; MISREPORTING 谎报情况; "
        "HUMAN_FACTOR 人为因素"
    ),
    "AccountabilityMeasure": "CRITICISM 通报批评; TRANSFER 移送有权机关调查处理",
    "AccountabilityStatus": (
        "DRAFT 草稿; APPROVED 已批准，待落实; DECLINED 未获批准; CRITICISED 已通报批评; TRANSFERRED 已移送，待答复; "
        "ANSWERED 有权机关已答复; WITHDRAWN 已撤回"
    ),
    "AccountKind": "PERSON 人员账号; SERVICE 外部系统账号; OPERATOR 运维账号; EMERGENCY 应急账号",
    "AssignmentRole": "LEAD 牵头单位（独办单位）; PRINCIPAL 分别承办单位; SUPPORTING 协办单位",
    "AssignmentStatus": "ISSUED 已交办，未签收; ACKNOWLEDGED 已签收; COMPLETED 已完成; ENDED 已终止",
    "BlockKind": "PARAGRAPH 段落; HEADING 小标题; FIELD 带名目的一项; TABLE 表格",
    "CaseOrder": (
        "DUE_ON_ASC 时限由近到远; DUE_ON_DESC 时限由远到近; UPDATED_AT_DESC 最近有变动的在前; "
        "CREATED_AT_DESC 最近录入的在前; NUMBER_ASC 编号由小到大; NUMBER_DESC 编号由大到小"
    ),
    "CaseStatus": (
        "DRAFT 导入的草稿，未登记; REGISTERED 已登记编号，待拟办; CONSULTING 征求意见; PENDING_DECISION 待审定; "
        "APPROVED 已审定，待交办; DISPATCHED 办理中; CLOSING 已提出办结，待确认; CLOSED 已办结; ARCHIVED 已归档; "
        "SUSPENDED 中止; CANCELLED 撤销; MERGED 并案; DECLINED 不予立项"
    ),
    "ChangedField": (
        "HANDLING 承办方式; TIER 时限等级; UNITS 承办单位; REPORT_DUE_ON 上报时限; REPORT_DUE_TIME 上报时刻; "
        "COMPLETION_DUE_ON 办结时限; REQUIREMENT 办理要求"
    ),
    "CircularEditionKind": "ORDINARY 普通版：不含涉密和控制知情范围的; FULL 全件版",
    "CircularForm": "DOCUMENT 文件; MEETING 通报会",
    "CircularGround": "NOT_CARRIED_OUT 落实不力; OVERDUE 无故超时; BAD_FORM 不按规定行文; LONG_UNRESOLVED 久督不办",
    "CircularKind": (
        "PRAISE 通报表扬; CRITICISM 通报批评; PERIODIC 定期通报; EVALUATION 考核结果通报; AFTER_TALK 约谈后的全区通报"
    ),
    "CircularScope": "DISTRICT 全区; GOVERNMENT_SYSTEM 政府系统内部; ADDRESSEES 指定单位",
    "CircularStatus": "DRAFT 草稿; APPROVED 已批准，待印发; PUBLISHED 已印发; WITHDRAWN 已撤回（作废）",
    "Classification": (
        "PUBLIC 公开; INTERNAL 内部; WORK_SECRET 工作秘密; STATE_CONFIDENTIAL 秘密; STATE_SECRET 机密; "
        "STATE_TOP_SECRET 绝密"
    ),
    "ConclusionStatus": "DRAFT 草稿; ISSUED 已印发; WITHDRAWN 已撤回（作废）",
    "ContactKind": "HANDLER 承办联系人; LIAISON 联络员; DUTY 值班; SEAL_KEEPER 印章管理人",
    "Criterion": "EFFECT 落实效果; TIMELINESS 时限要求; FORM 行文规范; SUPPORT 协办配合",
    "DecisionKind": (
        "HANDLING 审定拟办意见; ACKNOWLEDGEMENT 签收; SIGNATURE 签发报告; REPORT 审核报告; EXTENSION 审批延期; "
        "READING 圈阅; CLOSING 确认办结; TALK_NOTICE 签发约谈通知; CONCLUSION 签发督查结论; CIRCULAR 批准通报; "
        "SUSPENSION 中止; RESUMPTION 恢复办理; CANCELLATION 撤销; REASSIGNMENT 审定退办; "
        "AMENDMENT 变更; ACCOUNTABILITY 批准或者撤回问责建议"
    ),
    "DeliveryOrder": "CASE 每件督办件内依次; FEED 全部依次",
    "Disclosure": "FULL 全文可见; EXCERPT 摘要可见; NONE 不公开",
    "DocumentKind": (
        "SUPERVISION_NOTICE 政府督办通知; OFFICE_DOCUMENT 政府办公室文件; AMENDMENT_NOTICE 变更通知; "
        "URGING_NOTICE 催办通知; TALK_NOTICE 约谈通知; CONCLUSION 督查结论; CIRCULAR 通报"
    ),
    "DocumentStatus": "DRAFT 草稿; SIGNED 已签发; ISSUED 已印发; WITHDRAWN 已作废; SUPERSEDED 已被替代",
    "DryRunState": "WAITING 等待; RUNNING 进行中; DONE 已完成; FAILED 未能完成",
    "DueClock": "REPORT 上报时限; COMPLETION 办结时限",
    "ReminderChannel": "DINGTALK 钉钉; WECOM 企业微信; FEISHU 飞书; SMTP 电子邮件; SMS 短信",
    "ReminderKind": "URGING 催办; DUTY 待办; NEWS 告知",
    "EndpointState": "UNVERIFIED 待核验; ACTIVE 推送中; PAUSED 已暂停; GONE 对方已停用; REMOVED 已撤销",
    "EndedReason": "REASSIGNED 改派; WITHDRAWN 撤回; CASE_ENDED 随案终止",
    "EvaluationFactKind": (
        "NOT_COMPLETED 到期未办结; NOT_CARRIED_OUT 因落实不力被退回; LONG_UNRESOLVED 久督不办; "
        "COMPLETED_LATE 逾期办结; REPORTED_LATE 逾期上报; URGED 被催办; RETURNED_FOR_FORM 因行文被退回; "
        "NOT_CONTRIBUTED 未向牵头单位反馈; CONTRIBUTED_LATE 逾期反馈"
    ),
    "EvaluationGrade": "EXCELLENT 优秀; GOOD 良好; POOR 较差",
    "EvaluationSheetOrder": (
        "SCORE_DESC 得分由高到低; PERIOD_ASC 考核期由早到晚; PERIOD_DESC 考核期由晚到早; UNIT_KIND_ASC 按单位类别"
    ),
    "EvaluationStatus": "COMPUTING 计算中; DRAFT 已算出; SHOWN 已给单位看; SUBMITTED 已报批; PUBLISHED 已通报",
    "ExplanationAnswer": "NOTED 予以记录，暂不催办; CONVERT 转为延期申请; INSUFFICIENT 理由不充分，予以催办",
    "ExtensionStatus": "REQUESTED 待审批; GRANTED 同意; DECLINED 不同意",
    "FollowUpChannel": "DOCUMENT 公文; PHONE 电话; NETWORK 网络; VISIT 实地; OTHER 其他",
    "GrantState": "PENDING 待批准; FUTURE 尚未生效; IN_FORCE 有效; ENDED 已到期; REVOKED 已收回",
    "Handling": "SOLE 独办; JOINT 联合承办; SEPARATE 分别承办",
    "LeaderSystem": "GOVERNMENT 政府; PARTY 党委; NPC 人大; CPPCC 政协",
    "Light": "NONE 无; GREEN 绿灯; YELLOW 黄灯：临近时限; RED 红灯：超过时限",
    "MatterType": (
        "INSPECTION_TASK 第六条（一）专项督查组及国务院大督查交办事项; "
        "LEADER_INSTRUCTION 第六条（二）领导讲话、批示及交办事项; "
        "MAJOR_DECISION 第六条（三）重大决策、重要工作部署; IMPORTANT_DOCUMENT 第六条（四）重要文件、规定事项; "
        "MEETING_DECISION 第六条（五）会议重要决定事项; OTHER 第六条（六）其他事项"
    ),
    "MessageState": "PENDING 待推送; DELIVERED 已送达; DEAD 多次未送达，已停止; WITHHELD 已无权知悉，未推送",
    "Medium": "SYSTEM 系统内; PAPER 纸质; PHONE 电话; ORAL 口头",
    "MonthOf": "REGISTERED 按登记日期; CLOSED 按办结日期",
    "ObjectionOutcome": "UPHELD 成立，予以修正; REJECTED 不成立",
    "Outcome": "APPROVED 同意; APPROVED_WITH_CHANGES 修改后同意; RETURNED 退回; DECLINED 不同意; NOTED 圈阅",
    "PolicyPart": "ROLES 角色层级; RULES 规则; CLAUSES 依据条款; GOLDEN 判定表",
    "PolicyStatus": (
        "DRAFT 草稿; DISCARDED 已作废的草稿; PROPOSED 待批准; REFUSED 未获批准; ACTIVE 现行; RETIRED 已停用; "
        "OFFERED 随新版软件提供，未启用"
    ),
    "PostCapacity": "HEAD 主要领导; ACTING 代理; IN_CHARGE 主持工作; AUTHORISED 书面授权代签; MEMBER 工作人员",
    "Procedure": "A 第七条程序; B 第八条程序",
    "ReassignmentGround": (
        "NOT_COMPETENT 不属于本单位职责; DUPLICATE 重复交办; WRONG_ADDRESSEE 错误交办; CLASSIFIED 涉密不宜办理"
    ),
    "ReassignmentStatus": "REQUESTED 待审定; GRANTED 同意改办; DECLINED 不同意",
    "RecipientCapacity": "MAIN 主送; CC 抄送",
    "RecordedActStatus": "AWAITING_CHECK 待复核; EFFECTIVE 已复核生效; REJECTED 复核不通过",
    "RedactionReason": "EXCERPT_ONLY 只公开摘要; NOT_DISCLOSED 不公开",
    "Remedy": "SUPPLEMENT 补充说明; REDO 重新办理",
    "RenewalState": "PENDING 待批准; APPROVED 已批准; WITHDRAWN 已撤回",
    "ReplyStatus": "OWED 待回复; FILED 已回复，待核查; ACCEPTED 核查通过; RETURNED 退回重新整改; CANCELLED 随通报撤回",
    "ReportContent": "RESULT 办理结果; PROGRESS 工作进展情况",
    "ReportStatus": (
        "DRAFT 起草; SIGNED 已签发; SUBMITTED 已上报，待审核; RETURNED 已退回; ACCEPTED 审核通过; WITHDRAWN 已撤回"
    ),
    "ReturnGround": (
        "UNCLEAR 办理情况报告不清楚; NOT_CARRIED_OUT 任务不落实; NO_CONCLUSION 结论不明确; "
        "UNLAWFUL 处理结果不符合法律、法规及政策规定; BAD_FORM 公文格式不符合规范"
    ),
    "Role": (
        "ANYONE 任何人（不授予）; SUPERVISION_OFFICER 督查办工作人员; SUPERVISION_HEAD 督查办负责人; "
        "PERMISSION_ADMIN 督查办权限管理员; OFFICE_LEADER 区政府办公室领导; DISTRICT_LEADER 区政府领导; "
        "DISTRICT_HEAD 区政府主要领导; UNIT_HEAD 承办单位主要领导; UNIT_DEPUTY 承办单位分管领导; "
        "UNIT_HANDLER 承办单位人员; SEAL_KEEPER 印章管理人; SERVICE 外部系统; MACHINE 系统（不授予）; "
        "SYSTEM_ADMIN 系统管理员; SECURITY_ADMIN 安全保密管理员; SECURITY_AUDITOR 安全审计员; "
        "EMERGENCY 应急账号（不授予）"
    ),
    "RuleEffect": "ALLOW 允许; DENY 禁止",
    "SealStanding": "HALF_SEALED 只封存了一半; SEALED 已封存; OPEN 已启封; ENDED 启用已结束; DROPPED 已由新的封存取代",
    "SectionKind": (
        "SITUATION 基本情况; MEASURES 主要措施; RESULTS 成效; PROGRESS 进展情况; PROBLEMS 主要问题及原因分析; "
        "SUGGESTIONS 解决建议"
    ),
    "SheetEdition": "ORDINARY 普通版：不含涉密和控制知情范围的; FULL 全件版",
    "SheetStanding": "ASSESSED 参评; FEW 样本不足; NONE 不参评",
    "SlotKind": (
        "ON_NOTICE 按督办通知上报; MONTHLY 月报; STAGE 阶段报告; YEAR_END 年底报告; COMPREHENSIVE 综合报告; "
        "ON_REQUEST 应要求上报（约谈承诺等）; REWORK 退回后上报; CONTRIBUTION 协办反馈"
    ),
    "SlotState": "OPEN 待上报; MET 已上报; RETURNED 已退回; CANCELLED 已取消; SUPERSEDED 不再需要; SUSPENDED 已中止",
    "SourceKind": (
        "INSTRUCTED_DOCUMENT 批示件; DOCUMENT 文件; MEETING 会议; PETITION 信访; SUPERIOR_LIST 上级交办清单; OTHER 其他"
    ),
    "Subordination": (
        "DISTRICT 区属; DUAL 双重领导; VERTICAL 垂直管理; PARTY 党委系统; OTHER_LEVEL 其他层级; ENTERPRISE 区属企业"
    ),
    "TalkStatus": "DRAFT 草稿; ISSUED 已发约谈通知; HELD 已约谈; NO_SHOW 经通知未到场; CANCELLED 已取消",
    "TaskQuestion": (
        "MANNER 多个单位，未说明承办方式; TOGETHER 会同办理，未说明是否牵头; NO_LEAD 没有牵头单位; "
        "SEVERAL_LEADS 有几个牵头单位; "
        "GROUP_LEADS 由一组单位牵头; NOBODY 没有写明单位; NAMED_TWICE 同一单位出现两次; SEVERAL_TAILS 有几处责任单位; "
        "UNCLOSED_BRACKET 括号不成对; UNREAD_NAME 单位名称过长; UNREAD_WORDS 有未能识别的内容"
    ),
    "TimeLimitTier": "URGENT 紧急事项; GENERAL 一般事项; COMPLEX 复杂事项; LEADER_SPECIFIED 领导批示时限",
    "TodoAction": (
        "PROPOSE 提出拟办意见; DECIDE 审定; DISPATCH 交办; ACKNOWLEDGE 签收; REPORT 上报; COMPLETION 办结; "
        "REWORK 补充说明或重新办理; CONTRIBUTE 协办反馈; REVIEW_REPORT 审核报告; ANSWER_EXPLANATION 答复说明情况; "
        "DECIDE_EXTENSION 审批延期; RESPOND_TO_URGING 催办当日上报; ISSUE_TALK_NOTICE 发出约谈通知; HOLD_TALK 约谈; "
        "ISSUE_CONCLUSION 印发督查结论; APPROVE_CIRCULAR 批准通报; REVISE_CIRCULAR 修改通报稿; "
        "PUBLISH_CIRCULAR 印发通报; "
        "ACKNOWLEDGE_CIRCULAR 签收通报; READ_RESULT 阅办理结果; CLOSE 提出办结; CONFIRM_CLOSING 确认办结; "
        "DECIDE_REASSIGNMENT 审定退办; RESUME 恢复办理或者撤销; CHECK_RECORDED_ACT 代录复核; CONFIRM_IN_WRITING 补签; "
        "SHOW_EVALUATION 把考核单给单位看; SUBMIT_EVALUATION 考核报批; ANSWER_OBJECTION 答复考核异议; "
        "REPLY_TO_CIRCULAR 就通报回复整改情况; REVIEW_CIRCULAR_REPLY 核查对通报的回复; "
        "APPROVE_ACCOUNTABILITY 批准问责建议; REVISE_ACCOUNTABILITY 修改问责建议; "
        "CITE_CRITICISM 按问责建议通报批评; TRANSFER_ACCOUNTABILITY 移送有权机关; "
        "RECORD_ACCOUNTABILITY_ANSWER 记录有权机关的答复"
    ),
    "UnitKind": (
        "GOVERNMENT 区政府; SUPERVISION_OFFICE 督查办; TOWN 镇政府; SUBDISTRICT 街道办事处; DEPARTMENT 政府办、局; "
        "ENTERPRISE 区属企业; INSTITUTION 区属事业单位"
    ),
    "UrgingKind": "AUTOMATIC 系统按时催办; MANUAL 人工催办",
}
