"""Paths, code and sums stay as typed, and markup works in scripts without spaces."""

import pytest

from chat.text.markup.renderer import mask_spoilers, to_html, to_plain
from tests.unit.text.markup.page import check_harmless


@pytest.mark.parametrize(
    "text",
    [
        "__init__.py",
        "src/__init__.py and tests/__main__.py:12",
        "super().__init__() and x.__dict__ and __call__(x) and __path__[0]",
        'if __name__ == "__main__":',
        "2*3*4",
        "a*b*c and 2**3**4 and (a*b)*(c*d)",
        "f(*args, **kwargs) and char *p, *q",
        "*.py,*.js and *.txt and **/*.md and src/**/*.js and src/**/*.ts",
        "/*x*/ and .*foo.* and a/_b_/c",
        "C:\\Users\\_me\\*.txt",
        "C:\\_me\\_you\\* and D:\\**\\*.md",
        "\\\\server\\_share\\*.txt",
        "..\\_build\\*.o and .\\*.txt and dir\\*.txt and ~\\_vimrc and %TEMP%\\_x",
        "a\\_b and 2\\*3 and \\d+\\.\\d+ and \\(x\\) and Hello\\! and \\[0-9\\] and \\\\",
        "a || b || c and a||b||c and || x|| and ||||",
    ],
)
def test_paths_code_and_sums_stay_as_typed(text: str):
    assert check_harmless(text).text == to_plain(text) == text
    assert not check_harmless(text).tags


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("これは**「太字」**です", "これは<strong>「太字」</strong>です"),
        ("这是**“重点”**吗", "这是<strong>“重点”</strong>吗"),
        ("**스크립트(script)**는", "<strong>스크립트(script)</strong>는"),
        ("请看*（注意）*。", "请看<em>（注意）</em>。"),
        ("これは~~「古い」~~です", "これは<s>「古い」</s>です"),
        ("これは*強調*です", "これは<em>強調</em>です"),
        (
            "...*sigh*... **yes**/**no**, (_so_)",
            "...<em>sigh</em>... <strong>yes</strong>/<strong>no</strong>, (<em>so</em>)",
        ),
        ("**C:\\Users\\me**", "<strong>C:\\Users\\me</strong>"),
    ],
)
def test_markup_is_found_where_it_is_meant(text: str, html: str):
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\*not italic\*", "*not italic*"),
        (r"\*\*not\*\* \_\_bold\_\_ \~~struck\~~", "**not** __bold__ ~~struck~~"),
        (r"\# no heading", "# no heading"),
        (r"\- no list" + "\n" + r"\> no quote", "- no list\n> no quote"),
        (r"1\. no list", "1. no list"),
        (r"\||no spoiler||", "||no spoiler||"),
        (r"\:tada: \@Ann \`x\`", ":tada: @Ann `x`"),
        (r"\[a\](b)", "[a](b)"),
    ],
)
def test_backslash_escapes_markup(text: str, shown: str):
    page = check_harmless(text)
    assert (page.text, page.tags) == (shown, [])
    assert to_plain(text) == shown.replace("\n", " ")


def spoiler(html: str) -> str:
    return f'<span class="spoiler" tabindex="0"><span>{html}</span></span>'


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("||she did it||", spoiler("she did it"), "▒▒▒"),
        ("end: ||**she** :tada:||!", f"end: {spoiler('<strong>she</strong> 🎉')}!", "end: ▒▒▒!"),
        ("犯人は||彼||です", f"犯人は{spoiler('彼')}です", "犯人は▒▒▒です"),
        ("||a|| and ||b||", f"{spoiler('a')} and {spoiler('b')}", "▒▒▒ and ▒▒▒"),
        ("**||a||** > ||b", f"<strong>{spoiler('a')}</strong> &gt; ||b", "▒▒▒ > ||b"),
        ("- ||a\nb||", "<ul><li>||a</li></ul><p>b||</p>", "||a b||"),
        ("`||a||`", "<code>||a||</code>", "||a||"),
    ],
)
def test_spoilers_are_hidden(text: str, html: str, plain: str):
    assert to_html(text) == html
    assert to_plain(text) == plain
    check_harmless(text)


def test_masked_spoiler_can_be_cut_anywhere():
    assert mask_spoilers("so ||she did|| it, a||b||c") == "so ▒▒▒▒▒ ▒▒▒▒▒ it, a||b||c"


def test_word_filter_sees_spoilers():
    assert to_plain("so ||b*a*d||", shows_spoilers=True) == "so b*a*d"
    assert to_plain("so ||*bad*||", shows_spoilers=True) == "so bad"


@pytest.mark.parametrize("label", ["Spoiler", "ספוילר", "Spoiler & Co"])
def test_spoiler_has_a_name_for_screen_readers(label: str):
    name = label.replace("&", "&amp;")
    named = f'<span class="spoiler" tabindex="0" role="group" aria-label="{name}"><span>he did</span></span>'
    assert to_html("||he did||", spoiler_label=label) == named
