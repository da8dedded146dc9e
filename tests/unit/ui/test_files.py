"""Pictures and files of a message as HTML."""

from dataclasses import replace

import pytest

from chat.domain.messages.attachment import Attachment
from chat.i18n.translator import translator
from chat.state.files.upload_limits import UploadLimits
from chat.ui.html.messages.files import attachments, files
from tests.storage.samples import PICTURE, posted

TEXT = Attachment("b" * 64, "tea & <cake>.txt", "text/plain", 2_100)
EN = translator("en")


def rendered(*attachments: Attachment) -> str:
    return str(files(EN, posted(1, "", attachments=attachments).message))


def test_picture_has_its_room_before_it_is_loaded():
    html = rendered(replace(PICTURE, width=4000, height=2000))
    assert 'alt="A cup" width=400 height=200 ' in html
    assert 'href="files/lobby/message00001/0" data-picture="message00001/0"' in html
    assert 'data-size="4000 2000"' in html
    assert "base64,UklGRg==" in html
    assert "width=240 height=120" in rendered(replace(PICTURE, width=4000, height=2000), PICTURE)


@pytest.mark.parametrize(("width", "height", "shown"), [(30, 20, (30, 20)), (9000, 1, (400, 1)), (1, 9000, (1, 320))])
def test_picture_of_any_shape_has_a_size(width: int, height: int, shown: tuple[int, int]):
    html = rendered(replace(PICTURE, width=width, height=height))
    assert f"width={shown[0]} height={shown[1]} " in html


def test_picture_without_a_description_has_its_name():
    html = rendered(replace(PICTURE, alt="", is_animated=True))
    assert 'alt="Picture: tëa.png"' in html
    assert 'class="picture moving"' in html


def test_file_is_a_link_named_by_its_name():
    html = rendered(TEXT)
    assert 'download="tea &amp; &lt;cake&gt;.txt" dir=auto>tea &amp; &lt;cake&gt;.txt</a>' in html
    assert "<small>TXT · 2.1 kB</small>" in html


@pytest.mark.parametrize(("kind", "tag"), [("video/mp4", "video"), ("audio/mpeg", "audio")])
def test_video_and_sound_have_controls(kind: str, tag: str):
    assert f'<{tag} controls preload=metadata src="files/lobby/message00001/0"' in rendered(replace(TEXT, type=kind))


def test_file_that_is_gone_leaves_its_name():
    for gone in (TEXT.removed(), PICTURE.removed(), replace(TEXT, type="video/mp4").removed()):
        html = rendered(gone)
        assert "No longer kept" in html
        assert not any(tag in html for tag in ("<a ", "<img", "<video"))


def test_composer_says_that_old_files_are_removed_once_that_is_near():
    line = "Once all files together take up 2 GB, the oldest are removed."
    assert [line in attachments(EN, UploadLimits(), warns=warns) for warns in (False, True)] == [False, True]
