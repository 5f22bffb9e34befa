"""Where values become words, formats, drawings and markup."""
