"""Who joined and left, in order and with times."""

from datetime import UTC, datetime, timedelta

from chat.domain.rooms.notices import JoinLeaveSummary, JoinOrLeave, PresenceChange
from chat.i18n.notices import describe_changes, describe_notice
from chat.i18n.translator import translator

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def summary(*changes: tuple[str, str, int]) -> JoinLeaveSummary:
    """Return the summary of these names, changes and seconds after noon."""
    first, *others = (
        PresenceChange(name, name, JoinOrLeave(change), NOON + timedelta(seconds=seconds))
        for name, change, seconds in changes
    )
    result = JoinLeaveSummary(first.at, (first,))
    for change in others:
        result = result.then(change)
    return result


def test_changes_of_one_minute_are_one_sentence_and_keep_their_order():
    crowd = summary(
        *((name, "joined", number) for number, name in enumerate("ABCDE")),
        ("B", "left", 70),
        ("F", "joined", 90),
        ("C", "left", 100),
        ("D", "left", 3600),
    )
    sentences = [(f"{at:%H:%M}", text) for at, text in describe_changes(translator("en"), crowd, str)]
    assert sentences == [
        ("12:00", "A and E joined"),
        ("12:01", "B left"),
        ("12:01", "F joined"),
        ("12:01", "C left"),
        ("13:00", "D left"),
    ]
    assert describe_notice(translator("en"), crowd, str) == "A, E, and F joined · B, C, and D left"


def test_everybody_of_a_crowd_is_named():
    names = [f"Member {number}" for number in range(200)]
    crowd = summary(*((name, "joined", number // 10) for number, name in enumerate(names)))
    [(_, sentence)] = describe_changes(translator("en"), crowd, str)
    assert all(name in sentence for name in names)
    assert describe_notice(translator("en"), crowd, str) == "Member 0, Member 1, Member 2, and 197 others joined"
