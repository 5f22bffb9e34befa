"""Money: budget, earned value, payments, benefits, changes, penalties."""
