"""The words for the indices of earned value: their names, their formulas, why one is undefined."""

from __future__ import annotations

from reviewlib.money.earned_value import metrics
from reviewlib.money.earned_value.metrics import DAYS, MONTHS
from reviewlib.report.text import N_, Message, n_

FORMULAS = {
    "cpi": "BAC / CPI",
    "remaining": "AC + BAC − EV",
    "cpi_spi": "AC + (BAC − EV) / (CPI · SPI)",
    "bottom_up": "AC + ETC",
}
ASSUMED = {
    "cpi": N_("what is left costs as much for its worth as what is done"),
    "remaining": N_("what is left costs what it was planned to"),
    "cpi_spi": N_("the delay makes what is left cost more, too"),
    "bottom_up": N_("what is left was estimated anew"),
}
INDICES: dict[str, tuple[Message, str]] = {
    "pv": (N_("Planned value (PV)"), ""),
    "ev": (N_("Earned value (EV)"), ""),
    "ac": (N_("Actual cost (AC)"), ""),
    "bac": (N_("Budget at completion (BAC), the last planned value"), ""),
    "sv": (N_("Schedule variance (SV)"), "EV − PV = {ev} − {pv}"),
    "cv": (N_("Cost variance (CV)"), "EV − AC = {ev} − {ac}"),
    "spi": (N_("Schedule performance index (SPI)"), "EV / PV = {ev} / {pv}"),
    "cpi": (N_("Cost performance index (CPI)"), "EV / AC = {ev} / {ac}"),
    "eac_cpi": (
        N_("Estimate at completion (EAC), at the cost performance so far"),
        "BAC / CPI = {bac} × {ac} / {ev}",
    ),
    "eac_remaining": (
        N_("Estimate at completion (EAC), the rest at its planned cost"),
        "AC + BAC − EV = {ac} + {bac} − {ev}",
    ),
    "eac_cpi_spi": (
        N_("Estimate at completion (EAC), at the cost and schedule performance so far"),
        "AC + (BAC − EV) / (CPI · SPI) = {ac} + ({bac} − {ev}) × {ac} × {pv} / ({ev} × {ev})",
    ),
    "eac_bottom_up": (
        N_("Estimate at completion (EAC), from the bottom up"),
        "AC + ETC = {ac} + {etc}",
    ),
    "vac_cpi": (
        N_("Variance at completion (VAC), with EAC = BAC / CPI"),
        "BAC − EAC = {bac} − {eac_cpi}",
    ),
    "tcpi_bac": (
        N_("Performance needed to end within the budget (TCPI to BAC)"),
        "(BAC − EV) / (BAC − AC) = ({bac} − {ev}) / ({bac} − {ac})",
    ),
    "tcpi_cpi": (
        N_("Performance needed to end within the estimate (TCPI to EAC = BAC / CPI)"),
        "(BAC − EV) / (EAC − AC) = ({bac} − {ev}) / ({eac_cpi} − {ac})",
    ),
    "es": (
        N_("Earned schedule (ES), {unit}"),
        "C + I = {c} + ({ev} − {before}) / ({after} − {before})",
    ),
    "sv_t": (N_("Schedule variance in time, SV(t), {unit}"), "ES − AT = {es} − {at}"),
    "spi_t": (N_("Schedule performance in time, SPI(t)"), "ES / AT = {es} / {at}"),
    "ieac_t": (N_("Estimated duration, IEAC(t), {unit}"), "PD / SPI(t) = {pd} × {at} / {es}"),
    "tspi": (
        N_("Performance needed to end on the planned day (TSPI)"),
        "(PD − ES) / (PD − AT) = ({pd} − {es}) / ({pd} − {at})",
    ),
}
"""The label and the formula of each figure; what is stated has no formula."""
UNITS = {MONTHS: N_("months"), DAYS: N_("days")}
LENGTHS = {
    MONTHS: n_("{n:number.3} month", "{n:number.3} months"),
    DAYS: Message("{n:days}"),
}
ABOUT = {
    MONTHS: n_("{n:number.1} month", "{n:number.1} months"),
    DAYS: Message("{n:days}"),
}
"""The same, as a sentence that opens a chapter has it."""
STRETCHED = Message("{formula} × {length:number.3}")
AT_THE_END = Message("ES = PD")
WHY = {
    metrics.NO_PV: N_("no planned value is stated on that date"),
    metrics.NO_EV: N_("no earned value is stated on that date"),
    metrics.NO_AC: N_("no actual cost is stated on that date"),
    metrics.NO_BAC: N_("no planned value is stated, hence no budget at completion"),
    metrics.NO_ETC: N_("no estimate to complete is stated on that date"),
    metrics.ZERO_PV: N_("the planned value is 0: nothing was to be done by then"),
    metrics.ZERO_EV: N_("the earned value is 0"),
    metrics.ZERO_AC: N_("the actual cost is 0: nothing was spent by then"),
    metrics.OVER_BAC: N_(
        "the earned value is above the budget at completion: one of the two is wrong"
    ),
    metrics.SPENT: N_("the actual cost has reached the budget at completion: none of it is left"),
    metrics.NOTHING_LEFT: N_("that estimate leaves nothing to spend"),
    metrics.NO_PLAN: N_("no planned value above 0 is stated"),
    metrics.PLAN_FALLS: N_("the planned value falls from one date to the next"),
    metrics.NO_START: N_("the dates are not evenly spaced, and the start of the plan is not known"),
    metrics.AT_START: N_("the status date is the start of the plan"),
    metrics.BEFORE_START: N_("the status date is before the start of the plan"),
    metrics.ZERO_ES: N_("the earned schedule is 0"),
    metrics.PLAN_OVER: N_("the planned end is reached: no planned time is left"),
}
STARTS = {
    metrics.FROM_ZERO: N_("counted from {date}, the date planned to be worth nothing"),
    metrics.ONE_BEFORE: N_("counted from {date}, one period before the first date"),
    metrics.GIVEN: N_("counted from {date}, the first day of the contract"),
}
UNDEFINED = N_("it is undefined ({reason})")
CONTRADICTIONS = {
    metrics.PLAN_FALLS: N_(
        "The planned value falls on {dates}, though it adds up: no earned schedule is built "
        "on it, and the budget at completion is its last value."
    ),
    metrics.COST_FALLS: N_(
        "The actual cost falls on {dates}, though it adds up: a credit note, or a mistake. "
        "The figures rest on the cost stated last."
    ),
    metrics.OVER_BAC: N_(
        "The earned value is above the budget at completion on {dates}: more than all of the "
        "work cannot be done. Estimates at completion and the earned schedule are not built on "
        "it."
    ),
}

EXPLAINED = N_(
    "The planned value (PV) is the budget of the work that was to be done by a date, the "
    "earned value (EV) that of the work done by then, the actual cost (AC) what it cost. An "
    "index of 1 is as planned, above it is better. The SPI compares amounts, and ends at 1 "
    "once the work is done, however late: the delay is read from the earned schedule (ES), "
    "the time by which the plan had what is earned, against the time spent (AT): SPI(t) is "
    "ES / AT. No target applies: the contract states none."
)
NONE_EARNED = N_(
    "no earned value is stated by {date} ({file}: earned_value): what was done cannot be "
    "derived from what was planned and spent"
)
SEVERAL = N_(
    "Projects: {n}, of which costing more than what is earned: {over}, and behind the plan: "
    "{behind}."
)
COST_IN_THE_END = N_(
    "All that was planned is done; it cost {ac:money}, for a budget of {bac:money}."
)
ESTIMATED = N_("The cost at completion is estimated at {low:money}, for a budget of {bac:money}.")
ESTIMATED_BETWEEN = N_(
    "The cost at completion is estimated at {low:money} ({first}) to {high:money} ({last}), for a "
    "budget of {bac:money}."
)
COST = {
    -1: N_(
        "By {date}, work worth {ev:money} had cost {ac:money}, {gap:money} more than its worth "
        "(CPI {cpi:index})."
    ),
    1: N_(
        "By {date}, work worth {ev:money} had cost {ac:money}, {gap:money} less than its worth "
        "(CPI {cpi:index})."
    ),
    0: N_("By {date}, work worth {ev:money} had cost just that (CPI {cpi:index})."),
}
"""By the sign of the cost variance, as are those of the schedule by its own."""
WORTH = {
    -1: N_("The work cost {over:money} more than its worth"),
    1: N_("The work cost {over:money} less than its worth"),
    0: N_("The work cost what it was worth"),
}
TIMING = {
    -1: N_("{cost}, and was {gap} behind the plan."),
    1: N_("{cost}, and was {gap} ahead of the plan."),
    0: N_("{cost}, and was on plan."),
}
ALONE = N_("{cost}.")
UNTOLD = N_("Status on {date}: what the work cost against its worth is not known.")
OPENING = {
    -1: N_("the work cost {over:money} more than its worth"),
    1: N_("the work cost {over:money} less than its worth"),
    0: N_("the work cost what it was worth"),
}
COST_BRIEF = N_("By {date} the work had cost more than the plan says that it is worth.")
OVER_WORTH = N_("of value for each unit spent (CPI)")
ABOVE_BUDGET = N_("Settle who bears what the work costs above its budget.")
PLACE = {
    -1: N_("On {date} the work was {gap} behind the plan: SPI(t) {spi_t:index}."),
    1: N_("On {date} the work was {gap} ahead of the plan: SPI(t) {spi_t:index}."),
    0: N_("On {date} the work was on plan: SPI(t) {spi_t:index}."),
}
PACE = N_("At the pace so far it takes {end} rather than {planned}, until {date}.")
DONE = N_("The work was done by {date}, after {taken} for {planned} planned: SPI(t) {spi_t:index}.")
NOT_READ = N_(
    "The SPI, {spi:index}, does not serve for that: it tends to 1 as the work gets "
    "done, however late."
)
BEHIND = N_("Settle the causes of the delay, and the date by which the work is now due.")
BY_AMOUNTS = N_(
    "On {date} the SPI was {spi:index}. It compares amounts and tends to 1 as the work gets "
    "done; the delay in time is not known, because {reason}."
)
REACHED = N_("On {date}: planned {pv:money}, earned {ev:money}, spent {ac:money}.")
NOT_EARNED = N_("No earned value is stated by {date}: the project is not assessed.")
LATER = N_(
    "The earned value is stated up to {last}, the actual cost only up to {date}: the figures are "
    "those of {date}, and the table of the status has the later dates."
)
LARGEST = n_(
    "Figures and curve are those of the {n} project of the largest budget; the table of projects "
    "has all.",
    "Figures and curves are those of the {n} projects of the largest budgets; the table of "
    "projects has all.",
)
LAST = N_("The last {n} of {all}.")
