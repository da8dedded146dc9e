"""In the browser: the owner of the texts that outlive a reload."""

from chat.ui.browser.composing.fitting import set_text
from chat.ui.browser.composing.sent_texts import waiting
from chat.ui.browser.composing.storing import LOCAL, SESSION, drop, kept, names
from chat.ui.browser.composing.writing import ABOUT, AUTHOR, DRAFT, EDITED, FILES, SENT, save_draft
from chat.ui.browser.dom import JSON, Element, window
from chat.ui.browser.page import field, form


def forget() -> None:
    """Delete the unsent texts of a member who signs out. Without a connection, the sign-out hasn't happened yet."""
    if not window.socket.connected:
        return
    data = form().dataset
    forget_member(data.owner)
    del data.about, data.kept, data.original
    field().value = ""


def forget_member(owner: str) -> None:
    """Delete the draft and the unsent texts of a member, before anyone else uses this browser."""
    drop(LOCAL, AUTHOR + owner)
    drop(SESSION, AUTHOR + owner)
    for name in names(LOCAL, DRAFT + owner):
        drop(LOCAL, name)
    for prefix in [ABOUT + owner, f"{SENT}{owner}.", f"{EDITED}{owner}.", FILES + owner]:
        for name in names(SESSION, prefix):
            drop(SESSION, name)


def adopt_texts(composer: Element) -> None:
    """Take over the draft and the unsent texts of a member with the same name and another id.

    The server lost its files, and with them the id. Unsent texts go back to the field: they are not posted on the
    strength of a name.
    """
    data, texts = composer.dataset, []
    for kind in [LOCAL, SESSION]:
        for name in names(kind, AUTHOR):
            owner = name[len(AUTHOR) :]
            if owner != data.owner and kept(kind, name) == data.name:
                texts += former_texts(owner)
                forget_member(owner)
    texts.append(field().value)
    text = "\n".join([text for text in texts if text])
    if text != field().value:
        set_text(field(), text)
        save_draft()


def former_texts(owner: str) -> list[str]:
    """Return what a member has written and not sent."""
    texts = [JSON.parse(kept(SESSION, name))[0] for name in waiting(owner)]
    for name in names(SESSION, ABOUT + owner):
        about = JSON.parse(kept(SESSION, name))
        if about[1].startswith("edit"):
            texts.append(about[0])
    for name in names(LOCAL, DRAFT + owner):
        texts.append(kept(LOCAL, name) or "")
    return texts
