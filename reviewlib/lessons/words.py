"""The words of the codes that the chapters of actions, decisions and dates share."""

from __future__ import annotations

from reviewlib.report.text import N_

ACTION, DECISION = N_("action"), N_("decision")
