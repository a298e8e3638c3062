"""Completion for bash with values that contain spaces or other special characters."""

from __future__ import annotations

import os
import re

from click.shell_completion import BashComplete, CompletionItem

MEANS_SOMETHING = re.compile(r"([^\w.,:/@%+=-])")


class Bash(BashComplete):
    """Completion for bash. Unlike zsh and fish, bash does not escape completions itself."""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a completion, escaped once for the command line and again for the `read` in click's script."""
        escaped = item.value if is_quoted() else MEANS_SOMETHING.sub(r"\\\1", item.value)
        doubled = escaped.replace("\\", "\\\\")
        return f"{item.type},{doubled}"


def is_quoted() -> bool:
    """Return whether the completed word begins with a quotation mark, after which bash needs no escapes.

    Click's script separates the words by line breaks.
    """
    words = os.environ["COMP_WORDS"].split("\n")
    at = int(os.environ["COMP_CWORD"])
    return at < len(words) and words[at].startswith(("'", '"'))
