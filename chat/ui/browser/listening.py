"""In the browser: listeners that don't involve the server.

A listener that tells Python something belongs to its component. All others are here: on the server, a listener costs
memory and time for every page.
"""

from collections.abc import Callable
from typing import Any

from chat.ui.browser.composing.attaching import choose_files, paste_files, press_attachment, stay_in_line
from chat.ui.browser.composing.dropping import watch_drags
from chat.ui.browser.composing.editing import continue_list
from chat.ui.browser.composing.listing import attachments, restore_attachments
from chat.ui.browser.composing.owning import adopt_texts
from chat.ui.browser.composing.recording import offer_recording, press_recording
from chat.ui.browser.composing.sent_texts import show_all_waiting
from chat.ui.browser.dialogs.asking import open_list
from chat.ui.browser.dialogs.closing import close_outside, note_press
from chat.ui.browser.dom import Element, addEventListener
from chat.ui.browser.focusing import rest_focus
from chat.ui.browser.holding import release_in_room
from chat.ui.browser.messages.acting import keep_focus, note_focus, show_buttons
from chat.ui.browser.messages.copying import copy_code
from chat.ui.browser.messages.dividing import divide, keep_dividing
from chat.ui.browser.messages.folding import keep_unfolded, toggle_fold, unfold_what_is_found
from chat.ui.browser.messages.message_menu import end_menu, leave_with_message
from chat.ui.browser.messages.person_card import press_name
from chat.ui.browser.messages.reading import walk
from chat.ui.browser.messages.viewing import open_picture
from chat.ui.browser.navigation.filtering import end_filter, filter_rooms, filter_typed, move_in_rooms
from chat.ui.browser.navigation.linking import mark_current, mark_current_anywhere
from chat.ui.browser.navigation.swiping import watch_swipes
from chat.ui.browser.page import follow_width, form, message_list, start, the
from chat.ui.browser.pushing import show_badge
from chat.ui.browser.roving import enter_menu, move_in_menu, move_in_toolbar, rove


def start_page(frame: Element) -> None:
    """Start the page once all its elements are there."""
    start()
    show_badge(0)
    adopt_texts(form())
    watch_swipes()
    addEventListener("resize", follow_width)
    listen(the(".bar"), {"keydown": [enter_menu]})
    listen(the("#menu"), {"keydown": [move_in_menu, open_list]})
    listen(the(".roster"), {"keydown": [walk]})
    listen(the(".rooms"), {"input": [filter_typed], "keydown": [move_in_rooms], "click": [end_filter]})


def start_panel(panel: Element) -> None:
    """Start the panel of a room once all its elements are there."""
    messages = message_list()
    keep_dividing(messages)
    unfold_what_is_found(messages)
    show_all_waiting()
    mark_current_anywhere()
    rest_focus()
    listen(messages, {"keydown": [walk, press_name], "focusin": [note_focus, show_buttons]})
    listen(messages, {"mouseover": [show_buttons], "click": [toggle_fold, copy_code, open_picture]})
    listen(the("#actions"), {"keydown": [move_in_toolbar, move_in_menu], "focusin": [rove]})
    listen(the("#actions"), {"toggle": [end_menu], "close": [end_menu]})
    listen(the("#actions"), {"pointerdown": [note_press], "click": [close_outside]})
    listen(form(), {"beforeinput": [continue_list], "paste": [paste_files]})
    watch_drags()
    restore_attachments()
    listed = attachments()
    if listed:
        listen(form(), {"change": [choose_files]})
        listen(form(), {"click": [press_attachment, press_recording]})
        offer_recording()
        listen(listed, {"input": [stay_in_line], "keydown": [stay_in_line], "beforeinput": [stay_in_line]})
    release_in_room()


def listen(element: Element, listeners: dict[str, list[Callable[[Any], object]]]) -> None:
    """Call functions at the events of an element."""
    for kind, wanted in listeners.items():
        for each in wanted:
            element.addEventListener(kind, each)


def renew(messages: Element) -> None:
    """Apply the page's own state to messages that have just been rendered."""
    divide(messages)
    keep_focus(messages)
    keep_unfolded(messages)
    leave_with_message(messages)


def renew_rooms(rooms: Element) -> None:
    """Apply the page's own state to links to rooms."""
    mark_current(rooms)
    filter_rooms(rooms)
