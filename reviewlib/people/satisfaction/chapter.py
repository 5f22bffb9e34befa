"""Satisfaction: CSAT, NPS and agreement, and how far the answers reach (G1, G2)."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import pandas as pd

from reviewlib.contract.survey import Question
from reviewlib.people import results as people_results
from reviewlib.people.satisfaction import front, intervals, metrics, readings, tables, words
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import (
    EMPTY,
    N_,
    Message,
    Quoted,
    Text,
    listed,
    sentences,
)
from reviewlib.report.values import Interval, Section, Side, Unit
from reviewlib.review import Review

SETTLED_FROM = 30  # answers under which a figure settles little, and no difference is tested
DRAWN = ["label", "share", "low", "high", "n", "k"]  # of a department, and nothing else of it


def satisfaction(review: Review) -> Section:
    """Return the chapter on what users answered, question by question and wave by wave."""
    c = Chapter(review, "satisfaction", N_("Satisfaction"))
    survey, answers = review.contract.survey, review.table("survey_answers")
    if survey is None:
        return c.not_assessed(words.NO_QUESTION)
    if answers is None:
        return c.not_assessed(review.absent("survey_answers"))
    poll = people_results.poll(review)
    if poll is None:
        return c.not_assessed(words.NO_ANSWER)
    if not poll.latest:
        return c.not_assessed(words.NOT_CLOSED if poll.calendar["open"].any() else words.NO_ANSWER)
    c.period = Quoted(poll.latest)
    c.intro(words.COUNTING(floor=survey.anonymity_floor))
    latest = _latest(poll.results, poll)
    front.add_headline(c, poll, latest)
    _response(c, poll)
    _questions(c, poll, latest.set_index("question", drop=False))
    _silent(c, poll)
    _majorities(c, poll, latest)
    _waves(c, poll)
    _results(c, poll)
    _respondents(c, poll)
    c.table(words.WAVES, tables.closing(poll))
    c.table(words.READINGS, tables.how_read(poll))
    _by_wave(c, poll)
    _departments(c, poll, latest)
    _agreement(c, poll, latest)
    _unusable(c, poll)
    _wide(c, poll, latest)
    _doubts(c, poll)
    return c.section()


def _latest(frame: pd.DataFrame, poll: Poll) -> pd.DataFrame:
    return frame[frame["wave"] == poll.latest]


# Figures


def _response(c: Chapter, poll: Poll) -> None:
    row = _latest(poll.response, poll).iloc[0]
    invited, answered = row["invited"], row["answered"]
    source = "survey_answers.csv: respondent; survey_invitations.csv: invited"
    if pd.notna(row["rate"]):
        of, note = int(invited), words.ANSWERED(answered=answered, invited=invited)
        c.fact("response_rate", words.RATE, row["rate"], Unit.SHARE, n=of, note=note,
               source=source, key=True)  # fmt: skip
        return
    no_rate = words.NO_RATE.get(row["reason"])
    because = no_rate(wave=poll.latest) if no_rate else _too_few(poll)
    c.fact("response_rate", words.RATE, None, Unit.SHARE, because=because, source=source)


def _too_few(poll: Poll) -> Message:
    return words.TOO_FEW(floor=poll.survey.anonymity_floor, wave=poll.latest)


def _questions(c: Chapter, poll: Poll, latest: pd.DataFrame) -> None:
    for name, question in poll.survey.questions.items():
        source = words.SOURCE(question=name)
        if question.kind == "comment":
            continue
        if name not in latest.index:
            low, high = question.scale
            because, label = words.OTHER_SCALE(low=low, high=high), _label(question)
            c.fact(f"nps.{name}", label, None, Unit.SCORE, because=because, period=EMPTY)
        else:
            _result(c, poll, latest.loc[name], source)


def _label(question: Question) -> Message:
    return words.LABELS[question.kind](question=question.text)


def _result(c: Chapter, poll: Poll, row: pd.Series, source: Message) -> None:
    """Add the result of a question in the latest wave, or why there is none, and its bounds."""
    question = poll.questions[row["question"]]
    name, unit = f"{question.kind}.{row['question']}", _unit(question)
    if pd.isna(row["value"]):
        because = _why_none(poll, row)
        c.fact(name, _label(question), None, unit, because=because, source=source)
        return
    low, high, n = float(row["low"]), float(row["high"]), int(row["n"])
    interval = Interval(low, high, words.METHODS[row["method"]])
    c.fact(
        name, _label(question), row["value"], unit,
        n=n, interval=interval, source=source, note=_counted(question), key=unit is Unit.SCORE,
    )  # fmt: skip
    if question.kind != "agreement" and pd.notna(row["worst"]):
        c.fact(
            f"{name}.bounds", words.BOUNDED(question=question.text), row["value"], unit,
            n=n, interval=Interval(float(row["worst"]), float(row["best"]), words.NON_RESPONSE),
            source=words.BOTH_SOURCES(question=row["question"]),
            note=front.of(words.BOUNDS, poll, row),
        )  # fmt: skip


def _why_none(poll: Poll, row: pd.Series) -> Message:
    """Return why a question has no result in the latest wave."""
    survey = poll.survey
    if row["reason"]:
        values = {"wave": poll.latest, "limit": survey.unusable_limit, "name": row["question"]}
        return words.REFUSED[row["reason"]].filled(values)
    if not row["shown"]:
        return words.HIDDEN(floor=survey.anonymity_floor, wave=poll.latest)
    return words.NOBODY_USABLE(wave=poll.latest)


def _unit(question: Question) -> Unit:
    return Unit.SCORE if question.kind == "nps" else Unit.SHARE


def _counted(question: Question) -> Message:
    if question.kind == "nps":
        return words.PROMOTERS
    (first, last), (low, high) = readings.favourable(question), question.scale
    if question.lowest_is_best:
        return words.BELOW(limit=last, low=low, high=high)
    return words.ABOVE(limit=first, low=low, high=high)


# Findings


def _silent(c: Chapter, poll: Poll) -> None:
    """Add each department that was asked and never answered in some wave."""
    for department, waves in poll.silent.groupby("department"):
        invitations = c.named(words.INVITED_IN, waves, len(waves))
        silent = words.SILENT(department=department, invitations=invitations)
        c.concern(
            f"silent.{slug(str(department))}",
            sentences(silent, words.DOUBTFUL if waves["doubtful"].any() else EMPTY),
            about=[f"survey_invitations.csv: {wave}, {department}" for wave in waves["wave"]],
            decision=words.HEAR(department=department),
            decider=Side.BOTH,
        )


def slug(name: str) -> str:
    """Return a name as a stable ASCII id: its letters and digits, else a digest of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    ascii_id = "-".join(re.findall(r"[a-z0-9]+", plain))
    return ascii_id or hashlib.sha256(name.encode()).hexdigest()[:8]


def _majorities(c: Chapter, poll: Poll, latest: pd.DataFrame) -> None:
    """Add what the bounds say of the majority of everyone invited, for each CSAT question."""
    for _place, row in latest[(latest["kind"] == "csat") & latest["worst"].notna()].iterrows():
        name, about = f"majority.{row['question']}", front.brief(c, poll, row)
        if row["worst"] > 0.5:
            c.strength(name, front.of(words.SATISFIED, poll, row))
        elif row["best"] < 0.5:
            sentence = front.of(words.DISSATISFIED, poll, row)
            c.concern(name, sentence, decision=words.CHANGE, decider=Side.BOTH, brief=about)
        else:
            c.neutral(name, front.of(words.UNSETTLED, poll, row), brief=about)


def _waves(c: Chapter, poll: Poll) -> None:
    """Add, for CSAT and NPS, the latest wave beside the one before, without claiming a trend."""
    shown = poll.results[poll.results["value"].notna() & (poll.results["kind"] != "agreement")]
    for name, of_question in shown.groupby("question", sort=False):
        if len(of_question) < 2 or of_question["wave"].iloc[-1] != poll.latest:
            continue
        before, after = of_question.iloc[-2], of_question.iloc[-1]
        side_by_side = words.TWO_WAVES(
            question=poll.questions[str(name)].text,
            before=front.figure(before), first=before["wave"], n=words.ANSWERS(n=before["n"]),
            after=front.figure(after), second=after["wave"], m=words.ANSWERS(n=after["n"]),
        )  # fmt: skip
        c.neutral(f"waves.{name}", sentences(side_by_side, _difference(before, after)))


def _difference(before: pd.Series, after: pd.Series) -> Message:
    """Return whether two results differ by more than chance alone would leave."""
    if min(before["n"], after["n"]) < SETTLED_FROM:
        return words.TOO_FEW_TO_TEST(n=SETTLED_FROM)
    moved, low, high, z = intervals.difference(_counts(before), _counts(after))
    sentence = words.DIFFERENT if low > 0 or high < 0 else words.NOT_DIFFERENT
    return sentence(moved=100 * moved, low=100 * low, high=100 * high, z=abs(z))


def _counts(row: pd.Series) -> intervals.Counts:
    """Return promoters, passives and detractors; of a share, those in favour and nobody else."""
    good, bad = row["favourable"], row["unfavourable"]
    return good, row["n"] - good - bad, bad


# Tables and charts


def _texts(poll: Poll, questions: pd.Series) -> pd.Series:
    """Return the words of questions, in every language in which the contract gives them."""
    texts = [poll.questions[name].text for name in questions]
    return pd.Series(texts, questions.index, dtype="object")


def _results(c: Chapter, poll: Poll) -> None:
    by_question = {name: place for place, name in enumerate(poll.questions)}
    results = poll.results.sort_values(
        "question", key=lambda names: names.map(by_question), kind="stable"
    )
    results["text"] = _texts(poll, results["question"])
    results["passive"] = results["n"] - results["favourable"] - results["unfavourable"]
    is_nps = results["kind"] == "nps"
    for form, of_kind in ((words.SHARES, results[~is_nps]), (words.SCORES, results[is_nps])):
        if len(of_kind):
            c.table(form, of_kind)


def _respondents(c: Chapter, poll: Poll) -> None:
    """Add who was invited and how many answered, the whole of each wave first."""
    rows = tables.with_whole(poll.response, poll.response_by_department, "department")
    place = {wave: place for place, wave in enumerate(poll.waves.index)}
    rows = rows.sort_values("wave", key=lambda wave: wave.map(place), kind="stable")
    c.table(words.RESPONSE, rows.assign(remark=tables.remarks(rows, "answered")))


def _by_wave(c: Chapter, poll: Poll) -> None:
    """Add the shares of the waves side by side, with both of their doubts: what leads."""
    shown = poll.results[poll.results["value"].notna()]
    kinds = [kind for kind in words.BY_WAVE if shown["kind"].eq(kind).any()]
    for kind in kinds:
        results = shown[shown["kind"] == kind].copy()
        results["place"] = results["question"].map(list(poll.questions).index)
        results = results.sort_values("place", kind="stable", ignore_index=True)
        results["text"] = _texts(poll, results["question"])
        form = words.SHARES.only(["text", "wave", "n", "value", "low", "high", "worst", "best"])
        c.figure(
            "share_by_group",
            form.but(
                name=f"{kind}.by_wave", caption=words.BY_WAVE[kind], note=EMPTY,
                lead=kind == kinds[0],
            ),
            results,
            N_("By wave: {parts}.")(parts=_listed(results.assign(label=results["wave"]))),
            frame=results.assign(
                group=results["text"], label=results["wave"], share=results["value"],
                k=results["favourable"], least=results["worst"], most=results["best"],
                **front.against_target(c, poll, results),
            ),
            measure=words.LEGENDS[kind],
            bounds=words.NON_RESPONSE,
            card=front.card(c, _latest(results, poll)) if kind == "csat" else EMPTY,
        )  # fmt: skip


def _departments(c: Chapter, poll: Poll, latest: pd.DataFrame) -> None:
    """Add the share satisfied in each department that may be shown, for each CSAT question."""
    parts = _latest(poll.results_by_department, poll)
    for name, question in poll.questions.items():
        part = parts[parts["question"] == name]
        whole = latest[latest["question"] == name]
        if question.kind != "csat" or part["value"].isna().all() or whole["value"].isna().all():
            continue
        rows = tables.with_whole(whole, part, "label")
        shown = rows[rows["value"].notna()]
        caption = words.BY_DEPARTMENT(wave=poll.latest, question=question.text)
        c.figure(
            "share_by_group",
            words.DEPARTMENTS.but(name=f"departments.{name}", caption=caption),
            rows.assign(remark=tables.remarks(rows, "n")),
            N_("Satisfied: {parts}.")(parts=_listed(shown)),
            frame=shown.rename(columns={"value": "share", "favourable": "k"})[DRAWN],
            measure=words.LEGENDS["csat"],
            floor=poll.survey.anonymity_floor,
        )


def _listed(results: pd.DataFrame) -> Text:
    """Return results in words, each with its label and its n."""
    return listed(
        words.RESULT(label=row["label"], value=front.figure(row), n=row["n"])
        for _place, row in results.iterrows()
    )


def _agreement(c: Chapter, poll: Poll, latest: pd.DataFrame) -> None:
    """Add how the answers spread over each scale of agreement that questions use."""
    agreed = {
        name: question
        for name, question in poll.questions.items()
        if question.kind == "agreement" and not question.mean_scores
    }
    points = poll.together(poll.latest)
    if points.shape[1] > 1:
        enough = len(points) >= SETTLED_FROM
        alpha = metrics.cronbach(points) if enough else None
        because = words.TOO_FEW_TOGETHER(least=SETTLED_FROM, wave=poll.latest)
        c.fact("together", words.TOGETHER, alpha, Unit.INDEX, n=len(points) if enough else None,
               because=because, source="survey_answers.csv: answer")  # fmt: skip
    for scale in dict.fromkeys(question.scale for question in agreed.values()):
        names = [name for name, question in agreed.items() if question.scale == scale]
        counts = poll.distribution(poll.latest, names)
        if (counts.sum(axis="columns") > 0).any():
            _spread(c, poll, counts, latest.set_index("question", drop=False).loc[names])


def _spread(c: Chapter, poll: Poll, counts: pd.DataFrame, results: pd.DataFrame) -> None:
    """Add the answers to questions of one scale; a row of NaN is withheld."""
    low, high = counts.columns[0], counts.columns[-1]
    texts = _texts(poll, counts.index.to_series())
    table = counts.rename(columns=str)
    points = tuple(Col(point, Quoted(point), Unit.COUNT) for point in table)
    caption = words.BY_QUESTION(wave=poll.latest)
    columns = (words.QUESTION, *points, words.N)
    shown = results[results["value"].notna()]
    c.figure(
        "answers_by_question",
        TableForm(f"agreement.{low}-{high}", caption, columns),
        table.assign(text=texts, n=table.sum(axis="columns", skipna=False)),
        N_("In agreement: {parts}.")(
            parts=_listed(shown.assign(label=_texts(poll, shown["question"])))
        ),
        frame=tables.sides(counts, poll).set_axis(pd.Index(texts, dtype="object")),
        measure=N_("answers on a scale of {low} to {high}")(low=low, high=high),
        floor=poll.survey.anonymity_floor,
    )


# Caveats


def _unusable(c: Chapter, poll: Poll) -> None:
    unusable = poll.results.groupby("question", sort=False)["unusable"].sum()
    for name, n in unusable[unusable > 0].items():
        question, (low, high) = poll.questions[str(name)].text, poll.questions[str(name)].scale
        sentence = words.UNUSABLE(question=question, low=low, high=high, n=int(n))
        c.caveat(f"unusable.{name}", sentence)


def _wide(c: Chapter, poll: Poll, latest: pd.DataFrame) -> None:
    """Add a warning for each net promoter score of the latest wave that settles little."""
    for _place, row in latest[(latest["kind"] == "nps") & latest["low"].notna()].iterrows():
        unsigned, few = row["low"] <= 0 <= row["high"], row["n"] < SETTLED_FROM
        doubts = (words.WIDE if few else EMPTY, words.UNSIGNED if unsigned else EMPTY)
        sentence = sentences(front.of(words.RESTS, poll, row), *doubts)
        c.caveat(f"wide.{row['question']}", sentence, when=unsigned or few)


def _doubts(c: Chapter, poll: Poll) -> None:
    """Add what is uncertain about who answered, and when."""
    departments = poll.scored.drop_duplicates(["wave", "respondent"])["departments"]
    c.caveat("no_department", words.NO_DEPARTMENT_STATED, when=(departments == 0).any())
    c.caveat("several_departments", words.SEVERAL_DEPARTMENTS, when=(departments > 1).any())
    nobody = [wave for wave, n in poll.answered.items() if n == 0]
    c.caveat("nobody", words.NOBODY(waves=nobody), when=bool(nobody))
    few, floor = poll.response.loc[~poll.response["shown"], "wave"], poll.survey.anonymity_floor
    c.caveat("few", words.FEW(waves=few, floor=floor), when=len(few) > 0)
    c.caveat("undated", words.UNDATED, when=poll.calendar["closes"].isna().any())
    running = [*poll.calendar.index[poll.calendar["open"]]]
    c.caveat("open", words.OPEN(waves=running), when=bool(running))
    c.caveat("late", words.LATE, n=int(poll.calendar["late"].sum()))
    c.caveat("repeated", words.REPEATED, n=poll.repeated)
