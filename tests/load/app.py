"""The app for servers other than our own."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from webui.app import create_app


def app() -> Flask:
    """Return the app over the index that the environment names, opened."""
    made = create_app(Path(os.environ["BACKISSUE_DATA"]))
    made.test_client().get("/")
    return made
