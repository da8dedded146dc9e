"""Looks that depend on the person: what they chose, and what is theirs among what is rendered for all."""

from chat.domain.accounts.preferences import Accent, ColorScheme, Density, Preferences
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member

BRANDS = {
    Accent.BLUE: "oklch(0.55 0.19 255)",
    Accent.TEAL: "oklch(0.55 0.1 195)",
    Accent.GREEN: "oklch(0.55 0.15 150)",
    Accent.AMBER: "oklch(0.6 0.14 70)",
    Accent.RED: "oklch(0.55 0.2 25)",
    Accent.PINK: "oklch(0.55 0.2 355)",
    Accent.VIOLET: "oklch(0.52 0.22 305)",
}
"""The colours to choose from; the style sheet makes all others from one, with enough contrast whatever it is."""


def looks(preferences: Preferences) -> str:
    """A style sheet that sets what a person chose."""
    scheme = "light dark" if preferences.scheme is ColorScheme.SYSTEM else preferences.scheme
    rules = [f"color-scheme:{scheme}", f"font-size:{preferences.size}%"]
    if brand := BRANDS.get(preferences.accent):
        rules.append(f"--brand:{brand}")
    if preferences.contrast:
        rules.append("--more:1")
    if preferences.density is Density.COMPACT:
        rules.append("--roomy:0")
    mute = "--mute" if preferences.muted else "--unmute"
    return f':root{{{";".join(rules)}}}.bar [command="{mute}"]{{display:none}}'


def mine(member: Member) -> str:
    """A style sheet by which a viewer's own messages, reactions, mentions, roster row and typing look their way."""
    me, own = member.id, f'[data-author="{member.id}"]'
    deletable = "" if has_permission(member.role, Permission.DELETE_ANY) else own
    moderates = has_permission(member.role, Permission.MUTE)
    return (
        f"{own}{{--grid:var(--own-grid);--next-grid:var(--own-next-grid);--named-grid:var(--own-next-grid);"
        "--place:end;--end:end;--acts:0 auto;"
        "--fill:var(--own-fill);--ink:var(--own-ink);--mention:var(--own-mention)}"
        f"{own}:not(.action)>:is(.avatar,bdi),{own}::before{{display:none}}"
        f'{own} [command="--edit"],{deletable} [command="--delete"]{{display:inline-flex!important}}'
        f'[aria-pressed=true][data-by~="{me}"]{{display:inline-flex}}[aria-pressed=false][data-by~="{me}"]{{display:none}}'
        f':is([data-mention="{me}"],[data-mention=all]){{--mention:var(--mention-me);--mention-ink:var(--mention-me-ink)}}'
        f'article:has([data-mention="{me}"],[data-mention=all]){{--fill:var(--mark);--ink:var(--text)}}'
        f'{own} [command="--report"]{{display:none}}'
        f'[data-member="{me}"] .you{{display:inline}}'
        + (f'[data-member]:not([data-member="{me}"]) .moderate{{display:inline-flex}}' if moderates else "")
        + f'.typing:has([data-viewer="{me}"]) .all{{display:none}}'
        f'[data-viewer="{me}"]{{display:inline!important}}'
    )


def unread_line(message_id: str, words: str) -> str:
    """A style sheet that puts a line with `words` before a message, which then says whose it is."""
    one = f"#m-{message_id}"
    return (
        f'{one}{{margin-top:3rem}}{one}::after{{content:"{words}"}}'
        f'{one}:not(.first){{--next-grid:var(--named-grid)}}{one}:not(.first)::before{{content:attr(aria-label) / ""}}'
    )
