"""The reason that a plan gives for a new take is what changed, with its place."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_request, a_shot, a_take

from pipeline.digest import ContentHash
from pipeline.model.finding import Source
from pipeline.model.instructions import Continuation
from pipeline.model.plan import ImageRef, TakeRequest
from pipeline.model.storyboard import AspectRatio, GenerationType, Image, Ingredient, Resolution
from pipeline.planner.changes import what_changed

CAT, DOG = ContentHash("a" * 64), ContentHash("b" * 64)


def value(name: str, text: str, place: str = "project.yaml:14") -> Ingredient:
    path, _, line = place.rpartition(":")
    return Ingredient(name=name, text=text, source=Source(path=path, line=int(line)))


def told(before: str, now: str, *, was: Any = (), is_now: Any = (), look: str = "") -> str:
    """What is said of a shot whose prompt went from `before` to `now`, made of these values."""
    older = a_take("run", prompt=before, made_of=was)
    shot = a_shot("run", prompt=now, made_of=is_now)
    return what_changed(shot, a_request(now), older, look)


def test_a_value_that_changed_is_named_with_its_place() -> None:
    """The author's own text is as it was."""
    said = told(
        "She runs in Paris at dawn.",
        "She runs in Lyon at dawn.",
        was=[value("city", "Paris")],
        is_now=[value("city", "Lyon")],
    )
    assert said == 'prompt changed: variable `city`, project.yaml:14: "Paris" → "Lyon"'


def test_where_a_value_was_written_says_what_it_is() -> None:
    """A bible entry, or a cell of a table; of a long one, the words that differ."""
    hero = value("hero", "A runner in red, tall", "bible.yaml:3")
    said = told(
        "A runner in blue, tall runs. Tea.",
        "A runner in red, tall runs. Milk.",
        was=[value("hero", "A runner in blue, tall"), value("products.1.name", "Tea")],
        is_now=[hero, value("products.1.name", "Milk", "products.csv:2")],
    )
    assert said == (
        'prompt changed: bible entry `hero`, bible.yaml:3: "blue" → "red"; '
        'cell `products.1.name`, products.csv:2: "Tea" → "Milk"'
    )


def test_a_value_is_told_apart_from_text_that_looks_like_it() -> None:
    """An "a" stands all over the prompt; and a filter may have made letters large."""
    was, is_now = [value("place", "Paris")], [value("place", "a")]
    said = told("A walk at dawn in Paris.", "A walk at dawn in a.", was=was, is_now=is_now)
    assert said == 'prompt changed: variable `place`, project.yaml:14: "Paris" → "a"'
    said = told("PARIS at dawn.", "OSLO at dawn.", was=was, is_now=[value("place", "Oslo")])
    assert said == 'prompt changed: variable `place`, project.yaml:14: "Paris" → "Oslo"'


def test_a_text_that_was_edited_is_the_shots_own() -> None:
    """With the line of its tag; values that are as they were are not named."""
    city = [value("city", "Paris")]
    said = told("She runs in Paris at dawn.", "She walks in Paris at dawn.", was=city, is_now=city)
    assert said == 'prompt changed: its own text, storyboard.jinja:1: "runs" → "walks"'


def test_words_that_came_or_went_are_told_as_such() -> None:
    """One side of such a change is empty."""
    assert told("She runs.", "She runs fast.").endswith(': added "fast"')
    assert told("She runs fast.", "She runs.").endswith(': took out "fast"')


def test_long_words_are_not_quoted() -> None:
    """The place says where to look."""
    assert told("One.", "Another " * 20) == "prompt changed: its own text, storyboard.jinja:1"


def test_han_letters_are_compared_one_by_one() -> None:
    """They have no spaces between words."""
    assert told("她在海邊跑步。", "她在山邊跑步。").endswith(': "海" → "山"')


def test_a_value_and_the_text_around_it_are_both_named() -> None:
    """The value by its name, since it may stand elsewhere now."""
    said = told("In Paris, dawn.", "Dusk in Lyon.", was=[value("city", "Paris")], is_now=[value("city", "Lyon")])
    assert "variable `city`" in said and "its own text" in said


def test_a_scenes_look_is_told_apart_from_the_prompt() -> None:
    """It is the prompt's last paragraph."""
    assert told("Run.\n\nGolden hour.", "Run.\n\nBlue hour.", look="Blue hour.") == 'look changed: "Golden" → "Blue"'
    assert told("Run.", "Run.\n\nBlue hour.", look="Blue hour.") == 'look changed: added "Blue hour."'


def test_many_values_are_told_as_three_and_their_number() -> None:
    """A new draft of a bible is not a page of reasons."""
    was, is_now = ([value(f"v{n}", f"{word}{n}") for n in range(5)] for word in ("old", "new"))
    said = told("old0 old1 old2 old3 old4", "new0 new1 new2 new3 new4", was=was, is_now=is_now)
    assert said.count("variable") == 3 and said.endswith(" and 2 more")


def test_a_take_without_ingredients_is_compared_as_a_whole() -> None:
    """It was shot before they were kept."""
    said = told("In Paris.", "In Lyon.", is_now=[value("city", "Lyon")])
    assert said == 'prompt changed, storyboard.jinja:1: "Paris" → "Lyon"'


def test_settings_are_told_with_their_old_and_new_words() -> None:
    """Aspect ratio and resolution hold for the whole film."""
    older = a_take("run")
    request = a_request("A prompt for run.", aspect=AspectRatio.TALL, resolution=Resolution.UHD)
    said = what_changed(a_shot("run"), request, older)
    assert said == "aspect ratio changed: 16:9 → 9:16; resolution changed: 720p → 4k"


def with_images(kind: GenerationType, *images: ContentHash) -> TakeRequest:
    return a_request("Same.", generation=kind, images=tuple(ImageRef(sha256=image) for image in images))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ([DOG], [CAT], "first image changed: assets/cat.png"),
        ([CAT], [CAT, DOG], "last image added: assets/dog.png"),
        ([CAT, DOG], [CAT], "last image taken out"),
        ([DOG, CAT], [CAT, DOG], "the order of its images changed"),
    ],
)
def test_a_picture_counts_by_what_is_in_it(before: list[ContentHash], now: list[ContentHash], said: str) -> None:
    """And is called by its file, as the storyboard does."""
    names = {CAT: "assets/cat.png", DOG: "assets/dog.png"}
    images = tuple(Image(role=role, file=names[it]) for role, it in zip(("first", "last"), now, strict=False))
    older = a_take("run", request=with_images(GenerationType.FRAMES, *before))
    shot = a_shot("run", prompt="Same.", images=images)
    assert what_changed(shot, with_images(GenerationType.FRAMES, *now), older) == said


def test_a_continued_shot_names_the_shot_that_ends_otherwise() -> None:
    """Its own lines are as they were."""
    older = a_take("walk", request=with_images(GenerationType.FRAMES, DOG))
    shot = a_shot("walk", prompt="Same.", continues=Continuation(shot="run"))
    said = what_changed(shot, with_images(GenerationType.FRAMES, CAT), older)
    assert said == "first image changed: the end of `run`"


def test_a_shot_that_is_made_another_way_says_by_what() -> None:
    """Pictures make the type; without them it is text."""
    shot = a_shot("walk", prompt="Same.", images=(Image(role="ref", file="assets/cat.png"),))
    pictured = with_images(GenerationType.REFERENCE, CAT)
    said = what_changed(shot, pictured, a_take("walk", prompt="Same."))
    assert said == "type changed: text → reference, by assets/cat.png"
    said = what_changed(a_shot("walk", prompt="Same."), a_request("Same."), a_take("walk", request=pictured))
    assert said == "type changed: reference → text"
