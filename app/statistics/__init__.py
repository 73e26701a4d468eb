"""统计: what the ledger can be filtered, ordered and counted apart by, and what is told of it from period to period."""
