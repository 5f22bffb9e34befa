"""Satisfaction: CSAT, NPS and agreement, how far the answers reach, and comments (G1, G2)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.contract.survey import Question
from reviewlib.pages.wording import N_, Wording
from reviewlib.people.satisfaction import metrics
from reviewlib.people.satisfaction.metrics import Poll
from reviewlib.rates import WILSON
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Finding,
    Interval,
    Kind,
    Section,
    Table,
    Unit,
    rows,
)
from reviewlib.review import Review

SLUG = "satisfaction"
FEW = 30  # answers under which a net promoter score is always said to settle little
LISTED = 12  # comments beyond which their table is folded
METHODS = {
    metrics.WILSON: WILSON,
    metrics.WALD: N_("Wald 95 %"),
    metrics.ADJUSTED: N_("adjusted Wald 95 %"),
}
LABELS = {
    "csat": N_("Satisfied: {question}"),
    "nps": N_("Net promoter score: {question}"),
    "agreement": N_("In agreement: {question}"),
}
COUNTED = {
    "csat": N_("Answers of {least} and above, on a scale of {low} to {high}."),
    "nps": N_("Promoters (9 and 10) less detractors (0 to 6), in points."),
    "agreement": N_("Answers of {least} and above, on a scale of {low} to {high}."),
}
HEADLINES = {
    "csat": N_("Of {n} people who gave a usable answer, {value} are satisfied ({wave})."),
    "nps": N_("The net promoter score is {value}, from {n} answers ({wave})."),
    "agreement": N_(
        "Of {n} people who gave a usable answer, {value} agree: “{question}” ({wave})."
    ),
}
NO_RATE = {
    metrics.NO_INVITATIONS: N_("survey_invitations.csv does not say who was asked in {wave}"),
    metrics.UNLISTED: N_("survey_invitations.csv lacks departments that answered in {wave}"),
    metrics.EXCEEDED: N_("survey_invitations.csv lists fewer people than answered in {wave}"),
}


def satisfaction(review: Review) -> Section:
    """Return the chapter on what users answered, question by question and wave by wave."""
    _ = review.wording.gettext
    title, survey = _("Satisfaction"), review.contract.survey
    if survey is None:
        because = _("the contract lists no survey question (survey.questions in engagement.yml).")
        return review.not_assessed(SLUG, title, because)
    answers = review.table("survey_answers")
    if answers is None:
        return review.not_assessed(SLUG, title, review.absence("survey_answers"))
    if not Poll(answers, None, survey).latest:
        because = _("the folder has no answer to the survey (survey_answers.csv).")
        return review.not_assessed(SLUG, title, because)
    poll = Poll(answers, review.table("survey_invitations"), survey)
    intro = _(
        "Intervals say how far chance alone could carry a figure, had those who answered been "
        "drawn at random among those invited. The bounds of non-response suppose nothing: they "
        "run from nobody else favourable to everybody else favourable. Waves stand side by side "
        "and are never added up. No figure or comment of fewer than {floor} people is shown, nor "
        "one from which such a figure could be found by subtraction."
    ).format(floor=review.wording.number(survey.anonymity_floor))
    return review.section(
        SLUG,
        title,
        headline=_headline(review, poll),
        intro=intro,
        facts=tuple(_facts(review, poll)),
        findings=(*_silent(review, poll), *_majorities(review, poll), *_waves(review, poll)),
        tables=tuple(table for table in _tables(review, poll) if table.rows),
        figures=(*_departments(review, poll), *_agreement(review, poll)),
        caveats=tuple(_caveats(review, poll)),
    )


def _value(row: pd.Series, w: Wording, name: str = "value") -> str:
    """Return a figure of a result as the page prints it: a share, or a net promoter score."""
    return w.number(row[name], 1) if row["kind"] == "nps" else w.percent(row[name])


def _latest(frame: pd.DataFrame, poll: Poll) -> pd.DataFrame:
    return frame[frame["wave"] == poll.latest]


def _headline(review: Review, poll: Poll) -> str:
    _, w = review.wording.gettext, review.wording
    found = _latest(poll.results, poll)
    found = found[found["value"].notna()]
    if found.empty:
        sentence = _("Too few people answered in {wave} for a figure to be shown.")
        return sentence.format(wave=poll.latest)
    row = min(
        (row for _place, row in found.iterrows()), key=lambda row: list(LABELS).index(row["kind"])
    )
    reach = _("How many were invited is not known.")
    if pd.notna(row["worst"]):
        reach = _(
            "{invited} were invited: the others could bring it to between {worst} and {best}."
        )
    headline = HEADLINES[row["kind"]]
    return f"{_(headline)} {reach}".format(
        value=_value(row, w),
        n=w.number(row["n"]),
        wave=poll.latest,
        question=poll.questions[row["question"]].text,
        invited=w.number(row["invited"]),
        worst=_value(row, w, "worst"),
        best=_value(row, w, "best"),
    )


def _facts(review: Review, poll: Poll) -> Iterator[Fact]:
    yield _response(review, poll)
    found = _latest(poll.results, poll).set_index("question")
    for name, question in poll.survey.questions.items():
        if question.kind == "comment":
            yield _commented(review, poll, name)
        elif name not in found.index:
            yield _not_promoters(review, name, question)
        else:
            yield _measure(review, poll, name, found.loc[name])
            bounded = found.loc[name, ["value", "worst"]].notna().all()
            if question.kind != "agreement" and bounded:
                yield _bounds(review, poll, name, found.loc[name])


def _response(review: Review, poll: Poll) -> Fact:
    _, w = review.wording.gettext, review.wording
    row = _latest(poll.response, poll).iloc[0]
    known = pd.notna(row["rate"])
    because = NO_RATE.get(row["reason"], "")
    if because:
        note = _(because).format(wave=poll.latest)
    elif known:
        note = _("{answered} of {invited} people invited answered.").format(
            answered=w.number(row["answered"]), invited=w.number(row["invited"])
        )
    else:
        note = _too_few(review, poll)
    return Fact(
        f"{SLUG}.response_rate",
        _("Response rate"),
        float(row["rate"]) if known else None,
        Unit.SHARE,
        n=int(row["invited"]) if known else None,
        period=poll.latest,
        source=_("survey_answers.csv: respondent; survey_invitations.csv: invited"),
        note=note,
    )


def _too_few(review: Review, poll: Poll) -> str:
    _, w = review.wording.gettext, review.wording
    sentence = _("fewer than {floor} people answered in {wave}")
    return sentence.format(floor=w.number(poll.survey.anonymity_floor), wave=poll.latest)


def _measure(review: Review, poll: Poll, name: str, row: pd.Series) -> Fact:
    """Return the result of a question in the latest wave, or why there is none."""
    _, question, known = review.wording.gettext, poll.questions[name], pd.notna(row["value"])
    interval = None
    if known and row["method"]:
        method = METHODS[row["method"]]
        interval = Interval(float(row["low"]), float(row["high"]), _(method))
    if not row["shown"]:
        note = _too_few(review, poll)
    elif not known:
        note = _("nobody gave a usable answer in {wave}").format(wave=poll.latest)
    else:
        least, (low, high) = metrics.favourable_from(question), question.scale
        note = _(COUNTED[question.kind]).format(least=least, low=low, high=high)
        if interval is None:
            note += " " + _("All answers fall into one class: no interval can be given.")
    return Fact(
        f"{SLUG}.{question.kind}.{name}",
        _(LABELS[question.kind]).format(question=question.text),
        float(row["value"]) if known else None,
        Unit.SCORE if question.kind == "nps" else Unit.SHARE,
        n=int(row["n"]) if known else None,
        interval=interval,
        period=poll.latest,
        source=_("survey_answers.csv: answer to {question}").format(question=name),
        note=note,
    )


def _bounds(review: Review, poll: Poll, name: str, row: pd.Series) -> Fact:
    _, w, question = review.wording.gettext, review.wording, poll.questions[name]
    source = _("survey_answers.csv: answer to {question}; survey_invitations.csv: invited")
    note = _(
        "{n} of {invited} people invited gave a usable answer; whatever the others think, the "
        "figure for everybody lies within these bounds."
    )
    return Fact(
        f"{SLUG}.{question.kind}.{name}.bounds",
        _("With the bounds of non-response: {question}").format(question=question.text),
        float(row["value"]),
        Unit.SCORE if question.kind == "nps" else Unit.SHARE,
        n=int(row["n"]),
        interval=Interval(float(row["worst"]), float(row["best"]), _("bounds of non-response")),
        period=poll.latest,
        source=source.format(question=name),
        note=note.format(n=w.number(row["n"]), invited=w.number(row["invited"])),
    )


def _not_promoters(review: Review, name: str, question: Question) -> Fact:
    _, (low, high) = review.wording.gettext, question.scale
    because = _("a net promoter score needs the scale of 0 to 10; the contract has {low} to {high}")
    label = _(LABELS[question.kind]).format(question=question.text)
    note = because.format(low=low, high=high)
    return Fact(f"{SLUG}.nps.{name}", label, None, Unit.SCORE, note=note)


def _commented(review: Review, poll: Poll, name: str) -> Fact:
    _ = review.wording.gettext
    return Fact(
        f"{SLUG}.comment.{name}",
        _("Comments shown: {question}").format(question=poll.survey.questions[name].text),
        int((poll.comments["question"] == name).sum()),
        Unit.COUNT,
        period=review.wording.listed(list(poll.waves.index)),
        source=_("survey_answers.csv: answer to {question}").format(question=name),
    )


def _silent(review: Review, poll: Poll) -> Iterator[Finding]:
    """Yield a finding for each department that was asked and never answered in some wave."""
    _, w = review.wording.gettext, review.wording
    for department, found in poll.silent.groupby("department"):
        asked = [
            _("{people} in {wave}").format(
                people=w.ngettext("{n} person invited", "{n} people invited", int(row.invited)),
                wave=row.wave,
            )
            for row in found.itertuples()
        ]
        sentence = _("No answer from {department}: {asked}.").format(
            department=department, asked=w.listed(asked)
        )
        if found["doubtful"].any():
            sentence += " " + _(
                "Some answers name no department, or one that was not invited: they could come "
                "from there."
            )
        decision = _("Choose how to hear {department} before satisfaction is called known.")
        yield Finding(
            f"{SLUG}.silent.{slug(str(department))}",
            sentence,
            Kind.CONCERN,
            tuple(f"survey_invitations.csv: {wave}, {department}" for wave in found["wave"]),
            decision.format(department=department),
        )


def slug(name: str) -> str:
    """Return a name as a stable ASCII id: its letters and digits, else a digest of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    found = "-".join(re.findall(r"[a-z0-9]+", plain))
    return found or hashlib.sha256(name.encode()).hexdigest()[:8]


def _majorities(review: Review, poll: Poll) -> Iterator[Finding]:
    """Yield what the bounds say of the majority of everyone invited, for each CSAT question."""
    _, w = review.wording.gettext, review.wording
    found = _latest(poll.results, poll)
    for _place, row in found[(found["kind"] == "csat") & found["worst"].notna()].iterrows():
        kind, decision = Kind.NEUTRAL, ""
        sentence = _(
            "“{question}”: whether most of the {invited} people invited are satisfied is not "
            "settled. {n} gave a usable answer; between {worst} and {best} are."
        )
        if row["worst"] > 0.5:
            kind = Kind.STRENGTH
            sentence = _(
                "“{question}”: most of the {invited} people invited are satisfied, whatever the "
                "others think. {n} gave a usable answer; at least {worst} are."
            )
        elif row["best"] < 0.5:
            kind = Kind.CONCERN
            sentence = _(
                "“{question}”: most of the {invited} people invited are not satisfied, whatever "
                "the others think. {n} gave a usable answer; at most {best} are."
            )
            decision = _("Agree on what must change for users, and on when they are asked again.")
        said = sentence.format(
            question=poll.questions[row["question"]].text,
            invited=w.number(row["invited"]),
            n=w.number(row["n"]),
            worst=w.percent(row["worst"]),
            best=w.percent(row["best"]),
        )
        yield Finding(f"{SLUG}.majority.{row['question']}", said, kind, decision=decision)


def _waves(review: Review, poll: Poll) -> Iterator[Finding]:
    """Yield, for CSAT and NPS, the latest wave beside the one before, without claiming a trend."""
    _, w = review.wording.gettext, review.wording
    both = _("“{question}”: {before} in {first} ({n} answers), {after} in {second} ({m} answers).")
    found = poll.results[poll.results["value"].notna() & (poll.results["kind"] != "agreement")]
    for name, of_question in found.groupby("question", sort=False):
        if len(of_question) < 2 or of_question["wave"].iloc[-1] != poll.latest:
            continue
        before, after = of_question.iloc[-2], of_question.iloc[-1]
        if not (before["method"] and after["method"]):
            reading = _("One of them has no interval: nothing is concluded.")
        elif before["low"] <= after["high"] and after["low"] <= before["high"]:
            reading = _("The intervals overlap: no change is claimed, and none is ruled out.")
        else:
            reading = _(
                "The intervals do not overlap; other people may have answered each time, and no "
                "cause is claimed."
            )
        sentence = both.format(
            question=poll.questions[str(name)].text,
            before=_value(before, w),
            first=before["wave"],
            n=w.number(before["n"]),
            after=_value(after, w),
            second=after["wave"],
            m=w.number(after["n"]),
        )
        yield Finding(f"{SLUG}.waves.{name}", f"{sentence} {reading}", Kind.NEUTRAL)


def _tables(review: Review, poll: Poll) -> Iterator[Table]:
    _ = review.wording.gettext
    by_question = {name: place for place, name in enumerate(poll.questions)}
    found = poll.results.sort_values("question", key=lambda n: n.map(by_question), kind="stable")
    found["text"] = [poll.questions[name].text for name in found["question"]]
    found["passive"] = found["n"] - found["favourable"] - found["unfavourable"]
    note = _("“—”: no usable answer, or too few people to be shown.")
    is_nps = found["kind"] == "nps"
    for name, caption, part, columns in (
        ("shares", _("Shares satisfied or in agreement, by wave"), ~is_nps, _shares(review)),
        ("nps", _("Net promoter score, by wave"), is_nps, _scores(review)),
    ):
        lines = rows(found[part], columns)
        yield Table(f"{SLUG}.{name}", caption, columns, lines, note, folded=True)
    yield _answered(review, poll)
    for name, question in poll.survey.questions.items():
        if question.kind == "comment":
            yield _comments(review, poll, name)


def _shares(review: Review) -> tuple[Column, ...]:
    _ = review.wording.gettext
    return (
        Column("text", _("Question")),
        Column("wave", _("Wave"), quoted=True),
        Column("n", "n", Unit.COUNT),
        Column("unusable", _("Not usable"), Unit.COUNT),
        Column("value", _("Share"), Unit.SHARE),
        Column("low", _("Wilson 95 %, from"), Unit.SHARE),
        Column("high", _("Wilson 95 %, to"), Unit.SHARE),
        Column("worst", _("Bound of non-response, from"), Unit.SHARE),
        Column("best", _("Bound of non-response, to"), Unit.SHARE),
        Column("median", _("Median answer"), Unit.SCORE),
        Column("mean", _("Mean answer"), Unit.SCORE),
    )


def _scores(review: Review) -> tuple[Column, ...]:
    _ = review.wording.gettext
    return (
        Column("text", _("Question")),
        Column("wave", _("Wave"), quoted=True),
        Column("n", "n", Unit.COUNT),
        Column("unusable", _("Not usable"), Unit.COUNT),
        Column("favourable", _("Promoters"), Unit.COUNT),
        Column("passive", _("Passives"), Unit.COUNT),
        Column("unfavourable", _("Detractors"), Unit.COUNT),
        Column("value", _("Net promoter score"), Unit.SCORE),
        Column("low", _("Interval from"), Unit.SCORE),
        Column("high", _("Interval to"), Unit.SCORE),
        Column("worst", _("Bound of non-response, from"), Unit.SCORE),
        Column("best", _("Bound of non-response, to"), Unit.SCORE),
    )


def _answered(review: Review, poll: Poll) -> Table:
    """Return who was invited and how many answered, the whole of each wave first."""
    _ = review.wording.gettext
    whole = poll.response.assign(department=_("All departments"))
    parts = poll.response_by_department
    frame = pd.concat([whole, parts.assign(department=_named(review, parts["department"]))])
    place = {wave: place for place, wave in enumerate(poll.waves.index)}
    frame = frame.sort_values("wave", key=lambda wave: wave.map(place), kind="stable")
    columns = (
        Column("department", _("Department"), quoted=True),
        Column("wave", _("Wave"), quoted=True),
        Column("invited", _("Invited"), Unit.COUNT),
        Column("answered", _("Answered"), Unit.COUNT),
        Column("rate", _("Response rate"), Unit.SHARE),
        Column("remark", _("Remark")),
    )
    lines = rows(frame.assign(remark=_remarks(review, frame, "answered")), columns)
    caption = _("Who was invited and who answered, by wave and department")
    return Table(f"{SLUG}.response", caption, columns, lines, _withheld(review), folded=True)


def _named(review: Review, departments: pd.Series) -> pd.Series:
    return departments.replace("", review.wording.gettext("No department stated"))


def _remarks(review: Review, frame: pd.DataFrame, size: str) -> list[str | None]:
    """Return for each row why it has no figure, None where it has."""
    _ = review.wording.gettext
    return [
        _("not shown") if not shown else _("no answer") if count == 0 else None
        for shown, count in zip(frame["shown"], frame[size], strict=True)
    ]


def _withheld(review: Review) -> str:
    _ = review.wording.gettext
    return _("“Not shown”: too few people, or hidden so that too few cannot be found out.")


def _comments(review: Review, poll: Poll, name: str) -> Table:
    _ = review.wording.gettext
    found = poll.comments[poll.comments["question"] == name]
    columns = (
        Column("wave", _("Wave"), quoted=True),
        Column("comment", _("Comment"), quoted=True),
        Column("department", _("Department"), quoted=True),
    )
    lines = rows(found.assign(department=found["department"].replace("", None)), columns)
    caption = _("Comments: {question}").format(question=poll.survey.questions[name].text)
    note = _("In alphabetical order. “[…]” stands for what could name a person.")
    return Table(f"{SLUG}.comments.{name}", caption, columns, lines, note, len(lines) > LISTED)


def _departments(review: Review, poll: Poll) -> Iterator[Figure]:
    """Yield the share satisfied in each department that may be shown, for each CSAT question."""
    _ = review.wording.gettext
    every, parts = _latest(poll.results, poll), _latest(poll.results_by_department, poll)
    for name, question in poll.questions.items():
        part = parts[parts["question"] == name]
        if question.kind != "csat" or part["value"].isna().all():
            continue
        whole = every[every["question"] == name].assign(label=_("All departments"))
        frame = pd.concat([whole, part.assign(label=_named(review, part["department"]))])
        caption = _("Satisfied, by department, {wave}: {question}")
        yield _by_group(
            review, poll, name, frame, caption.format(wave=poll.latest, question=question.text)
        )


def _by_group(review: Review, poll: Poll, name: str, frame: pd.DataFrame, caption: str) -> Figure:
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("label", _("Department"), quoted=True),
        Column("n", "n", Unit.COUNT),
        Column("value", _("Satisfied"), Unit.SHARE),
        Column("low", _("Wilson 95 %, from"), Unit.SHARE),
        Column("high", _("Wilson 95 %, to"), Unit.SHARE),
        Column("remark", _("Remark")),
    )
    drawn = frame[frame["value"].notna()].rename(columns={"value": "share"})
    said = [
        f"{label} {w.percent(share)} (n = {w.number(n)})"
        for label, share, n in zip(drawn["label"], drawn["share"], drawn["n"], strict=True)
    ]
    figure = f"{SLUG}.departments.{name}"
    labels = charts.Labels(figure, _("share satisfied"), floor=poll.survey.anonymity_floor)
    lines = rows(frame.assign(remark=_remarks(review, frame, "n")), columns)
    return Figure(
        figure,
        charts.share_by_group(drawn, labels, w),
        caption,
        _("Satisfied: {parts}.").format(parts=w.listed(said)),
        Table(f"{figure}.table", caption, columns, lines, _withheld(review)),
    )


def _agreement(review: Review, poll: Poll) -> Iterator[Figure]:
    """Yield how the answers spread over each scale of agreement that questions use."""
    agreed = {name: q for name, q in poll.questions.items() if q.kind == "agreement"}
    for scale in dict.fromkeys(question.scale for question in agreed.values()):
        names = [name for name, question in agreed.items() if question.scale == scale]
        counts = poll.distribution(poll.latest, names)
        if (counts.sum(axis="columns") > 0).any():
            yield _spread(review, poll, counts)


def _spread(review: Review, poll: Poll, counts: pd.DataFrame) -> Figure:
    """Return the figure of the answers to questions of one scale; a row of NaN is withheld."""
    _, w = review.wording.gettext, review.wording
    low, high = counts.columns[0], counts.columns[-1]
    texts = [poll.questions[name].text for name in counts.index]
    frame = counts.set_axis(texts).rename(columns=str)
    points = tuple(Column(point, point, Unit.COUNT) for point in frame)
    columns = (Column("text", _("Question")), *points, Column("n", "n", Unit.COUNT))
    numbers = frame.assign(text=texts, n=frame.sum(axis="columns", skipna=False))
    found = _latest(poll.results, poll).set_index("question").loc[counts.index]
    said = [
        f"{poll.questions[str(name)].text} {_value(row, w)} (n = {w.number(row['n'])})"
        for name, row in found[found["value"].notna()].iterrows()
    ]
    figure = f"{SLUG}.agreement.{low}-{high}"
    measure = _("answers on a scale of {low} to {high}").format(low=low, high=high)
    caption = _("How far people agree, {wave}").format(wave=poll.latest)
    labels = charts.Labels(figure, measure, floor=poll.survey.anonymity_floor)
    return Figure(
        figure,
        charts.answers_by_question(frame, labels, w),
        caption,
        _("In agreement: {parts}.").format(parts=w.listed(said)),
        Table(f"{figure}.table", caption, columns, rows(numbers, columns)),
    )


def _caveats(review: Review, poll: Poll) -> Iterator[Caveat]:
    _ = review.wording.gettext
    yield from _unusable(review, poll)
    yield from _wide(review, poll)
    yield from _doubts(review, poll)
    if not poll.comments.empty:
        sentence = _(
            "E-mail addresses, telephone numbers, links, codes and names after a title are taken "
            "out of the comments. No rule recognises every name: read them before sharing them."
        )
        yield Caveat(f"{SLUG}.comments", sentence)


def _unusable(review: Review, poll: Poll) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    lost = poll.results.groupby("question", sort=False)["unusable"].sum()
    for name, count in lost[lost > 0].items():
        question, (low, high) = poll.questions[str(name)].text, poll.questions[str(name)].scale
        answers = w.ngettext(
            "{n} answer is not a whole number of the scale and enters no figure",
            "{n} answers are not whole numbers of the scale and enter no figure",
            int(count),
        )
        sentence = _("“{question}” ({low} to {high}): {answers}.")
        said = sentence.format(question=question, low=low, high=high, answers=answers)
        yield Caveat(f"{SLUG}.unusable.{name}", said)


def _wide(review: Review, poll: Poll) -> Iterator[Caveat]:
    """Yield a warning for each net promoter score of the latest wave that settles little."""
    _, w = review.wording.gettext, review.wording
    found = _latest(poll.results, poll)
    for _place, row in found[(found["kind"] == "nps") & found["low"].notna()].iterrows():
        unsigned = row["low"] <= 0 <= row["high"]
        if not unsigned and row["n"] >= FEW:
            continue
        sentence = _(
            "The net promoter score of {value} rests on {n} answers; its interval runs from {low} "
            "to {high}: too wide to compare it or to read a trend."
        ).format(
            value=_value(row, w),
            n=w.number(row["n"]),
            low=_value(row, w, "low"),
            high=_value(row, w, "high"),
        )
        if unsigned:
            sentence += " " + _("Whether promoters outnumber detractors is not established.")
        yield Caveat(f"{SLUG}.wide.{row['question']}", sentence)


def _doubts(review: Review, poll: Poll) -> Iterator[Caveat]:
    """Yield what is uncertain about who answered, and when."""
    _, w = review.wording.gettext, review.wording
    people = poll.scored.drop_duplicates(["wave", "respondent"])
    nobody = [wave for wave, n in poll.answered.items() if n == 0]
    few = list(poll.response.loc[~poll.response["shown"], "wave"])
    if (people["departments"] == 0).any():
        sentence = _(
            "Some people who answered state no department: they count in the totals, and among "
            "the departments as a group of their own."
        )
        yield Caveat(f"{SLUG}.no_department", sentence)
    if (people["departments"] > 1).any():
        sentence = _("People who state several departments in one wave count as stating none.")
        yield Caveat(f"{SLUG}.several_departments", sentence)
    if nobody:
        sentence = _("Nobody answered in {waves}.")
        yield Caveat(f"{SLUG}.nobody", sentence.format(waves=w.listed(nobody)))
    if few:
        sentence = _("Nothing is shown of {waves}: fewer than {floor} people answered.")
        floor = w.number(poll.survey.anonymity_floor)
        yield Caveat(f"{SLUG}.few", sentence.format(waves=w.listed(few), floor=floor))
    if len(poll.waves) > 1 and poll.waves.isna().any():
        sentence = _("Some waves have no date: they are taken in the order of their names.")
        yield Caveat(f"{SLUG}.undated", sentence)
