"""Formulas as MathML, and everything else with a dollar sign as typed."""

import pytest

from chat.text.markup.formulas import MAX_FORMULA, MAX_FORMULAS
from chat.text.markup.renderer import to_html, to_plain
from tests.unit.text.markup.page import check_harmless


@pytest.mark.parametrize(
    ("text", "mathml"),
    [
        ("$x$", "<mi>x</mi>"),
        ("$E=mc^2$", "<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>"),
        (r"$\frac{a}{b}$", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        (r"$\alpha < \beta$", "<mi>α</mi><mo>&lt;</mo><mi>β</mi>"),
        (r"$\text{a*b*c}$", "<mtext>a*b*c</mtext>"),
    ],
)
def test_formulas_are_rendered(text: str, mathml: str):
    assert to_html(f"so {text}.") == f'so <span class="formula"><math><mrow>{mathml}</mrow></math></span>.'
    assert to_plain(f"so {text}.") == f"so {text}."
    check_harmless(text)


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6, US$5-US$10, 5$ or 6$, ($5,$6)",
        "$HOME/$USER and $PATH:$HOME and $foo$ and $ x $",
        "$$x$$ and $ and $$",
        "$" + "x+" * MAX_FORMULA + "$",
        r"$\left(x$ and $x^2^3$ and $x_$",
        r"$\def\a{\a\a}\a$ and $\newcommand{\a}{\a\a}\a$",
        r"$\href{javascript:alert(1)}{x}$ and $\style{x}{y}$ and $\color{red}{x}$",
        "$" + "{" * 90 + "x" + "}" * 90 + "+$",
    ],
)
def test_prices_variables_and_invalid_formulas_stay_as_typed(text: str):
    page = check_harmless(text)
    assert (page.text, page.tags) == (text, [])


def test_backslash_escapes_formula():
    assert to_html(r"\$x^2$") == "$x^2$"


def test_formulas_of_a_message_are_limited():
    text = "$x+y$ " * 200
    assert to_html(text).count("<math>") == MAX_FORMULAS // len("$x+y$")
