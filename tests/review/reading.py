"""Reads a report the way a browser does: elements and visible text, script and style left out."""

from __future__ import annotations

from html.parser import HTMLParser

UNSEEN = ("script", "style")


class Reading(HTMLParser):
    """Attributes: elements: each start tag with its attributes; text: all that is seen, runs of spaces made one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._pieces: list[str] = []
        self._inside = ""
        self.feed(page)
        self.close()

    @property
    def text(self) -> str:
        return " ".join("".join(self._pieces).split())

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of every `tag` that has `attributes`; `class_` stands for `class`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [has for name, has in self.elements if name == tag and wanted.items() <= has.items()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in UNSEEN:
            self._pieces.append(data)
