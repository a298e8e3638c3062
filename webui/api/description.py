"""The OpenAPI document, generated from the models that validate requests."""

from __future__ import annotations

import copy
from http import HTTPStatus
from typing import Any

from flask_openapi3.openapi import OpenAPI

from indexer.views.examples import names_of_things
from webui.api.blueprint import TAGS
from webui.api.facets import declared
from webui.live import catalog

PROBLEM_TYPE = "application/problem+json"


def described(app: OpenAPI) -> dict[str, Any]:
    """Return the document of flask-openapi3 with the archive's facets and the media type of errors."""
    document: dict[str, Any] = copy.deepcopy(app.api_doc)
    declared(document, catalog().about, names_of_things(catalog()))
    document["components"] = {name: part for name, part in document["components"].items() if part is not None}
    document["tags"] = [{"name": tag.name, "description": tag.description} for tag in TAGS]
    for path in document["paths"].values():
        for code, answer in path["get"]["responses"].items():
            if int(code) >= HTTPStatus.BAD_REQUEST:
                answer["content"] = {PROBLEM_TYPE: answer["content"].popitem()[1]}
        for parameter in path["get"]["parameters"]:
            if parameter["in"] == "query" and not holds_blank(parameter["schema"]):
                parameter["allowEmptyValue"] = True
    return document


def holds_blank(schema: dict[str, Any]) -> bool:
    """Return whether a schema allows an empty value."""
    return schema["type"] in ("string", "array") and "enum" not in schema
