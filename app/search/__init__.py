"""Finding cases by words without keeping the words: keyed tokens of character pairs, and an exact test beside them."""
