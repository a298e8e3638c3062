"""The app for any WSGI server, as `webui.wsgi:app`; the BACKISSUE_ variables of `backissue serve` configure it.

The index must have been built: a WSGI server starts several workers, and none of them builds it.
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
