"""Service hours and day counts: what a delay is made of."""
