"""The cache saves work and changes nothing."""

from pathlib import Path

from builder.cache import Cache


class Maker:
    """Counts how often it had to make something."""

    def __init__(self, made: bytes) -> None:
        self.made = made
        self.times = 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.made


def entry(cache: Cache) -> Path:
    [path] = [path for path in cache.folder.rglob("*") if path.is_file()]
    return path


def test_what_was_made_before_is_not_made_again(tmp_path: Path) -> None:
    make = Maker(b"made")

    assert [Cache(tmp_path).remember("pages", ["content"], make) for _ in range(2)] == [b"made", b"made"]
    assert make.times == 1


def test_other_content_is_made_anew(tmp_path: Path) -> None:
    cache, make = Cache(tmp_path), Maker(b"made")

    for subject, content in (("pages", ["a"]), ("pages", ["b"]), ("prints", ["a"])):
        cache.remember(subject, content, make)

    assert make.times == 3


def test_what_other_tools_made_is_made_anew(tmp_path: Path) -> None:
    cache, make = Cache(tmp_path), Maker(b"made")
    cache.remember("pages", [], make)

    cache.made_with = ["other tools"]
    cache.remember("pages", [], make)

    assert make.times == 2


def test_a_damaged_entry_is_made_again(tmp_path: Path) -> None:
    cache, make = Cache(tmp_path), Maker(b"made")
    cache.remember("pages", [], make)
    whole = entry(cache).read_bytes()

    for damaged in (b"", whole[:-1], whole + b"!", whole.replace(b"made", b"MADE"), b"made"):
        entry(cache).write_bytes(damaged)
        assert cache.remember("pages", [], make) == b"made"
        assert entry(cache).read_bytes() == whole

    assert make.times == 6


def test_the_entry_of_other_content_in_its_place_is_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.remember("pages", ["a"], Maker(b"of a"))
    place_of_a = entry(cache)
    of_a = place_of_a.read_bytes()
    place_of_a.unlink()
    cache.remember("pages", ["b"], Maker(b"of b"))
    entry(cache).write_bytes(of_a)

    assert cache.remember("pages", ["b"], Maker(b"of b")) == b"of b"


def test_nothing_breaks_where_no_cache_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / ".kyozai").write_text("a file where the folder should be")

    assert Cache(tmp_path).remember("pages", [], Maker(b"made")) == b"made"
