"""The words of the facilitator stand beside those of the report, and never in their stead alone."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reviewlib.engagement.summary.chapter import summary
from reviewlib.faults import Faults
from reviewlib.pages.html import partials
from reviewlib.pages.slots import SHORT_NOTE
from reviewlib.pages.wording import Wording
from reviewlib.report.chapter import Chapter
from reviewlib.report.encoding import decoded, encoded
from reviewlib.report.forms import HELD
from reviewlib.report.text import N_
from reviewlib.report.values import Brief, Kind, Note, Section, Side
from reviewlib.review import Review, review_of
from tests import desk
from tests.spoken import html, spoken

OVER = """\
facilitator: {fr: le bureau, en: the office}
verdict: {en: "Kept, <b>mostly</b>."}
briefs:
  delays.M1: {en: "Both held it up.", fr: "Les deux l’ont retenu."}
"""


def review_with(folder: Path, as_of: str = "", **notes: str) -> Review:
    """A review of a contract alone, with notes named as their files are, "_" before the ending."""
    (folder / "notes").mkdir()
    desk.written(folder, desk.agreed())
    for name, text in notes.items():
        file = name.replace("_", ".") + (".yml" if name == "front" else ".md")
        (folder / "notes" / file).write_text(text, encoding="utf-8")
    return desk.review(folder, desk.agreed(), {}, as_of=as_of)


def delays(review: Review) -> Section:
    c = Chapter(review, "delays", N_("Delays"))
    c.clause(Kind.CONCERN, N_("M1 is late"), 1)
    for name in ("M1", "M2"):
        brief = Brief(N_("Late, by rule."), topic=name, side=Side.PROVIDER)
        c.concern(name, N_("It is late."), brief=brief)
    c.concern("M3", N_("It is late."))
    return c.section()


def text_of(markup: str) -> str:
    """The words of some markup, spaces made single."""
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[method-assign]
    parser.feed(markup)
    return re.sub(r"\s+", " ", "".join(words))


def test_a_brief_that_the_facilitator_words_keeps_that_of_the_report(tmp_path: Path) -> None:
    section = spoken(delays(review_with(tmp_path, front=OVER)), "en")

    first, second, _ = (one.brief for one in section.findings)
    assert first is not None
    assert first.text == "Late, by rule."
    assert first.note == Note(
        {"en": "Both held it up.", "fr": "Les deux l’ont retenu."}, "the office"
    )
    assert second is not None
    assert second.note is None


def test_the_first_page_says_whose_words_they_are_and_what_the_report_says(tmp_path: Path) -> None:
    review = review_with(tmp_path, front=OVER)
    words = text_of(html(summary(review, [delays(review)]), "en"))

    assert "Kept, <b>mostly</b>. In the words of the facilitator (the office)." in words
    assert "The report’s own words: M1 is late." in words
    assert "Both held it up. facilitator The report’s own words: Late, by rule." in words


def test_words_on_what_held_leave_those_of_the_report_beside_them(tmp_path: Path) -> None:
    review = review_with(tmp_path, front="briefs:\n  delays.M1: {en: All was kept.}\n")
    c = Chapter(review, "delays", N_("Delays"))
    c.strength("M1", N_("Kept."), brief=Brief(N_("89 of 89 kept (by default)."), side=Side.CLIENT))
    section = summary(review, [c.section()])

    own = "The report’s own words: 89 of 89 kept (by default)."
    assert f"What held. All was kept. facilitator {own}" in text_of(html(section, "en"))
    french = text_of(html(section, "fr"))
    assert "All was kept. animateur Rédigé en anglais. Formulation du rapport" in french


def test_words_in_another_language_say_so_to_readers_and_to_their_programs(tmp_path: Path) -> None:
    review = review_with(tmp_path, front=OVER, delays_en="Heard.")
    front = html(summary(review, [delays(review)]), "fr")

    assert 'lang="en">Kept, &lt;b&gt;mostly&lt;/b&gt;.</span>' in front
    assert "Rédigé en anglais." in front
    assert "Les deux l’ont retenu. animateur" in text_of(front)
    chapter = html(delays(review), "fr")
    assert "Propos de l’animateur (le bureau)" in text_of(chapter)
    assert re.search(r'lang="en">\s*<p>Heard\.</p>', chapter)
    assert "Rédigé en anglais." in chapter
    assert "Written in English." not in html(delays(review), "en")


def test_who_contests_a_finding_is_told_beside_the_words_of_the_facilitator(tmp_path: Path) -> None:
    replies = "finding,side,position\ndelays.M1,provider,contested\n"
    (tmp_path / "replies.csv").write_text(replies, encoding="utf-8")
    review = review_with(tmp_path, front=OVER)

    words = text_of(html(summary(review, [delays(review)]), "en"))
    own = "The report’s own words: Late, by rule. Contested by the provider."
    assert f"Both held it up. facilitator {own}" in words


def test_a_note_stands_in_its_chapter_and_on_the_front_as_markdown_without_html(
    tmp_path: Path,
) -> None:
    own = "**Two** causes.\n\n<script>alert(1)</script>\n\n![x](https://example.org/x.png)"
    review = review_with(tmp_path, delays_en=own, front_en="[See](#delays) {{ 7 * 7 }}")

    chapter, front = (html(one, "en") for one in (delays(review), summary(review, [])))
    assert "<strong>Two</strong> causes." in chapter
    assert "&lt;script&gt;" in chapter
    assert "<script" not in chapter
    assert "<img" not in chapter
    assert "In the words of the facilitator" in chapter
    assert '<a href="#delays" rel="noopener noreferrer">See</a> {{ 7 * 7 }}' in front


def test_a_chapter_that_was_not_assessed_has_its_note_beside_the_reason(tmp_path: Path) -> None:
    review = review_with(tmp_path, delays_en="Heard.")
    section = Chapter(review, "delays", N_("Delays")).not_assessed(N_("no table"))

    part = {"slug": "delivery", "number": 2, "title": "Delivery", "sections": [spoken(section)]}
    template = partials(Wording("en")).get_template("partials/part.html.j2")
    words = text_of(template.render(part=part))
    assert "no table In the words of the facilitator Heard." in words


def test_a_note_of_more_words_than_a_chapter_shows_is_folded(tmp_path: Path) -> None:
    short, long = "word " * SHORT_NOTE, "word " * (SHORT_NOTE + 1)
    review = review_with(tmp_path, delays_en=short, duties_en=long)

    shown, folded = (
        html(Chapter(review, name, N_("Delays")).section(), "en") for name in ("delays", "duties")
    )
    assert "noted" not in shown
    fold = re.search(r'<details class="fold on-paper noted">\s*<summary>(.*)</summary>', folded)
    assert fold is not None
    assert text_of(fold[1]) == "In the words of the facilitator 121 words"


def test_words_on_a_finding_that_the_review_does_not_have_are_refused(tmp_path: Path) -> None:
    over = "briefs:\n  delays.M4: x\n  delays.zzzzzzzzzz: y\n  duties.D1: z"
    review = review_with(tmp_path, front=over)

    with pytest.raises(Faults) as error:
        delays(review)
    first, second = map(str, error.value.faults)
    assert first.startswith(
        "notes/front.yml, briefs.delays.M4: the review has no finding of this id"
    )
    assert "Did you mean 'delays.M" in first
    assert second.endswith("Allowed: delays.M1, delays.M2, delays.M3.")
    with pytest.raises(Faults, match=r"duties\.D1"):
        Chapter(review, "duties", N_("Duties")).not_assessed(N_("no table"))


def test_a_review_that_looks_back_says_which_words_it_does_not_show(tmp_path: Path) -> None:
    review = review_with(tmp_path, as_of="2026-06-30", front="briefs:\n  delays.M4: Too early.")

    front = html(summary(review, [delays(review)]), "en")
    assert "Too early. On a finding that this page does not show: delays.M4" in text_of(front)


def test_words_on_a_finding_without_a_brief_are_not_lost_either(tmp_path: Path) -> None:
    review = review_with(tmp_path, front="briefs:\n  delays.M3: Not here.")

    front = html(summary(review, [delays(review)]), "en")
    assert "Not here. On a finding that this page does not show: delays.M3" in text_of(front)


def test_words_on_what_a_party_owes_stand_with_it_though_it_is_not_ranked(tmp_path: Path) -> None:
    review = review_with(tmp_path, front="briefs:\n  delays.M2: {en: Soon there.}\n")
    c = Chapter(review, "delays", N_("Delays"))
    for name, owes in (("M1", N_("a plan")), ("M2", N_("a report"))):  # of a chapter one is ranked
        brief = Brief(N_("Late, by rule."), topic=name, side=Side.PROVIDER, owes=owes)
        c.concern(name, N_("It is late."), brief=brief)
    words = text_of(html(summary(review, [c.section()]), "en"))

    own = "The report’s own words: Late, by rule."
    assert f"a report – Soon there. facilitator {own}" in words
    assert "On a finding that this page does not show" not in words


def test_words_on_what_held_beyond_what_the_page_shows_are_said_to_be_of_none_shown(
    tmp_path: Path,
) -> None:
    last = f"K{HELD}"
    over = f"briefs:\n  delays.K0: {{en: All in time.}}\n  delays.{last}: {{en: Kept too.}}\n"
    review = review_with(tmp_path, front=over)
    c = Chapter(review, "delays", N_("Delays"))
    for place in range(HELD + 1):
        c.strength(f"K{place}", N_("Kept."), brief=Brief(N_("Kept, by rule."), topic=f"K{place}"))
    words = text_of(html(summary(review, [c.section()]), "en"))

    assert f"Kept too. On a finding that this page does not show: delays.{last}" in words
    assert words.count("On a finding") == 1


def test_notes_change_nothing_of_what_is_computed(tmp_path: Path) -> None:
    review = review_with(tmp_path, front=OVER, delays_en="Heard.", front_fr="Entendu.")
    bare = review_of(dataclasses.replace(review.engagement, notes=type(review.engagement.notes)()))

    def without(section: Section) -> Section:
        findings = tuple(
            dataclasses.replace(one, brief=one.brief and dataclasses.replace(one.brief, note=None))
            for one in section.findings
        )
        return dataclasses.replace(section, findings=findings, note=None)

    assert without(delays(review)) == delays(bare)
    noted = summary(review, [without(delays(review))])
    assert noted.front is not None
    plain = dataclasses.replace(noted.front, verdict=None, unplaced=())
    assert dataclasses.replace(noted, note=None, front=plain) == summary(bare, [delays(bare)])


def test_the_notes_reach_the_page_through_the_notebook_as_they_are(tmp_path: Path) -> None:
    review = review_with(tmp_path, front=OVER, delays_en="Heard.", front_fr="Entendu.")

    for section in (delays(review), summary(review, [delays(review)])):
        assert decoded(encoded(section)) == section
