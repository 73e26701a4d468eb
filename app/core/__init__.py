"""What every other part stands on: settings, clocks, ids, database, refusals, cursors. Knows no domain."""
