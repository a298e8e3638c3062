"""The blueprint of the API, its parameters and its errors."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, model_validator

PREFIX = "/api/v1"


class Args(BaseModel):
    """The parameters of a URL. Empty ones are ignored, because forms send them."""

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the schema. The plain one is cached, because it is needed for each request."""
        return super().model_json_schema(*args, **options) if args or options else plain_schema(cls)

    @model_validator(mode="before")
    @classmethod
    def without_blanks(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Remove parameters without a value."""
        return {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}


@cache
def plain_schema(model: type[BaseModel]) -> dict[str, Any]:
    return BaseModel.model_json_schema.__func__(model)  # type: ignore[attr-defined, no-any-return]


class Problem(BaseModel):
    """An error, as problem details (RFC 9457)."""

    type: str = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is wrong, in a sentence.")


class Unknown(Problem):
    """An error for an unknown name."""

    nearest: list[str] = Field(description="Similar names, the most similar first.")


api = APIBlueprint("api", __name__, url_prefix=PREFIX, operation_id_callback=lambda *, name, **_: name)
SEARCHING = Tag(name="search", description="Search")
RESOURCES = Tag(name="resources", description="Resources")
TAGS = (SEARCHING, RESOURCES)


def listing(model: type[BaseModel], tag: Tag = RESOURCES) -> dict[str, Any]:
    """Return the route options of a search or a list, which always exists."""
    return {"tags": [tag], "responses": {200: model, 400: Problem, 503: Problem}}


def resource(model: type[BaseModel]) -> dict[str, Any]:
    """Return the route options of a single resource, which may not exist."""
    return {"tags": [RESOURCES], "responses": {200: model, 400: Problem, 404: Unknown, 503: Problem}}
