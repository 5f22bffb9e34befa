"""engagement.yml drafted from a log: what the log states, and what is left to fill in."""

from __future__ import annotations

import datetime as dt
import hashlib
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from reviewlib.languages import Language

FEW_SITES = 50

ENGLISH = """\
# Drawn from the {tool} {file}
# (SHA-256 {digest}).
# The log tells what happened to each incident, not what the contract says: fill in what is
# "not stated in the log", then run "reviewlib check" on this folder.
#
# What the import found:
{notes}
format: 1
id: {id}
title: contract (not stated in the log)  # the contract's title
language: en  # of the report: en or fr
time_zone: {zone}
# From the first opening to the last event. Write the contract's own first and last day.
period: {{first: {first}, last: {last}}}
client:
  name: client (not stated in the log)
  # contact: {{role: the role of the client's single point of contact}}
provider:
  name: provider (not stated in the log)
  # contact: {{role: the role of the provider's single point of contact}}
# The log does not tell when it was taken, so a review looks from its last event, as below.
# If you know: (a time without Z or an offset is a local time of time_zone)
# data:
#   extracted_at: {last_event}
terms:
  priorities: [{priorities}]
  # What each status means: new, open, waiting, resolved, closed or cancelled; whom a wait awaits:
  # client, provider or third_party.
{statuses}
{sites}
  # No service level is stated in the log, so none is assessed. State the contract's own; the
  # figures below only show the form.
  # calendars:
  #   office:
  #     title: Office hours
  #     week:
  #       mon: [["09:00", "18:00"]]
  #       tue: [["09:00", "18:00"]]
  #       wed: [["09:00", "18:00"]]
  #       thu: [["09:00", "18:00"]]
  #       fri: [["09:00", "18:00"]]
  # clauses:
  #   resolution:
  #     title: {{en: Time to resolve, fr: Délai de résolution}}
  #     measure: resolution
  #     calendar: office
  #     targets: {{{targets}}}
  #     threshold: 95 %
  #     stops_at: last_resolution
{pauses}
"""

FRENCH = """\
# Établi d’après {tool}, fichier {file}
# (SHA-256 {digest}).
# L’export dit ce qu’il est advenu des tickets, non ce que prévoit le contrat : complétez ce qui est
# « non indiqué dans l’export », puis lancez « reviewlib check » sur ce dossier.
#
# Ce que l’import a constaté :
{notes}
format: 1
id: {id}
title: contrat (non indiqué dans l’export)  # l’intitulé du contrat
language: fr  # du bilan : en ou fr
time_zone: {zone}
# De la première ouverture au dernier événement. Écrivez le premier et le dernier jour du contrat.
period: {{first: {first}, last: {last}}}
client:
  name: client (non indiqué dans l’export)
  # contact: {{role: fonction de l’interlocuteur unique du client}}
provider:
  name: prestataire (non indiqué dans l’export)
  # contact: {{role: fonction de l’interlocuteur unique du prestataire}}
# L’export ne dit pas quand il a été fait : le bilan se place à son dernier événement, ci-dessous.
# Si vous le savez : (une heure sans Z ni décalage est une heure locale de time_zone)
# data:
#   extracted_at: {last_event}
terms:
  priorities: [{priorities}]
  # Ce que signifie chaque statut : new, open, waiting, resolved, closed ou cancelled (nouveau,
  # ouvert, en attente, résolu, clos, annulé) ; qui est attendu : client, provider ou third_party.
{statuses}
{sites}
  # L’export n’indique aucun niveau de service : aucun n’est évalué. Écrivez ceux du contrat ; les
  # chiffres ci-dessous ne montrent que la forme.
  # calendars:
  #   office:
  #     title: Heures ouvrées
  #     week:
  #       mon: [["09:00", "18:00"]]
  #       tue: [["09:00", "18:00"]]
  #       wed: [["09:00", "18:00"]]
  #       thu: [["09:00", "18:00"]]
  #       fri: [["09:00", "18:00"]]
  # clauses:
  #   resolution:
  #     title: {{en: Time to resolve, fr: Délai de résolution}}
  #     measure: resolution
  #     calendar: office
  #     targets: {{{targets}}}
  #     threshold: 95 %
  #     stops_at: last_resolution
{pauses}
"""

SURVEY_ENGLISH = """\
# Drawn from the answers to a form ({tool}, {file},
# SHA-256 {digest}).
# Fill in what is "not stated in the form", and see whether each question is of the kind given to it
# (agreement, csat, nps, comment), then run "reviewlib check" on this folder.
#
# What the import found:
{notes}
format: 1
id: {id}
title: contract (not stated in the form)  # the contract's title
language: en  # of the report: en or fr
time_zone: {zone}
# From the first answer to the last. Write the contract's own first and last day.
period: {{first: {first}, last: {last}}}
client:
  name: client (not stated in the form)
  # contact: {{role: the role of the client's single point of contact}}
provider:
  name: provider (not stated in the form)
  # contact: {{role: the role of the provider's single point of contact}}
{survey}
"""

SURVEY_FRENCH = """\
# Établi d’après les réponses à un formulaire ({tool}, {file},
# SHA-256 {digest}).
# Complétez ce qui est « non indiqué dans le formulaire », vérifiez que chaque question est bien du
# type indiqué (agreement, csat, nps, comment : accord, satisfaction, recommandation, commentaire),
# puis lancez « reviewlib check » sur ce dossier.
#
# Ce que l’import a constaté :
{notes}
format: 1
id: {id}
title: contrat (non indiqué dans le formulaire)  # l’intitulé du contrat
language: fr  # du bilan : en ou fr
time_zone: {zone}
# De la première réponse à la dernière. Écrivez le premier et le dernier jour du contrat.
period: {{first: {first}, last: {last}}}
client:
  name: client (non indiqué dans le formulaire)
  # contact: {{role: fonction de l’interlocuteur unique du client}}
provider:
  name: prestataire (non indiqué dans le formulaire)
  # contact: {{role: fonction de l’interlocuteur unique du prestataire}}
{survey}
"""

TABLE_ENGLISH = """\
# Drawn from a table ({tool}, {file},
# SHA-256 {digest}).
# Fill in what is "not stated in the table", then run "reviewlib check" on this folder.
#
# What the import found:
{notes}
format: 1
id: {id}
title: contract (not stated in the table)  # the contract's title
language: en  # of the report: en or fr
time_zone: {zone}
# {period} Write the contract's own first and last day.
period: {{first: {first}, last: {last}}}
client:
  name: client (not stated in the table)
  # contact: {{role: the role of the client's single point of contact}}
provider:
  name: provider (not stated in the table)
  # contact: {{role: the role of the provider's single point of contact}}
"""

TABLE_FRENCH = """\
# Établi d’après une table ({tool}, {file},
# SHA-256 {digest}).
# Complétez ce qui est « non indiqué dans la table », puis lancez « reviewlib check » sur ce
# dossier.
#
# Ce que l’import a constaté :
{notes}
format: 1
id: {id}
title: contrat (non indiqué dans la table)  # l’intitulé du contrat
language: fr  # du bilan : en ou fr
time_zone: {zone}
# {period} Écrivez le premier et le dernier jour du contrat.
period: {{first: {first}, last: {last}}}
client:
  name: client (non indiqué dans la table)
  # contact: {{role: fonction de l’interlocuteur unique du client}}
provider:
  name: prestataire (non indiqué dans la table)
  # contact: {{role: fonction de l’interlocuteur unique du prestataire}}
"""

PAUSES = "  #     pauses: [{pauses}]"
UNTOLD_PAUSES = """\
  #     # Where the contract pauses the clock, state in which statuses. Only a log of status changes
  #     # (ticket_events.csv) tells these pauses: without it, a ticket over its target has no
  #     # verdict, and the clause bounds only.
  #     # pauses: [{pauses}]"""
UNTOLD_PAUSES_FRENCH = """\
  #     # Si le contrat suspend le délai, indiquez dans quels statuts. Seul un journal des statuts
  #     # (ticket_events.csv) indique ces suspensions : sans lui, un ticket hors délai n’a pas de
  #     # verdict, et la clause n’a que des bornes.
  #     # pauses: [{pauses}]"""

TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "engagement": ENGLISH,
        "survey": SURVEY_ENGLISH,
        "table": TABLE_ENGLISH,
        "dated": "From the first date of the table to its last.",
        "undated": "The table has no date: this is the year of the import.",
        "zone": "UTC  # the log does not state the zone of its times: write it here",
        "unknown": "unknown to the import: say what it means",
        "untold": UNTOLD_PAUSES,
        "no_site": "  # The log names no site.",
        "sites": "  # The log names {n} locations; none is listed, so all are accepted.",
    },
    "fr": {
        "engagement": FRENCH,
        "survey": SURVEY_FRENCH,
        "table": TABLE_FRENCH,
        "dated": "De la première date de la table à la dernière.",
        "undated": "La table n’a pas de date : c’est l’année de l’import.",
        "zone": "UTC  # l’export n’indique pas le fuseau de ses heures : écrivez-le ici",
        "unknown": "inconnu de l’import : dites ce qu’il signifie",
        "untold": UNTOLD_PAUSES_FRENCH,
        "no_site": "  # L’export ne nomme aucun site.",
        "sites": "  # L’export nomme {n} lieux ; aucun n’est listé, tous sont donc acceptés.",
    },
}
"""What a draft says, by language."""


@dataclass(frozen=True, kw_only=True)
class _FromFile:
    """What any draft tells: the tool, the zone of its times, the first and the last day.

    ``notes``: what the import found, in a sentence each.
    """

    tool: str
    time_zone: str | None
    first: dt.date
    last: dt.date
    notes: Sequence[str]
    language: Language = "en"

    def _filled(self, text: str, file: Path, **values: str) -> str:
        """Return a text with what any draft tells, the name and the hash of its file, and more."""
        return text.format(
            tool=self.tool,
            file=repr(file.name),
            digest=_digest(file),
            notes="\n".join(_comment(note) for note in self.notes),
            id=_quoted(file.stem),
            zone=self.time_zone or TEXTS[self.language]["zone"],
            first=self.first,
            last=self.last,
            **values,
        )


@dataclass(frozen=True, kw_only=True)
class Draft(_FromFile):
    """What a log states of its engagement; the first of ``priorities`` is the most urgent.

    ``statuses``: what each status means, as engagement.yml writes it; "" where that is unknown.
    ``last_event``: the moment of the last event, as the log writes it; ``waits``: the statuses that
    the clause shown would pause in, by default those that await the client. ``logged``: whether the
    log tells when statuses changed.
    """

    last_event: str
    priorities: Sequence[str]
    statuses: Mapping[str, str]
    sites: Sequence[str]
    waits: Sequence[str] = ()
    logged: bool = False

    def text(self, log: Path) -> str:
        """Return the text of engagement.yml, with the name and the hash of the log's file."""
        words = TEXTS[self.language]
        waits = [word for word, means in self.statuses.items() if "awaits: client" in means]
        return self._filled(
            words["engagement"],
            log,
            last_event=self.last_event,
            priorities=", ".join(map(_quoted, self.priorities)),
            statuses=_statuses(self.statuses, words["unknown"]),
            sites=_sites(self.sites, words),
            targets=", ".join(f"{_quoted(priority)}: 4 h" for priority in self.priorities),
            pauses=(PAUSES if self.logged else words["untold"]).format(
                pauses=", ".join(map(_quoted, self.waits or waits))
            ),
        )


@dataclass(frozen=True, kw_only=True)
class SurveyDraft(_FromFile):
    """What the answers to a form tell of an engagement; ``survey``: that part, line by line."""

    survey: Sequence[str]

    def text(self, form: Path) -> str:
        """Return the text of engagement.yml, with the name and the hash of the form's file."""
        return self._filled(TEXTS[self.language]["survey"], form, survey="\n".join(self.survey))


@dataclass(frozen=True, kw_only=True)
class TableDraft(_FromFile):
    """What any other table tells of an engagement; ``dated``: whether it tells any day."""

    dated: bool

    def text(self, table: Path) -> str:
        """Return the text of engagement.yml, with the name and the hash of the table's file."""
        words = TEXTS[self.language]
        return self._filled(
            words["table"], table, period=words["dated" if self.dated else "undated"]
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _comment(note: str) -> str:
    return textwrap.fill(note, 96, initial_indent="# - ", subsequent_indent="#   ")


def _statuses(meanings: Mapping[str, str], unknown: str) -> str:
    key = "  statuses:" if any(meanings.values()) else "  # statuses:"
    return "\n".join(
        [key, *(_status_line(word, means, unknown) for word, means in meanings.items())]
    )


def _status_line(word: str, meaning: str, unknown: str) -> str:
    if meaning:
        return f"    {_quoted(word)}: {meaning}"
    return f"    # {_quoted(word)}: {{state: }}  # {unknown}"


def _sites(sites: Sequence[str], words: Mapping[str, str]) -> str:
    if not sites:
        return words["no_site"]
    if len(sites) > FEW_SITES:
        return words["sites"].format(n=len(sites))
    return "\n".join(["  sites:", *(f"    {_quoted(s)}: {{name: {_quoted(s)}}}" for s in sites)])


def _quoted(word: str) -> str:
    """Return a word as a YAML text on one line, whatever it holds."""
    return yaml.safe_dump(word, default_style='"', allow_unicode=True, width=float("inf")).strip()
