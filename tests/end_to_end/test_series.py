"""A series through the command line: shot once, made in order, and whatever goes wrong with one film stays its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from mounts import mounted, remount
from theatre import Theatre, open_theatre, short_clips

STORYBOARD: Final = """
{% scene "night" %}
{% shot "title" %} A neon sign, NAME. {% endshot %}
{% shot "place" %} {{ place }} at night, NAME. {% endshot %}
{% endscene %}
"""
FAULTS: Final = (
    {"door": "generate", "fault": "fail", "shot": "*.to-nowhere"},
    {"door": "generate", "fault": "no_credits", "shot": "*.to-costly"},
    {"door": "generate", "fault": "drop", "charged": True, "shot": "*.sign-lost"},
)


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A server with short clips; shots called `nowhere` always fail, none called `costly` is in the account, and those
    called `lost` are charged without an answer.
    """
    root = tmp_path_factory.mktemp("theatre")
    faults = root / "faults.json"
    faults.write_text(json.dumps({"rules": FAULTS}))
    with open_theatre(root, *short_clips(root / "clips"), "--faults", str(faults)) as opened:
        yield opened


def a_series(theatre: Theatre, name: str, storyboard: str = STORYBOARD, **places: str) -> Path:
    """A film for each place, by the name of its episode."""
    folder = theatre.write(name, storyboard.replace("NAME", name), "title: Night\n")
    episodes = "".join(f"  - {{id: {name}, variables: {{place: {place}}}}}\n" for name, place in places.items())
    (folder / "series.yaml").write_text(f"episodes:\n{episodes}")
    return folder


def sent(theatre: Theatre, since: int) -> list[str]:
    """The shots that were charged since, in order."""
    return [line["shotId"].partition("~")[0] for line in theatre.charges()[since:] if line["kind"] == "charge"]


def test_what_episodes_share_is_shot_once_and_a_second_run_does_nothing(theatre: Theatre) -> None:
    """Two films, four shots, three requests; the second run calls nobody and encodes nothing."""
    folder, before = a_series(theatre, "harbour", e1="A pier", e2="A crane"), len(theatre.charges())
    done = theatre.run("series", "render", "harbour")
    assert done.returncode == 0, done.stderr
    assert sent(theatre, before) == ["e1.title", "e1.place", "e2.place"]
    assert sorted(path.name for path in (folder / "out").glob("*.mp4")) == ["harbour-e1.mp4", "harbour-e2.mp4"]
    calls = len(theatre.log("requests"))
    again = theatre.run("series", "render", "harbour")
    assert again.returncode == 0
    assert len(theatre.log("requests")) == calls
    assert [line.split()[:4] for line in again.stdout.splitlines()[1:]] == [
        ["e1", "up", "to", "date"],
        ["e2", "up", "to", "date"],
    ]


def test_a_changed_variable_changes_its_own_episode_alone(theatre: Theatre) -> None:
    """One shot is charged, one film made; the other film keeps its very bytes."""
    folder = a_series(theatre, "market", e1="A stall", e2="A lamp")
    assert theatre.run("series", "render", "market").returncode == 0
    e1, before = (folder / "out/market-e1.mp4").stat(), len(theatre.charges())
    a_series(theatre, "market", e1="A stall", e2="A lantern")
    done = theatre.run("series", "render", "market")
    assert done.returncode == 0, done.stderr
    assert sent(theatre, before) == ["e2.place"]
    now = (folder / "out/market-e1.mp4").stat()
    assert (now.st_ino, now.st_mtime_ns) == (e1.st_ino, e1.st_mtime_ns)


def test_a_plan_says_what_is_unique_and_what_each_film_waits_for(theatre: Theatre) -> None:
    """Six shots in three films, four of them unique: 40 credits, and 20 that sharing saves."""
    a_series(theatre, "tower", e1="A bell", e2="A stair", e3="A gate")
    done = theatre.run("series", "plan", "tower")
    assert "6 shots, 4 unique. 40 credits" in done.stdout and "20 saved by reuse" in done.stdout
    plan: dict[str, Any] = json.loads(theatre.run("series", "plan", "tower", "--json").stdout)
    assert [film["name"] for film in plan["films"]] == ["e1", "e2", "e3"]
    assert all(120 <= film["seconds_estimated"] <= 420 for film in plan["films"])


def test_a_broken_episode_holds_up_no_other(theatre: Theatre) -> None:
    """It misses a variable: exit 3, its line is quoted, and the other film is there."""
    folder = a_series(theatre, "quarry", e1="A crane", e2="A pond")
    listed = (folder / "series.yaml").read_text().replace("place: A crane", "plaec: A crane")
    (folder / "series.yaml").write_text(listed)
    done = theatre.run("series", "render", "quarry")
    assert done.returncode == 3, done.stderr
    assert [path.name for path in (folder / "out").glob("*.mp4")] == ["quarry-e2.mp4"]
    assert "place" in done.stdout and "storyreel series render quarry --select episode:e1" in done.stderr


def test_a_shot_that_always_fails_holds_up_its_own_film_alone(theatre: Theatre) -> None:
    """Exit 6, the sentence names the shot, and the last line goes on with that film alone."""
    storyboard = STORYBOARD.replace('"place"', '"to-" ~ kind')
    folder = a_series(theatre, "marsh", storyboard, e1="A reed", e2="A heron")
    listed = (folder / "series.yaml").read_text()
    listed = listed.replace("place: A reed", "place: A reed, kind: nowhere").replace("A heron", "A heron, kind: place")
    (folder / "series.yaml").write_text(listed)
    done = theatre.run("series", "render", "marsh")
    assert done.returncode == 6, done.stderr
    assert [path.name for path in (folder / "out").glob("*.mp4")] == ["marsh-e2.mp4"]
    assert "marsh/e1.to-nowhere/tk01 is failed" in done.stdout
    assert "storyreel series render marsh --select episode:e1" in done.stderr


def test_credits_that_end_let_the_films_come_out_that_have_their_clips(theatre: Theatre) -> None:
    """The account has none for e2's shot: e1 is there, exit 4, and the rest waits without a charge."""
    storyboard = STORYBOARD.replace('"place"', '"to-" ~ kind')
    folder, before = a_series(theatre, "desert", storyboard, e1="A dune", e2="A well", e3="A tent"), theatre.charges()
    kinds = zip(("A dune", "A well", "A tent"), ("place", "costly", "place"), strict=True)
    listed = (folder / "series.yaml").read_text()
    for place, kind in kinds:
        listed = listed.replace(place, f"{place}, kind: {kind}")
    (folder / "series.yaml").write_text(listed)
    (folder / "project.yaml").write_text("title: Night\nbudget: {max_doubt_credits: 10}\n")  # one shot a request
    done = theatre.run("series", "render", "desert")
    assert done.returncode == 4, done.stderr
    assert "INSUFFICIENT_CREDITS" in done.stdout
    assert [path.name for path in (folder / "out").glob("*.mp4")] == ["desert-e1.mp4"]
    assert sent(theatre, len(before)) == ["e1.title", "e1.to-place"]


def test_a_lost_answer_of_a_shared_shot_is_resolved_by_the_name_of_either(theatre: Theatre) -> None:
    """The take is e1's; who says it of e2's shot, which shares it, means the same one."""
    before = len(theatre.charges())
    folder = a_series(theatre, "mist", STORYBOARD.replace('"title"', '"sign-lost"'), e1="A quay", e2="A dam")
    (folder / "project.yaml").write_text("title: Night\nbudget: {max_doubt_credits: 10}\n")  # one shot a request
    assert theatre.run("series", "render", "mist").returncode == 5
    assert "mist/e1.sign-lost/tk01" in theatre.run("resolve", "mist", "e2.sign-lost").stdout
    assert theatre.resolve_by_the_servers_log("mist") == 1
    assert theatre.run("series", "render", "mist").returncode == 0
    assert sorted(sent(theatre, before)) == ["e1.place", "e1.sign-lost", "e2.place"]


def test_one_episode_can_be_made_alone(theatre: Theatre) -> None:
    """By its name within the series, and by a selector; what it shares is not paid for again."""
    folder, before = a_series(theatre, "island", e1="A cliff", e2="A bay"), len(theatre.charges())
    assert theatre.run("render", "island/e2").returncode == 0
    assert sent(theatre, before) == ["e2.title", "e2.place"]
    assert theatre.run("series", "render", "island", "--select", "episode:e1").returncode == 0
    assert sent(theatre, before) == ["e2.title", "e2.place", "e1.place"]
    assert sorted(path.name for path in (folder / "out").glob("*.mp4")) == ["island-e1.mp4", "island-e2.mp4"]


def test_what_happens_is_told_in_json_lines(theatre: Theatre) -> None:
    """Each line an object with its event; the last one says how each film ended."""
    a_series(theatre, "canal", e1="A lock", e2="A barge")
    lines = [json.loads(line) for line in theatre.run("series", "render", "canal", "--json").stdout.splitlines()]
    events = [line["event"] for line in lines]
    said = [event for event in events if event != "note"]
    assert (said[0], said[1], said[-1]) == ("begun", "planned", "end")
    assert events.count("film") == 2
    assert {name: film["outcome"] for name, film in lines[-1]["films"].items()} == {"e1": "made", "e2": "made"}


def standing(status: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Of each film: its name, how many of its shots are here, and what is still to pay."""
    return [(film["film"], film["landed"], film["credits"]) for film in status["films"]]


def test_status_and_the_page_say_where_each_film_stands(theatre: Theatre) -> None:
    """Before and after: two films of two shots, 30 credits; the page names both."""
    folder = a_series(theatre, "forest", e1="A deer", e2="A hut")
    before = json.loads(theatre.run("series", "status", "forest", "--json").stdout)
    assert [(film["film"], film["landed"], film["credits"]) for film in before["films"]] == [
        ("e1", 0, 20),
        ("e2", 0, 10),
    ]
    assert theatre.run("series", "render", "forest").returncode == 0
    after = json.loads(theatre.run("series", "status", "forest", "--json").stdout)
    assert standing(after) == [("e1", 2, 0), ("e2", 2, 0)]
    assert (after["credits"]["spent"], after["credits"]["saved"]) == (30, 10)
    page = (folder / "build/report.html").read_text()
    assert "forest-e1.mp4" in page and "forest-e2.mp4" in page


def test_variants_are_films_of_one_project(theatre: Theatre) -> None:
    """Two languages in two lengths; only the word that differs is shot twice, and the short ones cost nothing."""
    storyboard = """
    {% shot "a" %} A sign that says {{ word }}. {% endshot %}
    {% if length == "full" %}{% shot "b" %} A street. {% endshot %}{% endif %}
    """
    folder, before = theatre.write("sign", storyboard), len(theatre.charges())
    (folder / "project.yaml").write_text("""
variants:
  language: {en: {variables: {word: open}}, de: {variables: {word: offen}}}
  cut: {full: {variables: {length: full}}, short: {variables: {length: short}}}
""")
    done = theatre.run("series", "render", "sign")
    assert done.returncode == 0, done.stderr
    assert sorted(path.stem for path in (folder / "out").glob("*.mp4")) == [
        "sign-de-full",
        "sign-de-short",
        "sign-en-full",
        "sign-en-short",
    ]
    assert sent(theatre, before) == ["en-full.a", "en-full.b", "de-full.a"]


def test_a_film_that_has_no_room_holds_up_no_other(theatre: Theatre) -> None:
    """The folder of e1 is full: exit 8, e2 comes out; with room again e1 does, and nothing is paid twice."""
    folder, before = a_series(theatre, "cellar", e1="A cask", e2="A press"), len(theatre.charges())
    (folder / "build").mkdir()
    with mounted(folder / "build/e1", "4k"):
        done = theatre.run("series", "render", "cellar")
        assert (done.returncode, "Traceback" in done.stderr) == (8, False), done.stderr
        assert "No space left on device" in done.stdout
    assert [path.name for path in (folder / "out").glob("*.mp4")] == ["cellar-e2.mp4"]
    assert theatre.run("series", "render", "cellar").returncode == 0
    assert sent(theatre, before) == ["e1.title", "e1.place", "e2.place"]


@pytest.mark.series
@pytest.mark.torture
def test_a_series_survives_a_full_disk(theatre: Theatre, tmp_path: Path) -> None:
    """At six sizes of what is left: a sentence and exit 8; with room again, both films, and three charges in all."""
    before = len(theatre.charges())
    for left in range(1, 7):
        with mounted(tmp_path / f"left{left}", "64M"):
            cramped = Theatre(tmp_path / f"left{left}", theatre.url)
            folder = a_series(cramped, "attic", STORYBOARD.replace("NAME", f"NAME {left}"), e1="A chest", e2="A moth")
            used = os.statvfs(folder)
            used_bytes = (used.f_blocks - used.f_bfree) * used.f_bsize
            remount(cramped.root, str(used_bytes + left * 50_000))
            first = cramped.run("series", "render", "attic")
            assert (first.returncode, "Traceback" in first.stderr) == (8, False), first.stderr
            remount(cramped.root, "64M")
            cramped.state_dir = theatre.state_dir
            cramped.resolve_by_the_servers_log("attic")
            last = cramped.run("series", "render", "attic")
            assert last.returncode == 0, last.stderr
            print(f"room for {left * 50} kB: exit code {first.returncode}, then {last.returncode}")
    assert len(theatre.charges()) == before + 6 * 3
