"""Classification levels (密级), ordered. In core because settings, content and authorization all compare them."""

from enum import IntEnum


class Classification(IntEnum):
    """公开, 内部, 工作秘密, 秘密, 机密, 绝密 (保密法 第十四条; 工作秘密: 保密法 第六十四条)."""

    PUBLIC = 0
    INTERNAL = 1
    WORK_SECRET = 2
    STATE_CONFIDENTIAL = 3
    STATE_SECRET = 4
    STATE_TOP_SECRET = 5
