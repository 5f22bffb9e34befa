"""What to decide of objectives and of a plan: by whether the contract has ended."""

from __future__ import annotations

from reviewlib.engagement.engagement import metrics
from reviewlib.report.text import N_

TO_MEASURE = N_("Objective {objective_id}: have it measured, or give it up.")
OF_OBJECTIVE = {
    False: {
        metrics.NOT_MET: N_(
            "Objective {objective_id}: keep it with a new date, change it, or give it up."
        ),
        metrics.NOT_MEASURED: TO_MEASURE,
    },
    True: {
        metrics.NOT_MET: N_(
            "Objective {objective_id}: take it into the next contract, or give it up."
        ),
        metrics.NOT_MEASURED: TO_MEASURE,
    },
}
OF_INCOMPLETE = {
    False: N_("Complete the objectives that lack a measure, unit, target, due date or owner."),
    True: N_(
        "For the next contract: give each objective a measure, unit, target, due date and owner."
    ),
}
OF_PLAN = {
    False: N_("Settle by an amendment, or leave open knowingly, what the plan leaves open."),
    True: N_("Settle in the next contract what this plan leaves open."),
}
