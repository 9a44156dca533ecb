"""The scripts of the deliveries: classic scripts, which run from a file share as well.

`quiz.js` marks and decides, `state.js` keeps and packs, `frame.js` holds the session, `page.js` is on every
page; `store-<name>.js` says where progress is kept.
"""

from importlib.resources import files

SCRIPTS = {
    file.name: file.read_bytes()
    for file in (files("builder") / "player").iterdir()
    if file.name.endswith(".js")
}
"""File name → what it says."""
