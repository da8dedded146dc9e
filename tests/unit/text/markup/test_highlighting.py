"""Code: languages, highlighting and its limits."""

import pytest

from chat.text.markup.renderer import to_html
from tests.unit.text.markup.page import Page, check_harmless


def test_code_is_highlighted():
    assert to_html('```python\ndef f():\n    return "<b>"  # 1\n```') == (
        '<pre><code><span class="k">def</span> <span class="nf">f</span>():\n    <span class="k">return</span> '
        '<span class="s">"&lt;b&gt;"</span>  <span class="c"># 1</span></code></pre>'
    )


@pytest.mark.parametrize("language", ["py", "JS", "c++", "sh", "rs", "html", "c#", "yml", "diff", "sql"])
def test_languages_have_their_usual_names(language: str):
    page = check_harmless(f"```{language}\n+ if: (x) then 'y' <b> -- 1\n```")
    assert page.text == "+ if: (x) then 'y' <b> -- 1"
    assert any(tag == "span" for tag, _ in page.tags)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```\nplain  **x**\n\n  y\n```", "plain  **x**\n\n  y"),
        ("~~~\nplain\n~~~", "plain"),
        ("```\nnever closed", "never closed"),
        ("```klingon\nqapla\n```", "klingon\nqapla"),
        ("```what is\nthis?\n```", "what is\nthis?"),
        ("```\n\n  first line empty\n```", "\n  first line empty"),
        ("````\n```\nticks\n```\n````", "```\nticks\n```"),
    ],
)
def test_code_without_language_is_plain(text: str, code: str):
    page = check_harmless(text)
    assert (page.text, [tag for tag, _ in page.tags]) == (code, ["pre", "code"])


def test_long_code_is_highlighted_at_its_start():
    code = "\n".join(f"x{number} = {number}" for number in range(330))
    html = to_html(f"```python\n{code}\n```")
    assert Page(html).text == code
    assert 50 < html.count("<span") < 600


def test_only_first_fences_are_highlighted():
    html = to_html("```python\nx = 1\n```\n" * 20)
    assert (html.count("<pre>"), html.count("<span")) == (20, 3)
