"""What a notebook shows of a few values of a chapter, and of a chapter where markup is not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reviewlib.pages.html import between, in_style, partials, valued
from reviewlib.pages.slots import slots
from reviewlib.pages.spoken import spoken
from reviewlib.pages.wording import Wording
from reviewlib.report.forms import FIRST
from reviewlib.report.text import N_
from reviewlib.report.values import Fact, Finding, Kind, Section
from reviewlib.review import Review

KINDS = {Kind.STRENGTH: N_("Strength"), Kind.CONCERN: N_("Concern")}
OBSERVATION, TO_DECIDE, TARGET = N_("Observation"), N_("To decide"), N_("Target")
NOT_ASSESSED = N_("Not assessed")
NONE = N_("none")
LABELLED = N_("{label}: {value}")


def in_plain_text(section: Section, wording: Wording) -> str:
    """Return a chapter as a few lines: its message, key figures, first decision and caveat."""
    words = spoken(section, wording)
    shown = slots(words)
    lines: list[Any] = [words.title, words.headline]
    if words.because:
        lines.append(_labelled(NOT_ASSESSED, words.because, wording))
    lines += [f"  {_line(fact, wording)}" for fact in shown.keys]
    if shown.decision:
        lines.append(f"  {_labelled(TO_DECIDE, shown.decision.decision, wording)}")
    if shown.caveat:
        lines.append(f"  {shown.caveat.sentence}")
    return "\n".join(str(line) for line in lines if line)


def of_facts(facts: Iterable[Fact], wording: Wording) -> dict[str, str]:
    """Return what a cell shows of facts: a row for each, with its id."""
    words = spoken((*facts,), wording)
    lines = [f"{fact.id}\n    {_line(fact, wording)}" for fact in words]
    return _shown(lines, wording, facts=words)


def of_findings(findings: Iterable[Finding], wording: Wording) -> dict[str, str]:
    """Return what a cell shows of findings: each with its id, its decision and its evidence."""
    words = spoken((*findings,), wording)
    return _shown([_lines(finding, wording) for finding in words], wording, findings=words)


def of_few(value: Any, names: Mapping[str, Any]) -> dict[str, str]:
    """Return what a cell shows of facts or findings, or of one, in the language of their section.

    ``names``: the variables of the notebook, among which it is looked for.
    """
    several = value if isinstance(value, tuple) else (value,)
    facts = [one for one in several if isinstance(one, Fact)]
    findings = [one for one in several if isinstance(one, Finding)]
    wording = _wording(several, names)
    return of_findings(findings, wording) if findings else of_facts(facts, wording)


def _wording(few: tuple[Any, ...], names: Mapping[str, Any]) -> Wording:
    """Return the wording of the section that holds values, else of a review of the notebook."""
    values = [*names.values()]
    for section in (one for one in values if isinstance(one, Section)):
        if few and any(few[0] is one for one in (*section.facts, *section.findings)):
            return Wording(section.shown_in, section.time_zone, section.currency)
    for review in (one for one in reversed(values) if isinstance(one, Review)):
        contract = review.contract
        return Wording(review.language, contract.time_zone, contract.currency)
    return Wording("en")


def _shown(lines: list[str], wording: Wording, **few: Any) -> dict[str, str]:
    if not lines:
        return {"text/plain": wording.say(NONE)}
    template = partials(wording).get_template("partials/glance.html.j2")
    return {
        "text/plain": "\n".join(lines),
        "text/html": in_style(template.render(few, language=wording.language)),
    }


def _line(fact: Fact, wording: Wording) -> str:
    """Return a fact in words as a line: its label, its value, what it rests on."""
    assessed = fact.value is not None or fact.interval
    value = valued(fact, wording) if assessed else wording.say(NOT_ASSESSED)
    counted = fact.n is not None and fact.count is None
    basis = [between(fact, wording), f"n = {wording.shown(fact.n, 'count')}" if counted else ""]
    if fact.target is not None:
        basis.append(f"{wording.say(TARGET)} {wording.target(fact.target, fact.unit)}")
    rests = wording.chained([str(part) for part in (*basis, fact.clause, fact.note) if part])
    return _labelled(fact.label, value, wording) + (f" ({rests})" if rests else "")


def _lines(finding: Finding, wording: Wording) -> str:
    """Return a finding in words as lines: its id, its kind and sentence, what is to be decided."""
    kind = KINDS.get(finding.kind, OBSERVATION)
    lines = [finding.id, f"    {_labelled(kind, finding.sentence, wording)}"]
    if finding.decision:
        lines.append(f"    {_labelled(TO_DECIDE, finding.decision, wording)}")
    if finding.evidence:
        first = FIRST(n=len(finding.evidence), all=finding.evidence_of)
        of = f" ({wording.say(first)})" if finding.evidence_of else ""
        lines.append(f"    {', '.join(finding.evidence)}{of}")
    return "\n".join(lines)


def _labelled(label: Any, value: Any, wording: Wording) -> str:
    """Return a label and a value in words, set as the language sets a colon."""
    name = label if isinstance(label, str) else wording.say(label)
    return wording.say(LABELLED(label=name, value=value))
