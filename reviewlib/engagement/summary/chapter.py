"""The summary: what held, what did not, what to decide, made of the other sections' values."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reviewlib.engagement.summary import of_period, ranking, to_decide
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import HELD, OWED
from reviewlib.report.parts import TITLES, Part
from reviewlib.report.phrases import SIDES, text_of
from reviewlib.report.set_aside import LACKING, set_aside
from reviewlib.report.text import EMPTY, N_, Message, Text, commas, dotted, listed, n_, sentences
from reviewlib.report.values import (
    Checks,
    Fact,
    Figure,
    Finding,
    Front,
    Kind,
    Note,
    Owing,
    Section,
    Side,
    Unit,
    Unplaced,
)
from reviewlib.review import Review

CARDS = ("service_levels", "milestones", "budget", "penalties", "satisfaction", "delays")
CHAPTERS = 3  # that a sentence names; of more it gives the number
MET = n_(
    "Commitments met: {held} of the {of} checked ({parties}).",
    "Commitments met: {held} of the {of} checked ({parties}).",
    on="of",
)
MET_IN_PERIOD = n_(
    "Commitments met in the period: {held} of the {of} checked ({parties}).",
    "Commitments met in the period: {held} of the {of} checked ({parties}).",
    on="of",
)
MET_TO_DATE = n_(
    "Commitments met since the start: {held} of the {of} checked ({parties}).",
    "Commitments met since the start: {held} of the {of} checked ({parties}).",
    on="of",
)
UNCHECKED = n_(
    "No commitment could be checked: {k} of {n} chapters lacks its data.",
    "No commitment could be checked: {k} of {n} chapters lack their data.",
    on="k",
)
RELATED = {
    MET: N_("In the relation: {held} of {of} ({parties})."),
    MET_IN_PERIOD: N_("In the relation in the period: {held} of {of} ({parties})."),
    MET_TO_DATE: N_("In the relation since the start: {held} of {of} ({parties})."),
}
"""Beside those of the contract's deliveries, amounts and services: meetings are many, and would
hide them."""
OF_PARTY = N_("{party} {held} of {of}")
DECISIONS = n_("{n} decision to take", "{n} decisions to take")
SET_ASIDE = n_(
    "{n} row of the data was set aside: {figures} rest on the others.",
    "{n} rows of the data were set aside: {figures} rest on the others.",
)
FIGURES_OF = N_("the figures of {chapters:all}")
FIGURES_OF_MANY = N_("the figures of {n} chapters")
NOTHING = N_("No finding calls for attention.")
MISSING = n_("{n} was not assessed", "{n} were not assessed")


@dataclass(frozen=True, slots=True)
class About:
    """What the first page says that no chapter does: the names of the parties, the day of the
    review, the facilitator's words in place of its opening sentence, and those on findings by id;
    whether it is of a period, and compared with the one before.
    """

    client: Text
    provider: Text
    today: dt.date
    verdict: Note | None = None
    briefs: Mapping[str, Note] = field(default_factory=dict)
    periodic: bool = False
    compared: bool = False


def summary(review: Review, sections: Iterable[Section]) -> Section:
    """Return the first page: all is taken from the sections, and the commitments are added up."""
    c, chapters = Chapter(review, "summary", N_("Summary")), tuple(sections)
    c.intro(*_set_aside(review, chapters), *(one.sentence for one in review.engagement.doubts))
    contract, notes = review.contract, review.engagement.notes
    parties = text_of(contract.client.name), text_of(contract.provider.name)
    about = About(
        *parties,
        review.today.date(),
        notes.verdict,
        notes.briefs,
        periodic=review.period is not None,
        compared=review.before is not None,
    )
    page = drawn_from(chapters, about, c.section())
    if page.findings or page.front is None or page.front.missing:
        return page
    return dataclasses.replace(page, headline=sentences(page.headline, NOTHING))


def drawn_from(chapters: Sequence[Section], about: About, page: Section) -> Section:
    """Return a first page with what it takes from chapters, as they are or as some readers may
    have them; its title, its introduction and its note are those of ``page``.
    """
    chapters, missing = tuple(chapters), _missing(chapters)
    findings = tuple(_in_turn(chapters))
    counts = _commitments(chapters, about) or _unchecked(chapters)
    return dataclasses.replace(
        page,
        headline=sentences(counts, _to_do(findings, len(missing))),
        facts=(*_key_facts(chapters), *missing),
        findings=findings,
        figures=tuple(_cards(chapters)),
        front=_front(about, chapters),
    )


def _front(about: About, chapters: tuple[Section, ...]) -> Front:
    """Return the first page of a review."""
    parties = {Side.PROVIDER: about.provider, Side.CLIENT: about.client}
    most = ranking.OF_PERIOD if about.periodic else ranking.RANKED
    ranked = ranking.ranked(chapters, about.today, most)
    held = tuple(ranking.held(chapters))
    owing = tuple(
        Owing(side, party, ranking.owed_by(chapters, side)) for side, party in parties.items()
    )
    owed = (one for party in owing for one in party.findings[:OWED])
    shown = {one.id for one in (*ranked, *held[:HELD], *owed)}
    return Front(
        _opening(chapters, Kind.STRENGTH),
        _opening(chapters, Kind.CONCERN),
        ranked,
        owing,
        held,
        _missing(chapters, alone=False),
        to_decide.rows(chapters, ranked),
        _commitments(chapters, about),
        ranking.RULE,
        tuple(_unassessed(chapters)),
        about.verdict,
        tuple(Unplaced(name, note) for name, note in about.briefs.items() if name not in shown),
        tuple(of_period.lines(chapters, compared=about.compared)) if about.periodic else (),
        of_period.recent(chapters),
    )


def _opening(chapters: tuple[Section, ...], kind: Kind) -> tuple[Text, ...]:
    """Return the clauses of a kind, what weighs most first."""
    own = [one for section in chapters for one in section.clauses if one.kind is kind]
    return tuple(one.text for one in sorted(own, key=lambda one: one.rank))


def _cards(chapters: tuple[Section, ...]) -> Iterator[Figure]:
    """Yield the figures of the engagement on one page, each under its message."""
    place = {slug: place for place, slug in enumerate(CARDS)}
    for section in sorted(chapters, key=lambda one: place.get(one.slug, len(CARDS))):
        for figure in section.figures:
            if figure.card:
                name = f"summary.{section.slug}"
                yield dataclasses.replace(figure, id=name, title=figure.card, card=EMPTY)


def checked(chapters: Iterable[Section]) -> dict[Side, Checks]:
    """Return the commitments that the facts of chapters count, added up by party."""
    counted = [fact.checks for section in chapters for fact in section.facts if fact.checks]
    held, of = Counter[Side](), Counter[Side]()
    for checks in counted:
        held[checks.side] += checks.held
        of[checks.side] += checks.of
    return {side: Checks(side, held[side], of[side]) for side in Side if of[side]}


def _set_aside(review: Review, chapters: tuple[Section, ...]) -> Iterator[Text]:
    """Yield how many rows were set aside, with the chapters that rest on the others.

    Those of tables that the same chapters read are added up; so are those of which the chapters are
    too many to be named.
    """
    by_chapters: dict[tuple[Text, ...], int] = {}
    many: dict[Text, None] = {}
    n_many = 0
    for name, table, _, n in set_aside(review, tuple(review.engagement.tables)):
        own = f".{name}.{table}"
        of = [s.title for s in chapters for caveat in s.caveats if caveat.id == f"{s.slug}{own}"]
        if name == LACKING and len(of) > CHAPTERS:
            many, n_many = many | dict.fromkeys(of), n_many + n
        elif name == LACKING and of:
            by_chapters[tuple(of)] = by_chapters.get(tuple(of), 0) + n
    if many:
        yield SET_ASIDE(n=n_many, figures=FIGURES_OF_MANY(n=len(many)))
    for titles, n in by_chapters.items():
        yield SET_ASIDE(n=n, figures=FIGURES_OF(chapters=titles))


def _commitments(chapters: tuple[Section, ...], about: About) -> Text:
    """Return how many commitments were met, of those checked, in all and by party.

    Of a periodic review those of the period stand apart from those to date.
    """
    if not about.periodic:
        return _met(MET, chapters, about)
    in_period, to_date = ([one for one in chapters if one.to_date is so] for so in (False, True))
    return sentences(_met(MET_IN_PERIOD, in_period, about), _met(MET_TO_DATE, to_date, about))


def _met(words: Message, chapters: Iterable[Section], about: About) -> Text:
    """Return the sum over chapters, and beside it that over those of the relation."""
    apart: dict[bool, list[Section]] = {False: [], True: []}
    for one in chapters:
        apart[one.part is Part.PEOPLE].append(one)
    names = {
        Side.PROVIDER: about.provider,
        Side.CLIENT: about.client,
        Side.BOTH: N_("both parties"),
    }
    short = {Side(side): name for side, name in SIDES.items()}
    return sentences(_sum(words, apart[False], names), _sum(RELATED[words], apart[True], short))


def _sum(words: Message, chapters: Iterable[Section], names: Mapping[Side, Text]) -> Text:
    by_side = checked(chapters)
    parties = commas(
        OF_PARTY(party=names[one.side], held=one.held, of=one.of) for one in by_side.values()
    )
    held, of = (sum(getattr(one, name) for one in by_side.values()) for name in ("held", "of"))
    return words(held=held, of=of, parties=parties) if by_side else EMPTY


def _unchecked(chapters: tuple[Section, ...]) -> Text:
    """Return how many chapters lack their data, where no commitment could be checked."""
    k, n = sum(bool(one.because) for one in chapters), len(chapters)
    return UNCHECKED(k=k, n=n) if k else EMPTY


def _in_turn(chapters: tuple[Section, ...]) -> Iterator[Finding]:
    """Yield what calls for attention, the first of each chapter, then the second of each, …

    So no chapter with much to say hides the others from who reads the first lines only. What
    restates another finding is left out, unless something is to be decided of it.
    """
    ids = {finding.id for section in chapters for finding in section.findings}
    by_kind: dict[tuple[str, Kind], int] = {}
    ranked = []
    for section in chapters:
        for finding in section.findings:
            restates = finding.restates in ids
            if finding.decision or not (restates or finding.kind is Kind.NEUTRAL):
                key = (section.slug, finding.kind)
                by_kind[key] = by_kind.get(key, 0) + 1
                ranked.append((by_kind[key], _placed(section, finding, restates)))
    ranked.sort(key=lambda pair: pair[0])  # stable: chapters stay in their order
    yield from (finding for _turn, finding in ranked)


def _placed(section: Section, finding: Finding, restates: bool) -> Finding:
    """Return a finding of which the decision names its chapter: alone, it may not say of what.

    ``restates``: whether the finding that it restates is there.
    """
    decision = dotted(section.title, finding.decision) if finding.decision else EMPTY
    restated = finding.restates if restates else ""
    return dataclasses.replace(finding, decision=decision, restates=restated)


def _to_do(findings: Sequence[Finding], missing: int) -> Text:
    counts = [(DECISIONS, sum(bool(one.decision) for one in findings)), (MISSING, missing)]
    parts = [words(n=n) for words, n in counts if n]
    return N_("{parts}.")(parts=listed(parts)) if parts else EMPTY


def _key_facts(chapters: tuple[Section, ...]) -> tuple[Fact, ...]:
    """Return the facts that have a target: those that a verdict rests on."""
    return tuple(f for s in chapters for f in s.facts if f.target is not None and f.met is not None)


def _unsettled(fact: Fact) -> bool:
    """Tell whether a threshold lies between the bounds of what is known: there is no verdict."""
    return fact.target is not None and fact.met is None


def _unassessed(chapters: tuple[Section, ...]) -> Iterator[Text]:
    """Yield the names of what was not assessed: of whole parts, of other chapters, of figures."""
    assessed = {section.part for section in chapters if not section.because}
    yield from dict.fromkeys(TITLES[one.part] for one in chapters if one.part not in assessed)
    alone = {one.slug for one in chapters if one.because and one.part not in assessed}
    yield from (one.label for one in _missing(chapters, alone=False) if one.id not in alone)


def _missing(chapters: Sequence[Section], *, alone: bool = True) -> tuple[Fact, ...]:
    """Return whatever could not be assessed, chapter or figure, with the reason.

    ``alone``: whether the label of a figure names its chapter too.
    """
    whole = (
        Fact(section.slug, section.title, None, Unit.TEXT, note=section.because)
        for section in chapters
        if section.because
    )
    parts = (
        dataclasses.replace(fact, label=dotted(section.title, fact.label)) if alone else fact
        for section in chapters
        for fact in section.facts
        if fact.value is None and (fact.interval is None or _unsettled(fact))
    )
    return (*whole, *parts)
