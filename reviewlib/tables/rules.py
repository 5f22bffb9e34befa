"""The rules by which a row is set aside or repaired, each with the sentence that says so."""

from __future__ import annotations

from reviewlib.report.text import N_

UNREADABLE = "unreadable"
SCALED = "scaled"
FORMULA_ERROR = "formula_error"
MISSING_VALUE = "missing_value"
NOT_ALLOWED = "not_allowed"
OUT_OF_RANGE = "out_of_range"
TOO_HIGH = "too_high"
UNIQUE = "duplicate"
BEFORE = "before"
AFTER = "after"
YEARS = "years"
EARLY = "before_opening"
ORPHAN = "orphan"
CHILD = "child_of_set_aside"
DST_GAP = "dst_gap"
DST_FOLD = "dst_fold"
NO_TIME = "no_time"
EARLIER = "earlier"
ALONE = "alone"
TOTAL = "total"
SUM = "sum"
NAMED_TOTAL = "named_total"

TOTALS = (TOTAL, NAMED_TOTAL)
"""Rules on rows that add up others: a table from which they are set aside lacks nothing."""

NOTED = (EARLIER, SUM, ALONE)
"""Rules whose breach is pointed out and leaves the row in use: it is what a chapter looks for."""

BETWEEN = (BEFORE, EARLIER, ALONE)
"""Rules between two columns, of which the second is what is allowed."""

SENTENCES = {
    UNREADABLE: N_("“{column}” cannot be read as {kind}"),
    SCALED: N_(
        "“{column}” names thousands or millions: write the number alone, and state "
        "{allowed} (or millions) in engagement.yml"
    ),
    FORMULA_ERROR: N_(
        "“{column}” holds the error of a spreadsheet’s formula: correct it, or write the value"
    ),
    MISSING_VALUE: N_("“{column}” is empty and the row needs it"),
    NOT_ALLOWED: N_("“{column}” is none of the allowed values ({allowed})"),
    OUT_OF_RANGE: N_("“{column}” is below the least possible value ({allowed})"),
    TOO_HIGH: N_("“{column}” is above the greatest possible value ({allowed})"),
    UNIQUE: N_("the same {column} stands in an earlier row"),
    BEFORE: N_("“{column}” is before “{allowed}”"),
    AFTER: N_("“{column}” lies after {allowed}"),
    EARLY: N_("“{column}” is before the opening of its ticket"),
    YEARS: N_("“{column}” is not of the years {allowed}"),
    ORPHAN: N_("“{column}” names a row that is not in the table {allowed}"),
    CHILD: N_("“{column}” names a row of {allowed} that was set aside"),
    DST_GAP: N_("“{column}” names an hour skipped by the change to summer time: moved to its end"),
    DST_FOLD: N_("“{column}” names an hour that occurs twice in autumn: taken as the first one"),
    EARLIER: N_("“{column}” is before “{allowed}”: kept, and no time between them is computed"),
    ALONE: N_("“{column}” has no “{allowed}”: it counts only where a row of changes approves it"),
    TOTAL: N_("the row is called a total, and its “{column}” is the sum of other rows"),
    NAMED_TOTAL: N_("“{column}” calls the row a total: it is none of those that it sums up"),
    SUM: N_(
        "the row is called a total and is not the sum of the others, or its “{column}” is their "
        "sum: kept; take it out if it is a total"
    ),
    NO_TIME: N_("“{column}” is a date without a time of day: taken as its midnight"),
}

KINDS = {
    "text": N_("text"),
    "choice": N_("one of a few words"),
    "instant": N_("a date and time"),
    "date": N_("a date"),
    "month": N_("a month, YYYY-MM"),
    "number": N_("a number"),
    "money": N_("an amount in the currency of the contract"),
    "integer": N_("a whole number"),
    "flag": N_("yes or no"),
}
