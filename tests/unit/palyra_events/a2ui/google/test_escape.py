from __future__ import annotations

import pytest

from palyra_events.a2ui.google.escape import escaped, rewritten


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("plain. words, (and) more", "plain. words, (and) more"),
        ("[x](http://evil.example)", r"\[x\](http://evil.example)"),
        ("# no heading", r"\# no heading"),
        ("1. no list\n- nor\n    code", "1\\. no list\n\\- nor\ncode"),
        ("a*b_c`d<e>&amp;", r"a\*b\_c\`d\<e\>\&amp;"),
        ("C# and 3-4", "C# and 3-4"),
    ],
)
def test_plain_text_stays_plain(text, made):
    """What has a meaning in Markdown loses it, and the rest stays readable."""
    assert escaped(text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("# Hi\nthere", "# Hi\n\nthere"),
        ("- a\n* b\n1. c\n7. d", "- a\n- b\n\n1. c\n2. d"),
        ("**s** *e* `c*`", "**s** *e* `c*`"),
        ("[a](HTTPS://Example.com/x(y)", "[a](https://example.com/x%28y)"),
        ("[a](javascript:x)", "a"),
        ("![a](https://evil.example/t.png)", r"\![a](https://evil.example/t.png)"),
        ("<b>", r"\<b\>"),
    ],
)
def test_markdown_is_written_anew(text, made):
    """Only what documents know is left, and links only where they may lead."""
    assert rewritten(text) == made
