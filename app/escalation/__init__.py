"""说明情况, 延期 and the ladder 催办 → 约谈 → 通报 (第七条(三)): what happens when a date passes."""
