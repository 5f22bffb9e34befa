"""People: what users and both sides think."""
