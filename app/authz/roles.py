"""The closed list of roles. Who implies whom: `policies/00_roles.csv`; who holds one is data (`role_grant`)."""

from enum import StrEnum


class Role(StrEnum):
    ANYONE = "anyone"  # 任何人: every person and outside system; never granted
    SUPERVISION_OFFICER = "supervision_officer"  # 督查办工作人员
    SUPERVISION_HEAD = "supervision_head"  # 督查办负责人
    PERMISSION_ADMIN = "permission_admin"  # 督查办权限管理员
    OFFICE_LEADER = "office_leader"  # 区政府办公室领导
    DISTRICT_LEADER = "district_leader"  # 区政府领导
    DISTRICT_HEAD = "district_head"  # 区长
    UNIT_HEAD = "unit_head"  # 承办单位主要领导
    UNIT_DEPUTY = "unit_deputy"  # 承办单位分管领导
    UNIT_HANDLER = "unit_handler"  # 承办人
    SEAL_KEEPER = "seal_keeper"  # 印章管理人
    SERVICE = "service"  # 外部系统
    MACHINE = "machine"  # 系统自动
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全保密管理员
    SECURITY_AUDITOR = "security_auditor"  # 安全审计员
    EMERGENCY = "emergency"  # 应急账号: while it is open; never granted
