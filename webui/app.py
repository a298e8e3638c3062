"""Create the web app from the pages and the API, with its error handlers."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify
from flask.templating import Environment
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from indexer import __version__
from indexer.catalog.about import NOTHING, About, NewsletterAbout
from indexer.catalog.protocol import total
from indexer.engines.origins import Where
from indexer.errors import BackissueError, BadQuery, EngineUnreachable, IndexMissing, NotFound
from indexer.model import OF_SERIES
from webui.api import PREFIX, Problem, api
from webui.api.description import described
from webui.feeds.crawlers import crawlers
from webui.feeds.opensearch import opensearch
from webui.feeds.syndication import feeds
from webui.http import absolute, caching, headers, names, plain, repeating, static_files
from webui.http.errors import no_page, problem
from webui.live import Served, catalog
from webui.pages import fragments, reporting, wording
from webui.pages.api_reference import reference
from webui.pages.blueprints import BLUEPRINTS
from webui.pages.navigation import lists, navigation

NO_INDEX = "There is no usable index. Run backissue index on the server."
NO_ANSWER = "The search engine does not answer at the moment. Please try again in a minute."
LONGEST_VALUE = 20  # characters of an invalid value that are repeated
# What to do about an invalid parameter, by the type of the error (docs.pydantic.dev, validation errors).
ADVICE = {
    "greater_than_equal": "Use a number of {ge} or more.",
    "less_than_equal": "Use a number of {le} or less.",
    "int_parsing": "Use a whole number.",
    "int_parsing_size": "Use a whole number.",
    "bool_parsing": "Use true or false.",
    "string_too_long": "Use at most {max_length} characters.",
}
STATUS = {NotFound: 404, BadQuery: 400, IndexMissing: 503}


def create_app(where: Where, base_url: str = "", report_url: str = "") -> OpenAPI:
    """Return the app for an index in a data folder or a cluster, which is opened by the first request.

    `base_url` begins absolute URLs, "" for the host of the request; raises `BadBase`. `report_url` is where readers
    can report mistakes, or ""; raises `BadReportUrl`.
    """
    app = OpenAPI(
        "webui",
        info=Info(title="backissue", version=__version__, description="Search the back issues of a newsletter."),
        doc_ui=False,
        validation_error_status=400,
        validation_error_model=Problem,
        validation_error_callback=invalid,
        static_folder=None,
    )
    app.debug = False  # Flask would take it from the environment
    app.extensions["backissue"] = Served(where, partial(repeating.make_ahead, app))
    app.config["BASE_URL"] = base_url and absolute.checked(base_url)
    app.config["ABSOLUTE"] = None
    app.config["REPORT_URL"] = report_url and reporting.checked(report_url)
    prepare_templates(app)
    fragments.register(app)
    names.register(app)
    for blueprint in (*BLUEPRINTS, feeds, opensearch, crawlers, reference):
        app.register_blueprint(blueprint)
    app.register_api(api)
    app.get(f"{PREFIX}/openapi.json", doc_ui=False)(lambda: jsonify(described(app)))
    app.get("/healthz", doc_ui=False)(health)
    app.register_error_handler(BackissueError, ours)
    app.register_error_handler(HTTPException, http_error)
    plain.register(app)
    repeating.register(app)
    headers.register(app)
    static_files.register(app)
    caching.register(app)
    return app


class Templates(Environment):
    """The environment of templates. Most attributes that they read are keys of records, so these come first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the item of a dict if it has the key, or else as Jinja does."""
        return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)


def prepare_templates(app: Flask) -> None:
    """Add the functions that templates use."""
    app.jinja_environment = Templates
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        OF_SERIES=OF_SERIES,
        report_url=app.config["REPORT_URL"],
        exported=False,
        shown_newsletters=newsletters,
        archive_about=about,
        navigation=navigation,
        lists=lists,
        retold=retold,
        **{function.__name__: function for function in wording.FOR_TEMPLATES},
    )


def about() -> About:
    """Return the description of the archive; an empty one without an index."""
    try:
        return catalog().about
    except IndexMissing:
        return NOTHING


def newsletters() -> list[NewsletterAbout]:
    """Return the newsletters in the index; none without an index."""
    return [about().newsletter(name) for name in about().served]


def retold() -> bool:
    """Return whether any issue of the index is retold."""
    return any(issue.edition == "retold" for issue in about().issues.values())


def health() -> tuple[Response, int]:
    """Return 200 once the index is open, and while its engine answers."""
    return jsonify(status="ok", entries=total(catalog())), HTTPStatus.OK


def ours(error: BackissueError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return problem(status, str(error), error if isinstance(error, NotFound) else None)
    current_app.logger.error("%s", error)  # logged only, because it names folders of the server
    message = NO_ANSWER if isinstance(error, EngineUnreachable) else NO_INDEX
    return problem(status, message if isinstance(error, IndexMissing) else "")


def http_error(error: HTTPException) -> Response:
    unknown = no_page() if error.code == HTTPStatus.NOT_FOUND else None
    response = problem(error.code or 500, unknown.message if unknown else error.description or "", unknown)
    return with_allow(response, error)


def with_allow(response: Response, error: HTTPException) -> Response:
    methods = getattr(error, "valid_methods", None)
    if methods:
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response


def invalid(error: ValidationError) -> Response:
    """Return the error of the first invalid parameter."""
    first: Any = error.errors()[0]
    name, given = ".".join(str(part) for part in first["loc"]), str(first["input"])[:LONGEST_VALUE]
    known = ADVICE.get(first["type"])
    advice = known.format_map(first.get("ctx", {})) if known else first["msg"]
    return problem(HTTPStatus.BAD_REQUEST, f"{name}={given}: {advice}")
