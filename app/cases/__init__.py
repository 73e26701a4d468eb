"""督办件: the unit of supervision, from its sources and its registration to its closing (第六条, 第七条(一))."""
