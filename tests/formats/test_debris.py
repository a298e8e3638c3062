"""Debris of site generators in Markdown: template tags, undefined references, and false headings."""

from __future__ import annotations

from indexer.formats.markdown import read_markdown


def texts(markdown: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_markdown(markdown, "a.md").blocks]


def test_shortcodes_are_removed() -> None:
    assert texts('{{ youtube_player(video_id="abc") }}\n\nText.\n') == [("paragraph", "Text.")]


def test_the_text_in_a_template_tag_is_kept_without_the_tag() -> None:
    values = '  q0="What is a signet?"\n  a0="A central\n      network for tests."\n  link="https://e.org"\n'
    [(kind, text)] = texts(f"{{% include list.md\n{values}%}}\n")
    assert (kind, text) == ("paragraph", "What is a signet? A central network for tests.")


def test_a_tag_without_an_end_stays_and_the_next_one_goes() -> None:
    assert texts("Some {% a and {% b %}words.\n") == [("paragraph", "Some {% a and words.")]


def test_a_reference_without_a_target_may_precede_a_colon() -> None:
    assert texts("- [Core #13799][]: prior to it\n\n[a]: https://e.org\n") == [("bullet", "Core #13799: prior to it")]


def test_a_number_at_the_beginning_of_a_wrapped_line_is_not_a_heading() -> None:
    text = "The central part (see patch\n#2) looks sensible, as\n#core says.\n\n## News\n"
    assert texts(text) == [
        ("paragraph", "The central part (see patch #2) looks sensible, as #core says."),
        ("heading", "News"),
    ]


def test_a_number_at_the_beginning_of_a_bullet_is_not_a_heading() -> None:
    text = (
        "## Merged\n\n* #4 Fix it\n* #tag it\n    - #5 Do not\n\n1. #6 Again\n\n> #7 is said\n\n## Next\n\n- # Real\n"
    )
    assert texts(text) == [
        ("heading", "Merged"),
        ("bullet", "#4 Fix it"),
        ("bullet", "#tag it"),
        ("bullet", "#5 Do not"),
        ("bullet", "#6 Again"),
        ("quote", "#7 is said"),
        ("heading", "Next"),
        ("heading", "Real"),
    ]


def test_markdown_that_can_be_folded_is_read() -> None:
    text = "<details>\n<summary>All changes</summary>\n\n* #4 Fix it\n* Do not\n\n</details>\n\n`<details>` is a tag.\n"
    assert texts(text) == [
        ("paragraph", "All changes"),
        ("bullet", "#4 Fix it"),
        ("bullet", "Do not"),
        ("paragraph", "<details> is a tag."),
    ]


def test_number_signs_in_code_stay() -> None:
    assert texts("Code:\n\n```c\nint i;\n#include <a.h>\n```\n")[1] == ("code", "int i;\n#include <a.h>")


def test_the_text_after_a_frame_whose_start_tag_is_not_closed_stays() -> None:
    text = '<iframe\n  src="https://example.org/v"\n  allowfullscreen\n</iframe>\n\nText.\n\n### Next\n'
    assert texts(text) == [("paragraph", "Text."), ("heading", "Next")]
