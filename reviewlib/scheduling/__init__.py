"""Reviews that are owed: which, of which engagements, and the files that have them made in time."""
