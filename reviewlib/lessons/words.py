"""The words of the codes that the chapters of actions, decisions and dates share."""

from __future__ import annotations

from reviewlib.report.text import N_

SIDES = {"client": N_("client"), "provider": N_("provider"), "both": N_("both sides")}
ACTION, DECISION = N_("action"), N_("decision")
