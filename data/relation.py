"""The tables of the relation in the sample that relation.yml states in short."""

from __future__ import annotations

from typing import Any

import pandas as pd

AS_WRITTEN = (
    "disputes", "decisions", "initiatives", "blockers", "contacts", "trainings", "subcontractors",
    "procedures", "client_events",
)  # fmt: skip
PREFIXES = {"launch": "RL", "steering": "CP", "follow_up": "CS"}
HELD = ("planned_on", "moved_to", "held_on", "minutes_on", "absent", "cancelled_by", "cancelled_on")
MEETING = (
    "meeting_id", "body", "planned_on", "moved_to", "held_on", "cancelled_on", "cancelled_by",
    "attended", "minutes_on", "evidence",
)  # fmt: skip
FIRST_MONTH = "2024-01"
TEAMS = {"client": "Équipe informatique", "provider": "Équipe du prestataire"}


def meetings(story: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each meeting, the follow-up meetings by their rhythm."""
    rows = []
    for body in PREFIXES:
        stated = story[body]
        lines = stated if isinstance(stated, list) else rhythm(stated)
        rows += [meeting(body, dict(zip(HELD, line, strict=False)), story) for line in lines]
    return rows


def meeting(body: str, about: dict[str, Any], story: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a meeting: who attended are the roles of its body but the absent ones."""
    present = [role for role in story["roles"][body] if role != about.get("absent")]
    made = about | {
        "meeting_id": f"{PREFIXES[body]}-{about['planned_on']}",
        "body": body,
        "attended": "; ".join(present) if about.get("held_on") else "",
        "evidence": f"Compte rendu du {about['minutes_on']}" if about.get("minutes_on") else "",
    }
    return {name: made.get(name) for name in MEETING}


def rhythm(stated: dict[str, Any]) -> list[list[Any]]:
    """Return the meetings of a body that meets every so many days."""
    lines: list[list[Any]] = []
    for stamp in pd.date_range(stated["from"], stated["to"], freq=f"{stated['every']}D"):
        day = stamp.date()
        by = stated["cancelled"].get(day)
        sent = (stamp + pd.Timedelta(days=stated["minutes"])).date()
        lines.append([day, None, None, None, None, by, day] if by else [day, None, day, sent])
    return lines


def reports(story: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each report that was due."""
    return [
        {"report": name, "period": period, "due_on": stated.get("due", {}).get(period)}
        | {"received_on": received}
        for name, stated in story.items()
        for period, received in stated["received"].items()
    ]


def tools(story: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each tool and month."""
    return [
        {"tool": name, "month": str(month), "active": active, "people": stated["people"]}
        for name, stated in story.items()
        for month, active in zip(
            pd.period_range(FIRST_MONTH, periods=len(stated["active"]), freq="M"),
            stated["active"],
            strict=True,
        )
    ]


def with_teams(answers: pd.DataFrame, stated: dict[str, Any]) -> pd.DataFrame:
    """Add what the teams of both parties answered; ``side`` says who they are."""
    on = [stated["wave"], "20/05/2025"]
    rows = [
        [on[0], f"{side[0].upper()}T-{number:02d}", TEAMS[side], on[1], name, mark, mark, side]
        for side, questions in stated["answers"].items()
        for name, marks in questions.items()
        for number, mark in enumerate(map(str, marks), start=1)
    ]
    teams = pd.DataFrame(rows, columns=[*answers.columns, "side"])
    return pd.concat([answers.assign(side=""), teams], ignore_index=True)


def with_teams_invited(invited: pd.DataFrame, stated: dict[str, Any]) -> pd.DataFrame:
    """Add how many of the teams were asked."""
    rows = [
        [stated["wave"], TEAMS[side], n, "2025-05-12", side]
        for side, n in stated["invited"].items()
    ]
    teams = pd.DataFrame(rows, columns=[*invited.columns, "side"])
    return pd.concat([invited.assign(side=""), teams], ignore_index=True)
