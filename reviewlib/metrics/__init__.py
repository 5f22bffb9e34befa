"""One module per chapter: frames and clauses in, frames and values out."""
