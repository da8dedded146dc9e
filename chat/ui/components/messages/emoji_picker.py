"""The emoji picker (a vendored web component), with its texts and emoji names by language."""

from typing import Any

from chat.domain.text.translatable import N_
from chat.framework.elements import HtmlElement
from chat.i18n.translator import Translator

SCRIPT = "assets/vendor/emoji-picker-element-1.29.1/picker.js"
DATA = "assets/vendor/emoji-picker-element-data-1.8.0"
# Languages that the data lacks (Arabic, Hebrew, Turkish) search by English names.
NAMES = {
    **{code: f"{code}/cldr-native" for code in ("de", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "ru", "uk")},
    "en": "en/emojibase",
    "pt_BR": "pt/cldr-native",
    "zh_Hans": "zh/cldr-native",
    "zh_Hant": "zh-hant/cldr-native",
}
TEXTS = {
    "categoriesLabel": N_("Categories"),
    "emojiUnsupportedMessage": N_("Your browser doesn't support colour emoji."),
    "favoritesLabel": N_("Favourites"),
    "loadingMessage": N_("Loading…"),
    "networkErrorMessage": N_("The emoji couldn't be loaded."),
    "regionLabel": N_("Choose an emoji"),
    "searchDescription": N_("If there are results, use ↑ and ↓ to move through them and Enter to choose."),
    "searchLabel": N_("Search"),
    "searchResultsLabel": N_("Results"),
    "skinToneDescription": N_("If the list is open, use ↑ and ↓ to move through it and Enter to choose."),
    "skinTonesLabel": N_("Skin tones"),
}
SKIN_TONES = (
    N_("Default"),
    N_("Light skin"),
    N_("Medium-light skin"),
    N_("Medium skin"),
    N_("Medium-dark skin"),
    N_("Dark skin"),
)
CATEGORIES = {
    "custom": N_("Custom"),
    "smileys-emotion": N_("Smileys and emoticons"),
    "people-body": N_("People and body"),
    "animals-nature": N_("Animals and nature"),
    "food-drink": N_("Food and drink"),
    "travel-places": N_("Travel and places"),
    "activities": N_("Activities"),
    "objects": N_("Objects"),
    "symbols": N_("Symbols"),
    "flags": N_("Flags"),
}


def build(tr: Translator) -> HtmlElement:
    """Build a picker and what loads it."""
    language, data_url = source(tr.code)
    # The leading dot sets the property of the element.
    picker = HtmlElement("emoji-picker", {"locale": language, "data-source": data_url, ".i18n": texts(tr)})
    HtmlElement("script", {"type": "module", "src": SCRIPT})
    return picker


def source(language: str) -> tuple[str, str]:
    """Return the language of the emoji names, and their URL."""
    code = language if language in NAMES else "en"
    return code, f"{DATA}/{NAMES[code]}/data.json"


def texts(tr: Translator) -> dict[str, Any]:
    """Return the value of the picker's property `i18n`."""
    return {
        **{name: tr(text) for name, text in TEXTS.items()},
        "skinToneLabel": tr("Choose a skin tone (currently %(tone)s)", tone="{skinTone}"),
        "skinTones": [tr(tone) for tone in SKIN_TONES],
        "categories": {name: tr(text) for name, text in CATEGORIES.items()},
    }
