"""The languages that newsletters can be written in: their months, and the words of questions about issues and dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

ENGLISH = "en"
TAG = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")  # such as de, or pt-BR


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a language, in lower case and, except those for an issue, without accents.

    `months` are the names of each month, separated by slashes. `period` are the words before a month or year, `year`
    words for a year, `issue` for an issue, `latest` and `first` those that say which, `number` those before its number.
    `question` are words of questions that are not stop words. `elided` are words written together with the next one,
    before an apostrophe.
    """

    name: str
    months: str
    period: str = ""
    year: str = ""
    issue: str = ""
    latest: str = ""
    first: str = ""
    number: str = ""
    question: str = ""
    elided: str = ""


# Names of months: Unicode CLDR, wide and abbreviated, and "maerz", which is typed for "März".
LANGUAGES = {
    "en": Language(
        "English",
        months="january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept "
        "october/oct november/nov december/dec",
        period="in from of during since until",
        year="year",
        issue="issue edition newsletter",
        latest="latest newest last recent",
        first="first oldest earliest",
        number="number no nr num",
    ),
    "de": Language(
        "German",
        months="januar/jan/janner februar/feb/feber marz/maerz april/apr mai juni/jun juli/jul august/aug "
        "september/sep/sept oktober/okt november/nov dezember/dez",
        period="im in vom von aus seit ab bis",
        year="jahr jahre",
        issue="ausgabe heft nummer newsletter",
        latest="neueste neuesten neuste letzte letzten aktuelle aktuellen jungste",
        first="erste ersten alteste",
        number="nummer nr",
        question="wie was wann warum wer weshalb wieso wo wofur wozu gibt geht macht bitte",
    ),
    "fr": Language(
        "French",
        months="janvier/janv fevrier/fevr mars avril/avr mai juin juillet/juil aout septembre/sept octobre/oct "
        "novembre/nov decembre/dec",
        period="en de du depuis dans",
        year="annee an",
        issue="numéro édition lettre",
        latest="dernier derniere recent recente",
        first="premier premiere",
        number="numero no nr",
        question="combien comment ou pourquoi quand quel quelle quelles quels quoi est-ce qu'est-ce c'est y a-t-il",
        elided="c d j jusqu l lorsqu m n puisqu qu quoiqu s t",
    ),
    "es": Language(
        "Spanish",
        months="enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
        period="en de del desde",
        year="ano",
        issue="número edición boletín",
        latest="ultimo ultima reciente",
        first="primer primera primero",
        number="numero num no nr",
        question="como cual cuales cuando cuanto donde por que quien",
    ),
    "it": Language(
        "Italian",
        months="gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        period="in di del dal nel",
        year="anno",
        issue="numero edizione",
        latest="ultimo ultima recente",
        first="primo prima",
        number="numero num n nr",
        question="che chi come cosa dove perche quale quali quando quanto",
        elided="all coll c d dall dell l m n nell s sull t un",
    ),
    "nl": Language(
        "Dutch",
        months="januari februari maart april mei juni juli augustus september oktober november december",
        period="in van uit sinds vanaf",
        year="jaar",
        issue="nummer editie uitgave nieuwsbrief",
        latest="laatste nieuwste recente",
        first="eerste oudste",
        number="nummer nr",
        question="hoe waar waarom wanneer welk welke wie",
    ),
    "pt": Language(
        "Portuguese",
        months="janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
        period="em de do desde",
        year="ano",
        issue="número edição boletim",
        latest="ultimo ultima recente",
        first="primeiro primeira",
        number="numero num n nr",
        question="como onde porque qual quais quando quanto quem",
    ),
}


def language_in(tag: str) -> str:
    """Return the language of a tag, such as "fr" for fr-CA. Texts in a language without a table are read as English."""
    primary = tag.partition("-")[0]
    return primary if primary in LANGUAGES else ENGLISH


def as_tag(said: object) -> str:
    """Return a tag as written in front matter or on a page, such as "fr-CA" for fr_CA; "" if it is not one."""
    primary, *others = (said.strip() if isinstance(said, str) else "").replace("_", "-").split("-")
    tag = "-".join((primary.lower(), *others))
    return tag if TAG.match(tag) else ""


def plain(word: str) -> str:
    """Return a word in lower case and without accents."""
    return "".join(each for each in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(each))


def months_of(languages: Iterable[str]) -> dict[str, int]:
    """Return the numbers of the months by their names in some languages."""
    named = (LANGUAGES[language].months.split() for language in languages)
    return {name: number for months in named for number, names in enumerate(months, 1) for name in names.split("/")}


@cache
def every_month() -> dict[str, int]:
    """Return the numbers of the months by their names in all languages."""
    return months_of(LANGUAGES)


def words_of(languages: Iterable[str], use: str) -> tuple[str, ...]:
    """Return the words of some languages that have a use: "period", "year", "issue", "latest" ..."""
    return tuple(word for language in languages for word in getattr(LANGUAGES[language], use).split())


def small_words(language: str) -> Iterator[str]:
    """Yield the stop words and the question words of a language, with their accents and without."""
    for word in (*stop_words(language), *LANGUAGES[language].question.split()):
        yield word
        yield plain(word)


def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, or none if they are not known."""
    from whoosh.lang.stopwords import stoplists

    return frozenset(stoplists.get(language, ()))


def recognisable_languages() -> tuple[str, ...]:
    """Return the languages that a text can be recognised as."""
    from whoosh.lang.stopwords import stoplists

    return tuple(stoplists)


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """Return the function that stems a word of a language."""
    from whoosh.lang import porter2, stemmer_for_language

    # This variant of Porter's, which Snowball calls English, does not conflate "generate" and "generic".
    made: Callable[[str], str] = porter2.stem if language == ENGLISH else stemmer_for_language(language)
    return made
