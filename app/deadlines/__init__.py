"""The ledger of dates: how the regulation counts them, when each fires, and the rows that the sweep lives on."""
