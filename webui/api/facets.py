"""The part of the API's description that depends on the archive: filters, version facets and examples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.catalog.about import About
from indexer.catalog.facets import Facet
from indexer.catalog.profiles import VersionsAbout

Described = dict[str, Any]
# Placeholders in the models that stand for a version facet: model names, keys, and a part of URLs.
MARKS = ("FacetVersion", "FacetEntryVersion", "facet_url", "facet_versions", "facet_list", "{plural}")


def declared(document: Described, about: About, things: Mapping[str, str]) -> None:
    """Add the filters, version facets and examples of an archive to a description.

    `things` are names in the archive for the examples, by placeholder.
    """
    facets = list(about.versions.values())
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {
        name: schema for key, held in schemas.items() for name, schema in of_schema(key, held, facets)
    }
    document["paths"] = {
        path: spec for key, held in document["paths"].items() for path, spec in of_path(key, held, facets)
        if about.patches or "/series" not in path
    }  # fmt: skip
    for path, spec in document["paths"].items():
        if path.endswith("/search"):
            spec["get"]["parameters"] += [parameter(facet, about) for facet in about.facets]
        for each in spec["get"]["parameters"]:
            with_example(each, things)
            if each["name"] == "sort":
                each["schema"]["enum"] = list(about.fields.sorts)


def of_schema(name: str, schema: Described, facets: list[VersionsAbout]) -> Iterator[tuple[str, Described]]:
    """Yield a schema, or one for each version facet if it describes a version facet."""
    if name.startswith("Facet"):
        yield from ((renamed(name, facet), json.loads(renamed(json.dumps(schema), facet))) for facet in facets)
        return
    if any(mark in json.dumps(schema) for mark in MARKS):
        schema = schema | {"properties": dict(of_properties(schema["properties"], facets))}
        required = [each for each in schema.get("required", ()) if each in schema["properties"]]
        named = [renamed(each, facets[0]) for each in schema.get("required", ()) if len(facets) == 1]
        schema["required"] = list(dict.fromkeys((*required, *(each for each in named if each in schema["properties"]))))
    yield name, schema


def of_properties(properties: Described, facets: list[VersionsAbout]) -> Iterator[tuple[str, Described]]:
    """Yield the keys of an object with their schemas. Keys of a version facet are repeated for each facet."""
    for name, schema in properties.items():
        if any(mark in name or mark in json.dumps(schema) for mark in MARKS):
            yield from ((renamed(name, facet), json.loads(renamed(json.dumps(schema), facet))) for facet in facets)
        else:
            yield name, schema


def of_path(path: str, spec: Described, facets: list[VersionsAbout]) -> Iterator[tuple[str, Described]]:
    """Yield a path, or one for each version facet if it is a path of a version facet."""
    if "{plural}" not in path:
        yield path, spec
        return
    for facet in facets:
        made = json.loads(renamed(json.dumps(spec), facet))
        get = made["get"]
        get["parameters"] = [each for each in get["parameters"] if each["name"] != "plural"]
        get["operationId"] = (
            get["operationId"].replace("all_versions", f"all_{facet.plural}").replace("one_version", facet.id)
        )
        yield path.replace("{plural}", facet.plural), made


def renamed(text: str, facet: VersionsAbout) -> str:
    """Return a text with the names of a version facet in place of the placeholders."""
    name = facet.id.capitalize()
    names = {
        "FacetVersionsAnswer": f"{facet.plural.capitalize()}{'List' * (facet.plural == facet.id)}Answer",
        "FacetVersionAnswer": f"{name}Answer",
        "FacetEntryVersion": f"{name}Version",
        "FacetVersion": name,
        "facet_versions": facet.id,
        "facet_list": facet.plural,
        "facet_url": f"{facet.id}_url",
        "Facet Versions": name,
        "Facet List": facet.plural.capitalize(),
        "Facet Url": f"{name} Url",
        "{facet}": "{" + facet.id + "}",
    }
    for mark, own in names.items():
        text = text.replace(mark, own)
    return text


def parameter(facet: Facet, about: About) -> Described:
    """Return the description of a filter."""
    versions = about.versions.get(facet.name)
    example = {"example": [versions.examples[0]]} if versions and versions.examples else {}
    schema = {"type": "array", "items": {"type": "string"}, "default": [], "title": facet.label}
    text = f"Only entries {facet.help}."
    return {
        "name": facet.name, "in": "query", "required": False, "description": text, "allowEmptyValue": True,
        "schema": schema | {"description": text} | example, **example,
    }  # fmt: skip


def with_example(parameter: Described, things: Mapping[str, str]) -> None:
    """Set the example of a parameter to a name in the archive."""
    for held in (parameter, parameter["schema"]):
        mark = held.get("example")
        if isinstance(mark, str) and mark.startswith("{"):
            held["example"] = things.get(mark.strip("{}"), "none")
