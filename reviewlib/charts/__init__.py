"""Charts: forms named by the comparison that they draw, and the sheet that they are drawn on."""
