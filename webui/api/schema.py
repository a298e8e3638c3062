"""Models of the API's answers, made from the dataclasses of the views and the URLs added to each."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, create_model

from indexer.views.identifiers import NameAbout, NameCount
from indexer.views.issues import IssueCount
from indexer.views.people import PersonCount
from indexer.views.series import SeriesAbout, SeriesCount
from indexer.views.topics import TopicAbout, TopicCount
from indexer.views.versions import VersionAbout, VersionCount
from webui.api.paging import Paged
from webui.api.records import ADDRESSES

# Names of models that differ from the names of their dataclasses.
NAMES: Mapping[type, str] = {
    IssueCount: "Issue",
    NameAbout: "IdentifierAnswer",
    NameCount: "Identifier",
    PersonCount: "Author",
    SeriesAbout: "SeriesAnswer",
    SeriesCount: "Series",
    TopicAbout: "TopicAnswer",
    TopicCount: "Topic",
    VersionAbout: "FacetVersionAnswer",
    VersionCount: "FacetVersion",
}


@cache
def model_of(value: type) -> type[BaseModel]:
    """Return the model of a dataclass: its docstring, its fields with their descriptions, and its URLs."""
    return create_model(NAMES.get(value, value.__name__), __doc__=value.__doc__, **fields_of(value))


def paged_model(value: type) -> type[BaseModel]:
    """Return the model of a dataclass whose list has pages."""
    return create_model(NAMES.get(value, value.__name__), __base__=Paged, __doc__=value.__doc__, **fields_of(value))


def listing_of(noun: str, value: type, name: str, text: str) -> type[BaseModel]:
    """Return the model of a page of a list. Its items have the key `noun`."""
    items: dict[str, Any] = {noun: (list_of(value), ...)}
    return create_model(name, __base__=Paged, __doc__=text, **items)


def list_of(value: type) -> Any:
    """Return the type of a list of models of a dataclass."""
    return list[model_of(value)]  # type: ignore[misc]


def fields_of(value: type) -> dict[str, Any]:
    """Return the definitions of a dataclass's fields and URLs for pydantic."""
    hints = get_type_hints(value, include_extras=True)
    found = {field.name: definition(hints[field.name]) for field in fields(value)}
    addresses = ADDRESSES.get(value, {}).items()
    return found | {
        name: (str | None if each.optional else str, Field(description=each.text or None)) for name, each in addresses
    }


def definition(hint: Any) -> tuple[Any, Any]:
    """Return the type and the description of a field by its annotation, such as `Annotated[str, "A day."]`."""
    if get_origin(hint) is Annotated:
        inner, text, *_ = get_args(hint)
        return as_json(inner), Field(description=text)
    return as_json(hint), ...


def as_json(hint: Any) -> Any:
    """Return the type of a value in JSON: a model for a dataclass, a list for a tuple."""
    origin, inner = get_origin(hint), [each for each in get_args(hint) if each is not Ellipsis]
    if is_dataclass(hint):
        return model_of(hint)  # type: ignore[arg-type]
    if origin is tuple:
        return list[as_json(inner[0])]  # type: ignore[misc]
    if origin in (types.UnionType, Union):
        return Union[tuple(map(as_json, inner))]  # noqa: UP007  there may be any number
    return hint
