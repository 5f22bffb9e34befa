"""An engagement folder opened: files, checks, rows set aside."""
