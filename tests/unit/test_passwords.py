import pytest

from server.identity.passwords import Weakness, hash_password, hasher, is_right, needs_new_hash, weakness_of

LOCAL = {"00123", "青海 はる", "青海", "はる", "見本局", "kyozai", ""}


@pytest.mark.parametrize(
    "password",
    ["hashi-wo-wataru", "うみかぜとかもめ2羽", "nothing but letters", "x" * 64, "長いけれど覚えやすい文"],
)
def test_length_is_enough_whatever_the_characters(password: str) -> None:
    assert weakness_of(password, LOCAL) is None


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("1234567", Weakness.TOO_SHORT),
        ("sho rt7", Weakness.TOO_SHORT),
        ("", Weakness.TOO_SHORT),
        ("password1", Weakness.COMMON),
        ("PassWord1", Weakness.COMMON),
        ("ｐａｓｓｗｏｒｄ１", Weakness.COMMON),
        ("qwertyuiop", Weakness.COMMON),
        ("kyozai2026", Weakness.LOCAL),
        ("Kyozai-00123", Weakness.LOCAL),
        ("青海はる青海はる", Weakness.LOCAL),
        ("見本局2026!", Weakness.LOCAL),
        ("00123password1", Weakness.LOCAL),
        ("x" * 1025, Weakness.TOO_LONG),
    ],
)
def test_what_others_would_try_first_is_refused(password: str, weakness: Weakness) -> None:
    assert weakness_of(password, LOCAL) is weakness


def test_a_local_word_in_a_long_password_does_no_harm() -> None:
    assert weakness_of("kyozai no mado kara mieru umi", LOCAL) is None


def test_a_password_is_right_however_its_characters_were_composed() -> None:
    kept = hash_password("か\u3099くしゅう-2026")

    assert is_right("がくしゅう-2026", kept)
    assert not is_right("がくしゅう-2027", kept)


def test_nobody_has_a_password_without_a_hash() -> None:
    assert not is_right("nobody has this password", None)


def test_hashes_are_as_costly_as_promised() -> None:
    assert hash_password("hashi-wo-wataru").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_older_hash_is_made_anew() -> None:
    cheap = type(hasher)(time_cost=1, memory_cost=8 * 1024, parallelism=1)

    assert needs_new_hash(cheap.hash("hashi-wo-wataru"))
    assert not needs_new_hash(hash_password("hashi-wo-wataru"))
