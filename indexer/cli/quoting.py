"""Completion for bash: values with special characters, and words that bash divides at colons."""

from __future__ import annotations

import os
import re

from click.shell_completion import BashComplete, CompletionItem, split_arg_string

from indexer.errors import BackissueError

MEANS_SOMETHING = re.compile(r"([^\w.,:/@%+=-])")
BREAKS = (":", "=")  # signs at which bash divides words: "topic:types", "--kind=talk"

REQUEST = "_BACKISSUE_COMPLETE"  # the variable by which click is asked for completions
PLACE = re.compile(r"^[0-9]{1,6}$")  # of the word to complete; fish sets the word itself


class BadCompletion(BackissueError):
    """Completion was requested in another way than by the script of a shell."""


class Bash(BashComplete):
    """Completion for bash. Unlike zsh and fish, bash does not escape completions itself."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one to complete, and its beginning."""
        *before, last = joined(typed_words())
        return split_arg_string(" ".join(before))[1:], next(iter(split_arg_string(last)), "")

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a completion, escaped once for the command line and again for the `read` in click's script.

        Bash replaces only what follows the last colon.
        """
        words = typed_words()
        last = joined(words)[-1]
        begun = last if words[-1] in BREAKS else last.removesuffix(words[-1])
        value = item.value.removeprefix(begun) if begun else item.value
        escaped = value if words[-1].startswith(("'", '"')) else MEANS_SOMETHING.sub(r"\\\1", value)
        doubled = escaped.replace("\\", "\\\\")
        return f"{item.type},{doubled}"


def check_completion() -> None:
    """Raise `BadCompletion` if completion is requested without the variables that the script of the shell sets."""
    instruction = os.environ.get(REQUEST, "")
    if not instruction.endswith("_complete"):
        return
    at = os.environ.get("COMP_CWORD")
    is_valid = at is not None if instruction.startswith("fish") else PLACE.match(at or "")
    if not is_valid or not os.environ.get("COMP_WORDS"):
        raise BadCompletion(
            f"{REQUEST}={instruction} needs COMP_WORDS and COMP_CWORD, which the completion script of the shell sets. "
            f"{REQUEST}={instruction.replace('_complete', '_source')} prints this script."
        )


def typed_words() -> list[str]:
    """Return the words of the command line up to the one to complete; click's script separates them by line breaks."""
    typed = os.environ["COMP_WORDS"]
    words = typed.split("\n" if "\n" in typed else " ")
    at = int(os.environ["COMP_CWORD"])
    return [*words[:at], words[at] if at < len(words) else ""]


def joined(words: list[str]) -> list[str]:
    """Return the words as typed, with those joined that bash divided."""
    whole: list[str] = []
    for i, word in enumerate(words):
        divided = word in BREAKS or (i > 0 and words[i - 1] in BREAKS)
        if divided and i > 1 and whole:
            whole[-1] += word
        else:
            whole.append(word)
    return whole
