"""When the inbox asks for a night, and when it does not."""

from __future__ import annotations

import pytest

from pipelines.warehouse.settled import AGAIN_AFTER, PATIENCE, Look, Memory, look, remembered

SECONDS = 60.0
A, B = {"a.xlsx": (10, 1)}, {"b.xlsx": (20, 2)}


def looks(*steps: tuple[float, dict[str, tuple[int, int]]], busy: frozenset[float] = frozenset()) -> list[Look]:
    """One look after the other, at these seconds and with these files; what is kept goes through its text."""
    memory, found = Memory(), []
    for now, files in steps:
        found.append(look(files, memory, now, SECONDS, free=now not in busy))
        memory = remembered(found[-1].memory.text())
    return found


def asked(found: list[Look]) -> list[bool]:
    return [bool(one.key) for one in found]


def test_a_file_must_have_been_seen_unchanged_for_as_long_as_the_setting_says() -> None:
    found = looks((0, A), (30, A), (59, A), (60, A))
    assert asked(found) == [False, False, False, True]
    assert [(one.settled, one.changing) for one in found] == [(0, 1), (0, 1), (0, 1), (1, 0)]


@pytest.mark.parametrize("changed", [(11, 1), (10, 2), (9, 0)], ids=["size", "time", "both"])
def test_a_change_begins_the_wait_anew(changed: tuple[int, int]) -> None:
    found = looks((0, A), (50, {"a.xlsx": changed}), (100, {"a.xlsx": changed}), (110, {"a.xlsx": changed}))
    assert asked(found) == [False, False, False, True]


def test_even_without_a_wait_two_looks_are_compared() -> None:
    first = look(A, Memory(), 0, 0)
    assert (first.key, bool(look(A, first.memory, 1, 0).key)) == ("", True)


def test_what_has_settled_waits_for_what_still_comes_but_not_for_ever() -> None:
    growing = [(30.0 * n, {**A, "b.xlsx": (n, n)}) for n in range(1, 40)]
    found = looks((0, A), *growing)
    first = asked(found).index(True)
    assert growing[first - 1][0] == PATIENCE * SECONDS
    assert (found[first].settled, found[first].changing) == (1, 1)


def test_two_files_are_asked_for_in_one_run() -> None:
    found = looks((0, A), (30, {**A, **B}), (60, {**A, **B}), (90, {**A, **B}))
    assert asked(found) == [False, False, False, True]
    assert found[-1].settled == 2


def test_the_same_files_are_asked_for_once_and_again_after_an_hour_under_another_key() -> None:
    found = looks((0, A), (60, A), (90, A), (60 + AGAIN_AFTER - 1, A), (60 + AGAIN_AFTER, A), (70 + AGAIN_AFTER, A))
    assert asked(found) == [False, True, False, False, True, False]
    assert found[1].key != found[4].key
    assert found[2].again_in == AGAIN_AFTER - 30


def test_other_files_are_asked_for_at_once_and_their_key_says_which() -> None:
    found = looks((0, A), (60, A), (90, B), (150, B))
    assert asked(found) == [False, True, False, True]
    assert found[1].key != found[3].key


def test_a_file_sent_again_after_it_was_taken_is_asked_for_again() -> None:
    found = looks((0, A), (60, A), (90, {}), (120, {"a.xlsx": (10, 5)}), (180, {"a.xlsx": (10, 5)}))
    assert asked(found) == [False, True, False, False, True]


def test_nothing_is_asked_for_while_a_run_is_in_progress_and_nothing_is_forgotten() -> None:
    found = looks((0, A), (60, A), (90, A), (120, A), busy=frozenset((60, 90)))
    assert asked(found) == [False, False, False, True]


def test_an_empty_inbox_asks_for_nothing() -> None:
    found = looks((0, {}), (1000, {}))
    assert [(one.key, one.settled, one.changing) for one in found] == [("", 0, 0)] * 2


@pytest.mark.parametrize("cursor", [None, "", "yes", "[]", "[1,2,3,4]", '[{"a":1},"",0,0]', "{}"])
def test_a_cursor_that_is_not_ours_is_forgotten(cursor: str | None) -> None:
    assert remembered(cursor) == Memory()


def test_a_name_in_another_encoding_is_remembered() -> None:
    files = {b"\xb1\xed.xlsx".decode("utf-8", "surrogateescape"): (1, 1)}
    assert asked(looks((0, files), (60, files))) == [False, True]
