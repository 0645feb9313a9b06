"""A prompt reaches the API letter for letter, whatever it is made of: as a variable and in a verbatim shot."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from pipeline.api.client import VeoClient
from pipeline.compiler import Sources
from pipeline.compiler.cell import Cell
from pipeline.host import SystemClock
from pipeline.model.answer import Accept, ShotOrder
from pipeline.model.storyboard import Storyboard
from pipeline.planner.requests import request_of
from pipeline.sandbox import SandboxConfig, serve

PIECES: Final = (
    *(
        "{{ hero }}",
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "{% raw %}",
        "{% shot a %}",
        "{{{{}}}}",
        "{'a': {}}",
        "%s %(a)s {0!r}",
    ),
    *(
        '"',
        "'",
        '"""',
        "“curly”",
        "‘single’",
        "«guillemets»",
        "「こんにちは」",
        "『二重』",
        "`ticks`",
        "It's 5 o'clock",
    ),
    *(
        "\\",
        "\\n",
        "\\x41\\u0041",
        "C:\\new\\table",
        "\\\\",
        '\\"',
        "$HOME ${x} `id`",
        "<b>&amp;</b>",
        "a # b",
        "- a: b",
        "&a *a !x",
    ),
    *(
        '{"prompt": "A \\"boat\\"", "n": [1, 2.50, null]}',
        "1e3",
        "007",
        "NO",
        "~",
        "50 %",
        "½ × 3 − 1 ± 0",
        "—…·•",
        "\t",
        "a\tb",
    ),
    *("🌊", "👩🏽‍🚀", "🏳️‍🌈", "🇹🇼", "e\u0301 n\u0303", "ﬁ", "ß ẞ İ ı", "Ω≈ç√∫", "𝕬𝖇", "\U00020bb7野家", "\ue000"),
    *(
        "臺北的夜市，燈火通明。",
        "一名跑者在黎明的海灘上奔跑！",
        "東京タワー",
        "서울의 밤",
        "กรุงเทพฯ",
        "नमस्ते",
        "Καλημέρα",
        "Привет",
    ),
    *(
        "مرحبا بالعالم",
        "يركض عدّاء على الشاطئ عند الفجر",
        "שלום עולם",
        "רץ על החוף",
        "\u200fמעורב abc\u200e",
        "\u202eback\u202c",
    ),
    *("a\u00a0b", "a\u2028b", "a\u2029b", "a\u200bb", "a\ufeffb", "a\u3000b", "x\u00adx"),
    *(
        "\n",
        "\n\n",
        "\n  indented",
        "\n\ttabbed",
        "\n# no comment",
        "\n  - no list",
        "\n---",
        "\n...",
        "\n{% endfor %}",
    ),
    *("A boat.", "Low light", "walks", "slowly,", "at", "dawn"),
)
AROUND: Final = ("", " ", "\n", "\n\n  ", "\t")


def a_prompt(dice: random.Random) -> str:
    """Words and signs of all kinds; it begins and ends with a letter, and no line is blank but for its newline."""
    words = " ".join(dice.choices(PIECES, k=dice.randint(1, 14)))
    lines = [line.rstrip(" \t") for line in f"A {words} z".split("\n")]
    return "\n".join(lines)


def a_film(prompts: Sequence[str], dice: random.Random) -> Sources:
    """One shot for each prompt: by turns from project.yaml, and verbatim, set in by four spaces."""
    variables, shots = [], []
    for number, prompt in enumerate(prompts):
        if number % 2:
            written = prompt.replace("\n", "\n    ")
            shots.append(f"{{% shot s{number} verbatim %}}\n    {written}\n{{% endshot %}}")
        else:
            quoted = json.dumps(f"{dice.choice(AROUND)}{prompt}{dice.choice(AROUND)}", ensure_ascii=dice.random() < 0.5)
            variables.append(f"  text{number}: {quoted}")
            shots.append(f"{{% shot s{number} %}}\n    {{{{ text{number} }}}}\n{{% endshot %}}")
    project = "\n".join(["variables:", *variables])
    return Sources(project="letters", texts={"project.yaml": project, "storyboard.jinja": "\n".join(shots)})


async def send(url: str, film: Storyboard) -> None:
    """All of it in one request."""
    requests = [request_of(shot, film, picture=lambda _: pytest.fail("there is none")) for shot in film.shots]
    orders = [ShotOrder(sent_id=shot.id, request=sent) for shot, sent in zip(film.shots, requests, strict=True)]
    client = VeoClient(url, "sbx_letters", SystemClock())
    answer = await client.generate(orders, film.resolution, connected=lambda: None)
    assert isinstance(answer, Accept), answer


def arrivals(state_dir: Path) -> list[Mapping[str, str]]:
    """The prompts that the sandbox saw, by the ids of their shots, request by request."""
    lines = (state_dir / "requests.jsonl").read_text(encoding="utf-8").split("\n")
    bodies = [json.loads(line)["body"] for line in lines if line]
    return [{shot["id"]: shot["prompt"] for shot in body["shots"]} for body in bodies]


def prove_arrival(tmp_path: Path, seed: int, films: int) -> None:
    """Send films of 21 such prompts, and hold what arrived against what was written."""
    dice = random.Random(seed)
    written = [[a_prompt(dice) for _ in range(21)] for _ in range(films)]
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "any.mp4").write_bytes(b"a clip")
    config = SandboxConfig(state_dir=tmp_path / "state", log_bodies=True, footage_dir=tmp_path / "clips")
    with Cell() as cell, serve(config) as url:
        for prompts in written:
            asyncio.run(send(url, cell.compile(a_film(prompts, dice)).storyboard))
    expected = [{f"s{number}": prompt for number, prompt in enumerate(prompts)} for prompts in written]
    assert arrivals(tmp_path / "state") == expected, f"seed {seed}"


def test_prompts_arrive_letter_for_letter(tmp_path: Path):
    """Three films: 63 prompts of braces, quotes, newlines, emoji and many scripts."""
    prove_arrival(tmp_path, seed=7, films=3)


@pytest.mark.torture
@pytest.mark.words
def test_a_thousand_prompts_arrive_letter_for_letter(tmp_path: Path):
    """48 films: 1,008 prompts; the seed is new each time, and named if one does not arrive."""
    prove_arrival(tmp_path, seed=random.randrange(10**6), films=48)
