"""What every part of the API shares: where it is, what it takes, and what its errors are."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, model_validator

PREFIX = "/api/v1"


class Args(BaseModel):
    """The parameters of an address; an empty one is none, as a form sends it."""

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the schema; the plain one is made once, since what reads the parameters of a request asks for it."""
        return super().model_json_schema(*args, **options) if args or options else plain_schema(cls)

    @model_validator(mode="before")
    @classmethod
    def without_blanks(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Leave out what was sent without a value."""
        return {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}


@cache
def plain_schema(model: type[BaseModel]) -> dict[str, Any]:
    return BaseModel.model_json_schema.__func__(model)  # type: ignore[attr-defined, no-any-return]


class Problem(BaseModel):
    """A problem as RFC 9457 describes one."""

    type: str = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is wrong, in a sentence.")


class Unknown(Problem):
    """A problem of something that is not known."""

    nearest: list[str] = Field(description="What is known and written nearly so, the nearest first.")


api = APIBlueprint("api", __name__, url_prefix=PREFIX, operation_id_callback=lambda *, name, **_: name)
SEARCHING = Tag(name="search", description="Find entries")
RESOURCES = Tag(name="resources", description="What there is, each at an address of its own")
TAGS = (SEARCHING, RESOURCES)


def searching(model: type[BaseModel]) -> dict[str, Any]:
    """Return how a search answers."""
    return {"tags": [SEARCHING], "responses": {200: model, 400: Problem, 503: Problem}}


def listing(model: type[BaseModel]) -> dict[str, Any]:
    """Return how a list answers that is always there."""
    return {"tags": [RESOURCES], "responses": {200: model, 400: Problem, 503: Problem}}


def resource(model: type[BaseModel]) -> dict[str, Any]:
    """Return how a thing answers that may not be known."""
    return {"tags": [RESOURCES], "responses": {200: model, 400: Problem, 404: Unknown, 503: Problem}}
