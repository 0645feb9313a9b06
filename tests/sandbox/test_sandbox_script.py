"""When a fault happens: which calls a rule meets, what chance draws, and how a script is written down."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import httpx
import pytest
from builders_sandbox import GENERATE, a_sandbox, a_shot
from typer.testing import CliRunner

from pipeline.cli.commands import app
from pipeline.sandbox import FaultScript, Rule, SandboxConfig, read_script
from pipeline.sandbox.chance import DRAWS
from pipeline.sandbox.faults import KINDS, Door, ShotSeen
from pipeline.sandbox.wishes import WISHES

DOCS = Path(__file__).parent.parent.parent / "docs" / "sandbox.md"
SANDBOX = [sys.executable, "-c", "from pipeline.cli import main; main()", "sandbox"]
RUN, WALK = ShotSeen("run.paris~tk01"), ShotSeen("walk")


def struck(script: FaultScript, calls: int, door: Door = "generate") -> str:
    """What happens to so many calls: the first letter of the fault, or a dot."""
    met = [script.meet(door, [RUN]) for _ in range(calls)]
    return "".join(found[0].fault[0] if found else "." for found in met)


@pytest.mark.parametrize(
    ("rule", "calls"),
    [
        (Rule("generate", "drop"), "ddddd"),
        (Rule("generate", "drop", nth=2), ".d..."),
        (Rule("generate", "drop", until=2), "dd..."),
        (Rule("generate", "drop", since=4), "...dd"),
        (Rule("generate", "drop", since=2, until=3), ".dd.."),
        (Rule("generate", "drop", chance=0.0), "....."),
        (Rule("api", "drop", nth=5), "....d"),
        (Rule("check-status", "drop"), "....."),
        (Rule("generate", "drop", shot="run.*"), "ddddd"),
        (Rule("generate", "drop", shot="walk"), "....."),
    ],
)
def test_a_rule_meets_the_calls_it_is_for(rule: Rule, calls: str) -> None:
    """Of five generate calls with one shot, `run.paris~tk01`."""
    assert struck(FaultScript(rule), 5) == calls


def test_a_rule_counts_the_calls_that_fit_it() -> None:
    """The second call with a walk, whatever came between; and the rule is told which of the shots it is about."""
    script = FaultScript(Rule("generate", "fail", shot="walk", nth=2))
    for shots in ([WALK], [RUN], [RUN, WALK]):
        met = script.meet("generate", shots)
    assert [(m.fault, m.shots) for m in met] == [("fail", ("walk",))]
    assert [(h.n, h.fault) for h in script.happened] == [(3, "fail")]


def test_rules_may_be_changed_while_calls_go_on() -> None:
    """A rule begins to count when it is added; what happened stays told."""
    script = FaultScript(Rule("generate", "drop"))
    seen = struck(script, 1)
    script.clear()
    seen += struck(script, 1)
    script.add(Rule("generate", "error", nth=1), Rule("generate", "cut", nth=2))
    assert seen + struck(script, 3) == "d.ec."
    assert [h.n for h in script.happened] == [1, 3, 4]


@pytest.mark.parametrize("door", ["generate", "check-status", "video"])
def test_the_same_seed_gives_the_same_faults(door: Door) -> None:
    """At each door 1,000 calls at 3 in 100: 30 are expected, 10 to 60 accepted; another seed gives others."""
    seven, again, eight = (FaultScript.random(0.03, seed) for seed in (7, 7, 8))
    for script in (seven, again, eight):
        struck(script, 1000, door)
    assert seven.happened == again.happened != eight.happened
    assert 10 <= len(seven.happened) <= 60


def test_chance_knows_only_what_is_chosen() -> None:
    """At certainty every call meets one of the kinds, and in the end each of them."""
    script = FaultScript.random(1.0, 7, kinds=["cut", "error"])
    assert set(struck(script, 100)) == {"c", "e"}


def test_everything_drawn_is_a_rule() -> None:
    """All kinds that chance knows come up at all their doors, with parameters that fit."""
    script = FaultScript.random(1.0, 7)
    for door in ("generate", "check-status", "video"):
        struck(script, 1000, door)
    drawn = {(h.door, h.fault) for h in script.happened}
    assert drawn == {(door, kind) for kind in DRAWS for door in KINDS[kind].doors}


def test_a_rules_own_chance_follows_from_the_seed() -> None:
    """Half of 200 calls, give or take; the same ones again."""
    runs = [struck(FaultScript(Rule("generate", "drop", chance=0.5), seed=seed), 200) for seed in (7, 7, 8)]
    assert runs[0] == runs[1] != runs[2]
    assert 70 <= runs[0].count("d") <= 130


def test_the_same_calls_meet_the_same_faults_over_a_socket(tmp_path: Path) -> None:
    """Two servers, ten orders each, half of them struck: the same answers and the same charges."""
    seen = []
    for name in ("one", "two"):
        script = FaultScript.random(0.5, 7, kinds=["drop", "error", "failed_at_once"])
        (tmp_path / name).mkdir()
        with a_sandbox(tmp_path / name, faults=script) as sandbox:
            answers = [sandbox.raw(GENERATE, {"shots": [a_shot(f"run-{n}")]}) for n in range(10)]
            seen.append(([(came[:12], end) for came, end in answers], sandbox.money(), script.happened))
    assert seen[0] == seen[1]
    assert len(seen[0][2]) > 0


def test_a_script_is_read_from_a_file(tmp_path: Path) -> None:
    """Rules by their fields, chance, kinds and seed; a file that a rule serves lies beside the script."""
    (tmp_path / "odd.mp4").write_bytes(b"odd")
    (tmp_path / "faults.yaml").write_text(
        "rules:\n"
        "  - {door: api, fault: drop, charged: true, end: reset, nth: 2}\n"
        "  - {door: generate, fault: fail, positions: [1, 3]}\n"
        "  - {door: video, fault: other, file: odd.mp4}\n"
    )
    script = read_script(tmp_path / "faults.yaml")
    doors: tuple[Door, ...] = ("generate", "generate", "video")
    assert [[m.rule for m in script.meet(door, [RUN])] for door in doors] == [
        [Rule("generate", "fail", positions=(1, 3))],
        [Rule("api", "drop", charged=True, end="reset", nth=2), Rule("generate", "fail", positions=(1, 3))],
        [Rule("video", "other", file=str(tmp_path / "odd.mp4"))],
    ]


def test_chance_is_read_from_a_file(tmp_path: Path) -> None:
    """In JSON as well."""
    (tmp_path / "faults.json").write_text('{"chance": 0.5, "kinds": ["drop"], "seed": 7}')
    read, made = read_script(tmp_path / "faults.json"), FaultScript.random(0.5, 7, kinds=["drop"])
    assert struck(read, 50) == struck(made, 50)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules: [{door: generate, fault: sink}]", "rules.0: There is no fault 'sink'; there are drop, "),
        (
            "rules: [{door: video, fault: no_url}]",
            "rules.0: no_url is not known at the door video, but at check-status.",
        ),
        ("rules: [{door: api, fault: revoked, at_byte: 3}]", "rules.0: revoked takes no at_byte, but nothing."),
        ("rules: [{door: cellar, fault: drop}]", "rules.0.door"),
        ("rules: [{door: video, fault: other, file: no.mp4}]", "there is no file "),
        ("rules: [{door: video, fault: other}]", "rules.0: other needs a file."),
        ("chance: 2", "The chance of a fault is between 0 and 1, not 2.0."),
        ("{chance: 1, kinds: [revoked]}", "revoked cannot be drawn by chance; there are drop, "),
        ("rule: []", "rule: Unexpected keyword argument"),
        ("{", "is no YAML"),
    ],
)
def test_a_script_that_cannot_be_used_says_why(tmp_path: Path, text: str, says: str) -> None:
    """What, where and what there is instead."""
    (tmp_path / "faults.yaml").write_text(text)
    with pytest.raises(ValueError, match=re.escape(says)):
        read_script(tmp_path / "faults.yaml")


def test_the_command_takes_a_script(tmp_path: Path) -> None:
    """`--faults FILE`: the first order is refused with a gateway's page."""
    (tmp_path / "faults.yaml").write_text("rules: [{door: generate, fault: error, status: 520, nth: 1}]")
    options = ["--faults", str(tmp_path / "faults.yaml"), "--state", str(tmp_path / "state")]
    with subprocess.Popen([*SANDBOX, *options], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["url"]
        headers = {"Authorization": "Bearer sbx_test"}
        answer = httpx.post(url + GENERATE, json={"shots": [a_shot()]}, headers=headers, trust_env=False)
        server.terminate()
    assert answer.status_code == 520


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--faults", "{file}", "--chaos", "0.1"], "--faults and --chaos exclude each other."),
        (["--faults", "{file}"], "rules.0: There is no fault 'sink'"),
        (["--speed", "0"], "The speed is a number from 0.01 to 10,000, not 0."),
        (["--url-life", "1e300"], "A videoUrl lives for 0 to 31,536,000 seconds, not 1e+300."),
    ],
)
def test_the_command_refuses_what_it_cannot_use(tmp_path: Path, options: list[str], says: str) -> None:
    """As a wrong use of the command, with the reason."""
    (tmp_path / "faults.yaml").write_text("rules: [{door: api, fault: sink}]")
    command = [option.format(file=tmp_path / "faults.yaml") for option in options]
    told = CliRunner().invoke(app, ["sandbox", *command])
    assert (told.exit_code, says in told.stderr) == (2, True)


@pytest.mark.parametrize("number", [-1.0, math.nan, math.inf, 1e300])
@pytest.mark.parametrize("name", ["speed", "url_life_s"])
def test_no_server_is_set_up_with_a_number_that_no_clock_can_count(tmp_path: Path, name: str, number: float) -> None:
    """Its times would come out as none."""
    with pytest.raises(ValueError, match=r"speed is a number from|lives for 0 to"):
        SandboxConfig(state_dir=tmp_path, **{name: number})


def table_rows(first_cell: str) -> list[list[str]]:
    """The cells of the table in the docs whose head begins so."""
    _, _, table = DOCS.read_text(encoding="utf-8").partition(f"| {first_cell} |")
    lines = [line for line in table.partition("\n\n")[0].splitlines()[2:] if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_docs_tell_every_fault() -> None:
    """Its name, doors, parameters and sentence are those of the code, in its order."""
    doors = {"generate": "g", "check-status": "c", "video": "v"}
    rows = [
        [
            f"`{name}`",
            " ".join(doors[door] for door in doors if door in kind.doors),
            " ".join(f"`{part}`" for part in sorted(kind.takes)),
            kind.says,
        ]
        for name, kind in KINDS.items()
    ]
    assert table_rows("fault") == rows


def test_the_docs_tell_every_wish_and_what_chance_leaves_out() -> None:
    """By name."""
    text = DOCS.read_text(encoding="utf-8")
    assert [wish for wish in WISHES if f"`[sandbox: {wish}]`" not in text] == []
    left_out = " ".join(f"`{kind}`" for kind in KINDS if kind not in DRAWS)
    assert left_out in text.replace(",", "").replace(" and", "").replace("\n", " ")


@pytest.mark.parametrize(("kind", "name"), list(product(["drop", "late"], ["at_byte", "status"])))
def test_a_parameter_that_a_fault_does_not_know_is_refused(kind: str, name: str) -> None:
    """Rather than left without effect."""
    with pytest.raises(ValueError, match=f"{kind} takes no {name}"):
        Rule("api", kind, **{name: 7})  # type: ignore[arg-type]
