"""The values of a report, and the pen that writes them."""
