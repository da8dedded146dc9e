"""Which name belongs to whom, for mentions."""

from chat.domain.people.names import MAX_REMEMBERED, Names


def test_author_of_old_messages_is_known_by_the_last_name():
    names = Names()
    names.remember_author("ann", "Ann")
    names.remember_author("ann", "Anna")
    assert names.get("ann") == "Anna"
    assert names.by_id(["ann", "eve"]) == {"ann": "Anna"}


def test_current_name_outlasts_those_in_a_history():
    names = Names()
    names.remember_author("ann", "Ann")
    names.remember("ann", "Anna")
    names.remember_author("ann", "Ann")
    assert names.by_id(["ann", "eve"]) == {"ann": "Anna"}


def test_member_comes_after_an_author_of_the_same_name():
    names = Names()
    names.remember("ann", "Sam")
    names.remember_author("eve", "Sam")
    assert list(names.by_id(["ann", "eve"])) == ["eve", "ann"]


def test_forgotten_name_is_returned_once():
    names = Names()
    names.remember("ann", "Ann")
    names.remember_author("eve", "Eve")
    assert [names.forget("ann"), names.forget("eve"), names.forget("ann")] == ["Ann", "Eve", None]
    assert names.by_id(["ann", "eve"]) == {}


def test_authors_push_no_members_out():
    names = Names()
    names.remember("ann", "Ann")
    for number in range(MAX_REMEMBERED + 1):
        names.remember_author(f"author{number}", "Author")
    assert names.get("ann") == "Ann"
    assert names.get("author0") is None


def test_authors_elsewhere_have_no_name_here():
    names = Names()
    names.remember_author("ann", "Ann")
    names.remember_author("eve", "Eve")
    assert names.by_id(["eve"]) == {"eve": "Eve"}
