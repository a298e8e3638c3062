"""What bash is offered where a value holds spaces or what else means something to it."""

from __future__ import annotations

import os
import re

from click.shell_completion import BashComplete, CompletionItem

MEANS_SOMETHING = re.compile(r"([^\w.,:/@%+=-])")


class Bash(BashComplete):
    """Completes for bash, which takes what it is offered as it is: zsh and fish escape it themselves."""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a completion escaped for the line, and its escapes for the `read` of click's script."""
        escaped = item.value if is_quoted() else MEANS_SOMETHING.sub(r"\\\1", item.value)
        doubled = escaped.replace("\\", "\\\\")
        return f"{item.type},{doubled}"


def is_quoted() -> bool:
    """Return whether the word that is completed began with a quote, after which bash needs no escapes.

    Click's script parts the words by line ends, as it sets IFS.
    """
    words = os.environ["COMP_WORDS"].split("\n")
    at = int(os.environ["COMP_CWORD"])
    return at < len(words) and words[at].startswith(("'", '"'))
