"""Write the HTML of a text in reStructuredText without reading any file that the text names."""

from __future__ import annotations

from typing import Any

from docutils.writers import html5_polyglot


class Translator(html5_polyglot.HTMLTranslator):  # type: ignore[misc]  # docutils has no types
    """docutils' translator, but it never embeds images, because it would read any file, device or FIFO."""

    def visit_image(self, node: Any) -> None:
        """Refer to an image, whatever its `:loading:` says."""
        node["loading"] = "link"
        super().visit_image(node)


class Writer(html5_polyglot.Writer):  # type: ignore[misc]
    """docutils' writer of HTML with this translator."""

    def __init__(self) -> None:
        super().__init__()
        self.translator_class = Translator
