"""A film of a series is the same film under its own name."""

from __future__ import annotations

import pytest
from builders import a_shot, a_storyboard
from pydantic import ValidationError

from pipeline.model.delivery import Delivery, Fit, Format, Poster, Shape
from pipeline.model.finding import Source
from pipeline.model.instructions import Continuation
from pipeline.model.series import Episode
from pipeline.model.storyboard import Logo, Music, Narration

HERE = Source(path="storyboard.jinja", line=1)


def test_all_that_names_an_item_names_it_under_the_episode() -> None:
    """What names none still names none."""
    film = a_storyboard(
        a_shot("run"),
        a_shot("rest", continues=Continuation(shot="run", frame=-2)),
        music=Music(file="m.m4a", on="rest", source=HERE),
        narrations=(Narration(file="v.m4a", source=HERE),),
        logos=(Logo(file="l.png", on="run", source=HERE),),
        delivery=Delivery(
            poster=Poster(item="run", at=24), formats=(Format(shape=Shape.TALL, items={"rest": Fit.parse("fit")}),)
        ),
    ).within("s01e01")
    assert [item.id for item in film.items] == ["s01e01.run", "s01e01.rest"]
    assert str(film.shots[1].continues) == "s01e01.run -2"
    assert film.music is not None and film.music.on == "s01e01.rest"
    assert (film.narrations[0].on, film.logos[0].on) == ("", "s01e01.run")
    assert str(film.delivery.poster) == "s01e01.run@24f"
    assert str(film.delivery.formats[0].fit_of("s01e01.rest")) == "fit"


def test_a_film_without_any_of_it_is_only_renamed() -> None:
    """And written and read as ever."""
    film = a_storyboard(a_shot("run.paris")).within("de")
    assert film.shots[0].id == "de.run.paris" and type(film).from_json(film.to_json()) == film


@pytest.mark.parametrize("name", ["s01.e01", "", "-a", "a/b", "a b", "a\n", ".."])
def test_an_episode_cannot_be_called_what_is_no_part_of_an_id(name: str) -> None:
    """It names files, and begins ids."""
    with pytest.raises(ValidationError):
        Episode(name=name, title="x", source=HERE)
