"""Where in a page a stretch of its text comes from, as a CSS selector that a person can read and a browser can find."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleannews.extract.blocks import Container

# What a style sheet's names look like; others would need escapes, and were made by machines.
NAME = re.compile(r"-?[A-Za-z_][\w-]*", re.ASCII)
# More classes of one element say how it is laid out, and not what it is.
MAX_CLASSES = 2
# Names by which nothing is found: these elements say themselves what they are.
WHOLE_PAGE = frozenset(("html", "body"))


def element_of(containers: Sequence[Container]) -> str | None:
    """Return the innermost element that all of these stand in, as a selector; None if that is the page itself.

    If it has no name of its own, the nearest element around it that has one goes before it: `div.share p`.
    """
    common = _common(containers)
    if common is None or not common.tag or common.tag in WHOLE_PAGE:
        return None
    own = _selector(common)
    if own != common.tag:
        return own
    named = next((outer for outer in common.around() if _selector(outer) != outer.tag), None)
    return own if named is None or named.tag in WHOLE_PAGE else f"{_selector(named)} {own}"


def _common(containers: Sequence[Container]) -> Container | None:
    if not containers:
        return None
    common: Container | None = containers[0]
    for container in containers[1:]:
        around = {id(outer) for outer in container.around()}
        while common is not None and id(common) not in around:
            common = common.parent
    return common


def _selector(container: Container) -> str:
    if container.id and NAME.fullmatch(container.id):
        return f"{container.tag}#{container.id}"
    names = [name for name in container.classes.split() if NAME.fullmatch(name)]
    return ".".join((container.tag, *names[:MAX_CLASSES]))
