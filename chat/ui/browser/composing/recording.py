"""In the browser: recording a voice note, which is attached like any other file."""

from chat.ui.browser.composing.attaching import attach_file
from chat.ui.browser.composing.listing import add_line, refuse
from chat.ui.browser.dom import Element, Event, File, MediaRecorder, RecordedData, Stream, navigator, setTimeout, window
from chat.ui.browser.focusing import rest_focus
from chat.ui.browser.page import form, the

SECOND = 1000  # milliseconds
KINDS = ["audio/webm", "audio/mp4", "audio/ogg"]


def offer_recording() -> None:
    """Show the button where the browser can record: the chat needs HTTPS for that, or to run on this device.

    WebKitGTK has a recorder that supports nothing.
    """
    if hasattr(window, "MediaRecorder") and hasattr(navigator, "mediaDevices"):
        supported = [kind for kind in KINDS if MediaRecorder.isTypeSupported(kind)]
        the("[data-record]").hidden = len(supported) == 0


async def press_recording(event: Event) -> None:
    """Begin to record, or end it, by the pressed button. Enter then sends what is in the field."""
    button = event.target.closest("[data-record]")
    if not button:
        return
    if hasattr(window, "recorder"):
        window.recorder.stop()
    else:
        await begin_recording(button)
    rest_focus()


async def begin_recording(button: Element) -> None:
    """Ask for the microphone, and record."""
    try:
        stream = await navigator.mediaDevices.getUserMedia({"audio": True})
    except Exception:
        refuse(add_line(form().dataset.room, button.dataset.name), button.dataset.refused)
        return
    record(button, stream)


def record(button: Element, stream: Stream) -> None:
    """Record until the recorder is stopped; drop it if the page shows another room by then."""
    recorder = window.recorder = MediaRecorder(stream)

    def show_time(seconds: int) -> None:
        if recorder.state == "recording":
            button.dataset.time = minutes_and_seconds(seconds)
            setTimeout(lambda: show_time(seconds + 1), SECOND)

    def on_data(event: RecordedData) -> None:
        kind = recorder.mimeType
        if button.isConnected and event.data.size:
            attach_file(File([event.data], button.dataset.name + extension_of(kind), {"type": kind}))

    def on_stop(event: Event) -> None:
        del window.recorder
        button.setAttribute("aria-pressed", "false")
        for track in stream.getTracks():
            track.stop()

    def end(event: Event) -> None:
        if recorder.state == "recording":
            recorder.stop()

    recorder.ondataavailable = on_data
    recorder.onstop = on_stop
    window.shown.signal.addEventListener("abort", end)
    recorder.start()
    button.setAttribute("aria-pressed", "true")
    show_time(0)


def minutes_and_seconds(seconds: int) -> str:
    rest = str(seconds % 60)
    return f"{seconds // 60}:{rest.zfill(2)}"


def extension_of(kind: str) -> str:
    if "mp4" in kind:
        return ".m4a"
    return ".ogg" if "ogg" in kind else ".weba"
