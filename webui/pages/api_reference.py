"""The page of the API, generated from its OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from urllib.parse import quote, urlencode

from flask import Blueprint, current_app, render_template
from flask_openapi3.openapi import OpenAPI

from indexer.query.query import Query
from indexer.views.examples import NONE
from webui.api.description import described
from webui.http.absolute import absolute
from webui.pages.head import page_head

PAGE = "/api"
PLACE = re.compile(r"\{(?P<name>\w+)\}")

reference = Blueprint("reference", __name__)


class Word(NamedTuple):
    """A word of a type, or the name of a schema on the page."""

    text: str
    schema: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or key: its type, default and description."""

    name: str
    words: tuple[Word, ...]
    default: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The type of an answer by its status."""

    status: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """A path of the API: its parameters, answers and an example."""

    name: str
    path: str
    summary: str
    text: str
    parameters: tuple[Field, ...]
    answers: tuple[Answer, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Schema:
    """An object in answers."""

    name: str
    text: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Operations with a common tag."""

    name: str
    text: str
    operations: tuple[Operation, ...]


@reference.get(PAGE)
def page() -> str:
    """Show the API: its paths, parameters, answers, and examples that run."""
    document = described(cast("OpenAPI", current_app))
    head = page_head("API", "The paths, parameters and answers of the API, with examples that run", PAGE)
    return render_template(
        "api.html", groups=groups(document), schemas=tuple(schemas(document)), about=document["info"],
        absolute=absolute, query=Query(), head=head,
    )  # fmt: skip


def groups(document: Mapping[str, Any]) -> list[Group]:
    """Return the operations of a document, grouped by tag."""
    made = [(path["get"]["tags"][0], operation(name, path["get"])) for name, path in document["paths"].items()]
    return [
        Group(tag["name"], tag["description"], tuple(each for name, each in made if name == tag["name"]))
        for tag in document["tags"]
    ]


def operation(path: str, spec: Mapping[str, Any]) -> Operation:
    """Return the operation of a path."""
    return Operation(
        name=spec["operationId"],
        path=path,
        summary=spec["summary"],
        text=spec["description"],
        parameters=tuple(parameter(each) for each in spec["parameters"]),
        answers=tuple(answer(status, each) for status, each in sorted(spec["responses"].items())),
        example=example(path, spec["parameters"]),
    )


def parameter(spec: Mapping[str, Any]) -> Field:
    return field(spec["name"], spec["schema"], place=spec["in"])


def field(name: str, schema: Mapping[str, Any], place: str = "") -> Field:
    default = schema.get("default")
    shown = "" if default in (None, "", []) else str(default).lower() if isinstance(default, bool) else str(default)
    return Field(name, tuple(words(schema)), shown, schema.get("description", ""), place)


def answer(status: str, spec: Mapping[str, Any]) -> Answer:
    [content] = spec["content"].values()
    return Answer(status, tuple(words(content["schema"])))


def example(path: str, parameters: list[Mapping[str, Any]]) -> str:
    """Return an example URL of a path, from the examples of its parameters; "" if the archive has none."""
    given = {each["name"]: each["example"] for each in parameters if "example" in each}
    if any(given[name] == NONE for name in PLACE.findall(path)):
        return ""
    filled = PLACE.sub(lambda match: quote(str(given[match["name"]])), path)
    args = {each["name"]: given[each["name"]] for each in parameters if each["in"] == "query" and each["name"] in given}
    return f"{filled}?{urlencode(args, doseq=True)}" if args else filled


def schemas(document: Mapping[str, Any]) -> Iterator[Schema]:
    """Yield the objects in answers, sorted by name."""
    for name, spec in sorted(document["components"]["schemas"].items()):
        if "properties" in spec:
            keys = tuple(field(key, each) for key, each in spec["properties"].items())
            yield Schema(name, spec.get("description", ""), keys)


def words(schema: Mapping[str, Any]) -> Iterator[Word]:
    """Yield the words of a type: "array of Hit", "string or null", "integer from 1 to 100"."""
    if "$ref" in schema:
        yield Word(schema["$ref"].rpartition("/")[2], schema=True)
    elif "anyOf" in schema:
        for number, choice in enumerate(schema["anyOf"]):
            yield from [Word("or")] if number else []
            yield from words(choice)
    elif "enum" in schema:
        yield Word(f"one of {', '.join(str(value) or 'nothing' for value in schema['enum'])}")
    elif schema.get("type") == "array":
        yield Word("array of")
        yield from words(schema["items"])
    elif isinstance(schema.get("additionalProperties"), Mapping):
        yield Word("object of")
        yield from words(schema["additionalProperties"])
    else:
        yield Word(f"{schema.get('type', 'anything')}{bounds(schema)}")


def bounds(schema: Mapping[str, Any]) -> str:
    """Return the bounds of a value in words."""
    if "maxLength" in schema:
        return f" of up to {schema['maxLength']} characters"
    if "maximum" in schema:
        return f" from {schema['minimum']:g} to {schema['maximum']:g}"
    return ""
