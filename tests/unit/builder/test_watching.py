"""The preview reads what is saved, whenever that was."""

from pathlib import Path
from threading import Event, Thread

from builder.preview.editions import Newest, read_edition
from builder.preview.watching import files, keep_newest
from tests.builders.course import changed, small_course, write

LESSON = "modules/01-plain-words/lesson.md"


def test_what_was_saved_before_the_watch_began_is_read(tmp_path: Path) -> None:
    root = write(small_course(), tmp_path)
    seen = files(root)
    newest = Newest(read_edition(root))
    first, stop = newest.edition.mark, Event()
    write(changed(small_course(), LESSON, "困らない", "迷わない"), root)

    watching = Thread(target=keep_newest, args=(newest, root, seen, stop))
    watching.start()
    edition = newest.other_than(first, timeout=60)
    stop.set()
    watching.join()

    assert edition is not None


def test_a_course_that_stayed_as_it_was_is_not_read_again(tmp_path: Path) -> None:
    root = write(small_course(), tmp_path)
    seen = files(root)
    newest = Newest(read_edition(root))
    first, stop = newest.edition.mark, Event()

    watching = Thread(target=keep_newest, args=(newest, root, seen, stop))
    watching.start()
    edition = newest.other_than(first, timeout=2)
    stop.set()
    watching.join()

    assert edition is None
