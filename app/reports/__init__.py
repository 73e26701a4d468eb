"""报告结果 (第七条(二), 第十条): reports written, signed, submitted, returned, accepted; what is done is closed."""
