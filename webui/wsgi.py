"""The app for any WSGI server: `webui.wsgi:app`. It has the same BACKISSUE_ variables as `backissue serve`.

It does not build the index, because a WSGI server starts several workers. Run `backissue index` first.
"""

from __future__ import annotations

import os
from pathlib import Path

from indexer.engines.opensearch.connection import place_of
from indexer.sources.folders import default_data
from webui.worker import worker

urls = os.environ.get("BACKISSUE_ENGINE_URL")
app = worker(
    place_of(urls) if urls else Path(os.environ.get("BACKISSUE_DATA") or default_data()),
    os.environ.get("BACKISSUE_BASE_URL", ""),
    os.environ.get("BACKISSUE_REPORT_URL", ""),
)
