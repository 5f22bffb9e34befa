"""What the ledger takes where the contract says nothing, printed so that it can be named."""

from __future__ import annotations

from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, Message

DEFAULTS = TableForm(
    "defaults",
    N_("What is taken where the contract says nothing"),
    (Col("about", N_("About")), Col("policy", N_("What is taken"))),
)
POLICIES: tuple[tuple[Message, Message], ...] = (
    (
        N_("A fact that falls under two rules"),
        N_(
            "It is penalised once, by the first rule for which it counts and that makes something "
            "due of it: milestones go before deliverables, points before tiers, else the order of "
            "the contract decides. A rule that is wholly exempt, or wants its formal notice, "
            "leaves its facts to the next."
        ),
    ),
    (
        N_("Days of a third party, of several causes, or without a recorded cause"),
        N_(
            "The party that owes bears the days of a third party and those without a recorded "
            "cause; the days of the other party and those of force majeure are left out. A day of "
            "several causes does not count where one of them is left out."
        ),
    ),
    (
        N_("An outage that the client, a third party or force majeure caused"),
        N_(
            "It is lost time as any other, and counts in the tier of the month, where the clause "
            "names no cause that does not count."
        ),
    ),
    (
        N_("Two amounts"),
        N_(
            "The first leaves out all that is contested, and takes open tickets as in time; the "
            "second counts it all, and takes open tickets as late. What one rule then counts, "
            "another may lose: so the second may be the lower one."
        ),
    ),
    (
        N_("A deliverable late while the milestone that it needs is"),
        N_(
            "A day is left to the milestone where the same party is charged for that day, or "
            "excused by its cause; on any other day the rule of the deliverable decides."
        ),
    ),
    (
        N_("Points and a tier for the same month"),
        N_(
            "What the points are for leaves the share of the tier; its credit is never more than "
            "that of all tickets."
        ),
    ),
    (
        N_("An amendment in the middle of a delay or a month"),
        N_(
            "It changes nothing of it: the wording in force on the first day late, or as the month "
            "begins, holds to its end."
        ),
    ),
    (
        N_("An exemption or a cap that an amendment changes"),
        N_(
            "What was due, or exempt, under the former wording stays so; the new one is for what "
            "falls under it, counted from the beginning of the contract."
        ),
    ),
    (
        N_("A penalty that is waived"),
        N_("It uses up neither exemption nor cap: the rest may be exempt for want of it."),
    ),
    (
        N_("Two rules on late payment"),
        N_(
            "Interest is due once and the indemnity once, each under the first rule that states it."
        ),
    ),
)
