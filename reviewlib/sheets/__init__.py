"""Excel workbooks as people send them: their sheets, and the values of their cells."""
