"""The engagement: its contract, how its clauses apply, the state of its data, the summary."""
