"""What is sealed opens with its key, at its place, unchanged; otherwise not at all."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import StorageError
from intake.storage.crypto import (
    Keys,
    Purpose,
    SealedPlace,
    Vault,
    blind_index,
    new_vault,
    open_vault,
    rewrap,
    token_hash,
)

KEYS = Keys({"kek-1": b"1" * 32}, "kek-1", b"i" * 32, b"a" * 32)
PLACE = SealedPlace("drafts", "d1", "texts")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def vault() -> Vault:
    return new_vault(KEYS, "s1")[0]


@settings(deadline=None)
@given(value=JSON, purpose=st.sampled_from(Purpose))
def test_what_is_sealed_opens_again(value: object, purpose: Purpose) -> None:
    mine = vault()
    assert mine.open(purpose, PLACE, mine.seal(purpose, PLACE, value)) == value


def test_an_empty_place_holds_nothing() -> None:
    assert vault().open(Purpose.IDENTITY, PLACE, None) is None


def test_the_same_value_never_looks_the_same() -> None:
    mine = vault()
    assert len({mine.seal(Purpose.IDENTITY, PLACE, "Ada") for _ in range(100)}) == 100


@settings(deadline=None)
@given(data=st.data())
def test_one_flipped_bit_closes_it(data: st.DataObject) -> None:
    mine = vault()
    sealed = bytearray(mine.seal(Purpose.IDENTITY, PLACE, "Ada"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(StorageError, match=r"drafts\.texts of d1"):
        mine.open(Purpose.IDENTITY, PLACE, bytes(sealed))


@settings(deadline=None)
@given(length=st.integers(0, 30))
def test_a_cut_value_is_closed(length: int) -> None:
    mine = vault()
    with pytest.raises(StorageError, match="damaged"):
        mine.open(Purpose.IDENTITY, PLACE, mine.seal(Purpose.IDENTITY, PLACE, "Ada")[:length])


def test_no_value_opens_at_another_place_or_for_another_purpose_or_person() -> None:
    mine, other = vault(), new_vault(KEYS, "s2")[0]
    places = [SealedPlace(t, r, c) for t in ("drafts", "intakes") for r in ("1", "2") for c in ("texts", "note")]
    for here, there in permutations(places, 2):
        with pytest.raises(StorageError):
            mine.open(Purpose.CLINICAL, there, mine.seal(Purpose.CLINICAL, here, "x"))
    with pytest.raises(StorageError):
        mine.open(Purpose.IDENTITY, PLACE, mine.seal(Purpose.CLINICAL, PLACE, "x"))
    with pytest.raises(StorageError):
        other.open(Purpose.CLINICAL, PLACE, mine.seal(Purpose.CLINICAL, PLACE, "x"))


def test_a_wrapped_key_opens_for_its_person_under_its_master_only() -> None:
    mine, wrapped = new_vault(KEYS, "s1")
    sealed = mine.seal(Purpose.IDENTITY, PLACE, "Ada")
    assert open_vault(KEYS, "s1", wrapped).open(Purpose.IDENTITY, PLACE, sealed) == "Ada"
    with pytest.raises(StorageError):
        open_vault(KEYS, "s2", wrapped)
    with pytest.raises(StorageError):
        open_vault(replace(KEYS, masters={"kek-1": b"2" * 32}), "s1", wrapped)
    with pytest.raises(StorageError, match=r"kek-1 is missing.*there: kek-2"):
        open_vault(replace(KEYS, masters={"kek-2": b"1" * 32}), "s1", wrapped)


def test_a_destroyed_key_stays_destroyed() -> None:
    with pytest.raises(StorageError, match="erased"):
        open_vault(KEYS, "s1", None)


def test_a_rewrapped_key_opens_what_was_sealed_before() -> None:
    mine, wrapped = new_vault(KEYS, "s1")
    sealed = mine.seal(Purpose.IDENTITY, PLACE, "Ada")
    both = replace(KEYS, masters={"kek-1": b"1" * 32, "kek-2": b"2" * 32}, current="kek-2")
    moved = rewrap(both, "s1", wrapped)
    only_new = replace(both, masters={"kek-2": b"2" * 32})
    assert moved.master == "kek-2"
    assert open_vault(only_new, "s1", moved).open(Purpose.IDENTITY, PLACE, sealed) == "Ada"


def test_the_index_tells_kinds_and_keys_apart_and_no_value() -> None:
    index = blind_index(KEYS, "name", "ada")
    assert index == blind_index(KEYS, "name", "ada")
    assert index not in (
        blind_index(KEYS, "born", "ada"),
        blind_index(KEYS, "name", "adb"),
        blind_index(replace(KEYS, index=b"j" * 32), "name", "ada"),
    )


def test_a_token_is_not_stored() -> None:
    assert token_hash("a" * 43) != token_hash("a" * 42 + "b")
    assert "a" * 10 not in token_hash("a" * 43)


def test_no_key_shows_in_a_traceback() -> None:
    mine, wrapped = new_vault(KEYS, "s1")
    for secret in (KEYS, mine, wrapped):
        assert "1111" not in repr(secret)
        assert repr(mine.subkeys[Purpose.IDENTITY]) not in repr(secret)
