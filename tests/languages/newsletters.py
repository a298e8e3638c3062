"""Newsletters in French and German, and an archive of both beside one in English."""

from __future__ import annotations

from pathlib import Path

from indexer.build.builder import build
from indexer.sources.archive import Archive
from tests.other_fields import GARDEN, GARDEN_TABLE, put

FRENCH = """---
title: "Lettre du potager, numéro {number} du {day}"
---

## À lire

- [Récolter l'eau de pluie pour l'arrosage des semis](https://example.fr/pluie/{number}) : les mesures de plusieurs \
jardiniers, et ce qu'il faut savoir de la pression dans les tuyaux. Ils ont relevé les niveaux pendant une année.
- [Les oiseaux et les noyaux des fruits](https://example.fr/noyaux/{number}), par Chloé Lefèvre. On y apprend pourquoi \
les merles ne mangent pas toutes les cerises, et comment les protéger sans filet.
"""
GERMAN = """---
title: "Gartenbrief, Ausgabe {number} vom {day}"
---

## Lesenswert

- [Größere Bäume richtig schneiden](https://example.de/baum/{number}): eine Anleitung für den Winter, mit Bildern von \
den Häusern und Gärten, in denen die Bäume stehen. Wer sie im Sommer schneidet, schadet ihnen nicht.
- [Werkzeuge für den Boden](https://example.de/boden/{number}), von Jörg Müller. Es geht um Spaten und Hacken, und \
darum, was man nicht braucht, wenn der Boden gut ist.
"""
FRENCH_DAYS = ("1er décembre 2020", "4 janvier 2021", "2 février 2021")
GERMAN_DAYS = ("1. Dezember 2020", "5. Januar 2021", "3. März 2021")
NUMBERED = "files = ['^(?P<number>\\d+)']\n"


def french_issues() -> dict[str, str]:
    return {f"{n}.md": FRENCH.format(number=n, day=day) for n, day in enumerate(FRENCH_DAYS, 1)}


def german_issues() -> dict[str, str]:
    return {f"{n}.md": GERMAN.format(number=n, day=day) for n, day in enumerate(GERMAN_DAYS, 1)}


def mixed(folder: Path, french: str = "fr", german: str = "de") -> Archive:
    """Return an index of newsletters in French, German and English."""
    own, data = folder / "archive", folder / "data"
    put(own, "potager", f'name = "Lettre du potager"\nlanguage = "{french}"\n' + NUMBERED, french_issues())
    put(own, "gartenbrief", f'name = "Gartenbrief"\nlanguage = "{german}"\n' + NUMBERED, german_issues())
    put(own, "garden-notes", GARDEN_TABLE.replace("garden-", ""), {f"{n}.md": GARDEN.format(number=n) for n in (1, 2)})
    return built(own, data)


def built(own: Path, data: Path) -> Archive:
    archive = Archive(own, data)
    build(archive)
    return archive
