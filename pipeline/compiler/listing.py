"""Which films a project holds: one for each choice of an episode and of a value of every variant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, nearest
from pipeline.compiler.kept_yaml import read_kept
from pipeline.compiler.series_file import Choice, folded, read_choices
from pipeline.compiler.sources import PROJECT_FILE, SERIES_FILE, Sources
from pipeline.compiler.yaml_tree import Node
from pipeline.model.delivery import Shape
from pipeline.model.finding import Finding, Source
from pipeline.model.series import MAX_FILMS, Episode, Series

_MAX_NAME_BYTES: Final = 100  # of a film's name, which goes into names of files
_NAMES_SHOWN: Final = 8
_SUFFIXES: Final = ("contact", *(shape.suffix for shape in Shape))
"""What is put behind a film's name, after a "-", for what is delivered beside it; see `project`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One film of the list.

    Attributes:
        called: the id of its episode; in a project of variants alone its name.
        choices: what it is made of, the strongest last.
    """

    episode: Episode
    called: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A series, and what its films say, by their names."""

    series: Series
    films: Mapping[str, Listed]


def list_series(findings: Findings) -> Series | None:
    """The films of the project that `findings` are about; None if it is one film.

    A project.yaml that cannot be read leaves that open: compiling it will say why.

    Raises:
        StoryboardError: it is a series, and its list cannot be read.
    """
    sources = findings.sources
    project_tree = read_kept(sources.texts.get(PROJECT_FILE, ""), PROJECT_FILE, findings)
    if not is_series(project_tree, sources):
        return None
    listing = read_listing(sources, findings) if project_tree else None
    if listing is None:
        raise findings.error()
    return listing.series


def is_series(project_tree: Node | None, sources: Sources) -> bool:
    """Whether the project has a series.yaml, or variants."""
    variants = project_tree.get("variants") if project_tree else None
    return SERIES_FILE in sources.texts or (variants is not None and variants.value not in (None, {}))


def find_film(project_tree: Node, findings: Findings) -> Listed | None:
    """The film that is meant by `episode` of the sources.

    None with findings: which films there are, or why that cannot be said. None without: the project is one film.
    """
    sources = findings.sources
    if not is_series(project_tree, sources):
        if sources.episode:
            says = f'this project is one film and has none called "{sources.episode}".'
            findings.add(Code.WHICH_FILM, Source(path=PROJECT_FILE, line=1), says, "Leave the name away.")
        return None
    listing = read_listing(sources, findings)
    if listing is None:
        return None
    if film := listing.films.get(sources.episode):
        return film
    place = listing.series.episodes[0].source
    names = list(listing.films)
    if sources.episode:
        says = f'no film of this series is called "{sources.episode}".'
        findings.add(Code.WHICH_FILM, place, says, nearest(sources.episode, names, f"There are: {_shown(names)}."))
    else:
        says = f"this is a series, of {len(names)} films: {_shown(names)}."
        advice = f"Make them with storyreel series render {sources.project}."
        findings.add(Code.WHICH_FILM, place, says, advice)
    return None


def _shown(names: Sequence[str]) -> str:
    left = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {left} more" if left > 0 else "")


def read_listing(sources: Sources, findings: Findings) -> Listing | None:
    """The films of a project that is a series, or None with findings. What was read last is kept."""
    texts = {
        path: text
        for path, text in sources.texts.items()
        if path in (PROJECT_FILE, SERIES_FILE) or path.endswith(".csv")
    }
    tables = frozenset(path for path in sources.files if path.endswith(".csv"))
    listing, found = _kept(sources.project, tuple(texts.items()), tables)
    findings.repeat(found)
    return listing


@lru_cache(maxsize=2)
def _kept(
    project: str, texts: tuple[tuple[str, str], ...], files: frozenset[str]
) -> tuple[Listing | None, tuple[Finding, ...]]:
    findings = Findings(Sources(project=project, texts=dict(texts), files=files))
    return _list(findings), findings.all()


def _list(findings: Findings) -> Listing | None:
    sources = findings.sources
    project_tree = _tree(PROJECT_FILE, Findings(sources))  # what is wrong with it is said where it is compiled
    series_tree = _tree(SERIES_FILE, findings) if SERIES_FILE in sources.texts else None
    lists = read_choices(project_tree, series_tree, findings)
    if findings or not lists:
        return None
    title = _title_of(series_tree) or _title_of(project_tree) or sources.project
    films = _films(lists, title, findings, has_episodes=series_tree is not None)
    if findings:
        return None
    episodes = tuple(film.episode for film in films)
    series = Series(project=sources.project, title=title, episodes=episodes)
    return Listing(series, {film.episode.name: film for film in films})


def _tree(path: str, findings: Findings) -> Node | None:
    return read_kept(findings.sources.texts.get(path, ""), path, findings)


def _title_of(tree: Node | None) -> str:
    """The title that is written, if it is one; what else stands there is found where it is read."""
    title = tree.get("title") if tree else None
    return title.value.strip() if title and isinstance(title.value, str) else ""


def _films(lists: Sequence[tuple[Choice, ...]], title: str, findings: Findings, *, has_episodes: bool) -> list[Listed]:
    """Every choice from `lists`, in order, the last varying first."""
    if math.prod(map(len, lists)) > MAX_FILMS:
        sizes = " × ".join(str(len(each)) for each in lists)
        says = f"these are {sizes} films, at most {MAX_FILMS}."
        findings.add(Code.TOO_MANY_FILMS, lists[-1][0].source, says, "Make several series of them.")
        return []
    films = [_film(choices, title, has_episodes=has_episodes) for choices in product(*lists)]
    _check_names(films, findings)
    return films


def _film(choices: tuple[Choice, ...], title: str, *, has_episodes: bool) -> Listed:
    name = "-".join(choice.name for choice in choices)
    own_title = next(filter(None, (_title_of(choice.patch) for choice in reversed(choices))), "")
    episode = Episode(
        name=name,
        title=own_title or f"{title} {name}",
        storyboard=_storyboard_of(choices).removeprefix("./"),
        source=choices[0 if has_episodes else -1].source,
    )
    return Listed(episode, choices[0].name if has_episodes else name, choices)


def _storyboard_of(choices: Sequence[Choice]) -> str:
    """The path of the storyboard that is chosen; "" for none. What is no text is found when it is compiled."""
    written = (choice.patch.get("storyboard") for choice in reversed(choices))
    return next((node.value for node in written if node and isinstance(node.value, str)), "")


def _check_names(films: Sequence[Listed], findings: Findings) -> None:
    """No two films, and none of the files beside them, are called alike."""
    seen: dict[str, Listed] = {}
    for film in films:
        name, source = film.episode.name, film.episode.source
        if len(name.encode()) > _MAX_NAME_BYTES:
            says = f'"{name}" is too long to name files after.'
            findings.add(Code.EPISODE_NAME, source, says, f"Keep ids and values to {_MAX_NAME_BYTES} bytes together.")
        if seen.setdefault(folded(name), film) is not film:
            _say_alike(film, seen[folded(name)], findings)
    for film in films:
        for beside in (f"{film.episode.name}-{suffix}" for suffix in _SUFFIXES):
            if other := seen.get(folded(beside)):
                _say_alike(other, film, findings)


def _say_alike(film: Listed, other: Listed, findings: Findings) -> None:
    one, two = (" × ".join(choice.name for choice in each.choices) for each in (other, film))
    says = f"files of two films would have the same name: {one} and {two}."
    findings.add(Code.FILM_TWICE, film.episode.source, says, "Call one of the values otherwise.")
