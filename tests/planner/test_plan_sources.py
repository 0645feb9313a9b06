"""From an edited file to the reason in the plan: the compiler and the planner, hand in hand."""

from __future__ import annotations

import pytest
from builders import a_landed_take

from pipeline.compiler import Sources, compile_storyboard
from pipeline.model.plan import Decision, Plan
from pipeline.model.take import Take
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film

TEXTS = {
    "project.yaml": "title: Film\nvariables:\n  city: Paris\n  legs: {street: {scene: by night}}\n  teas: teas.csv\n",
    "bible.yaml": "characters:\n  hero: {description: A runner, voice: a low voice}\nlooks: {gold: Golden hour.}\n",
    "teas.csv": "id,name\nred,Rooibos\n",
    "storyboard.jinja": """
{% scene "s" look=gold %}
{% shot "own" %}A lake in wind.{% endshot %}
{% shot "town" %}{{ hero }} in {{ city }}. Wind.{% endshot %}
{% shot "run" each leg in legs %}A street {{ leg.scene }}. Wind.{% endshot %}
{% shot "tea" each t in teas %}A cup of {{ t.name }}. Wind.{% endshot %}
{% shot "talk" %}{% say hero %}Carry the mountain.{% endsay %} Wind.{% endshot %}
{% endscene %}
""",
}


def planned(texts: dict[str, str], *takes: Take) -> Plan:
    sources = Sources(project="demo", texts=texts, files=frozenset(texts))
    on_hand = TakesOnHand(takes=takes, has_file=lambda _clip: True)
    return plan_film(compile_storyboard(sources).storyboard, on_hand)


def landed(plan: Plan) -> list[Take]:
    """The takes of a plan, carried out."""
    return [a_landed_take(row.shot, request=row.request, made_of=row.made_of) for row in plan.shots]


@pytest.mark.parametrize(
    ("path", "before", "now", "shot", "why"),
    [
        ("project.yaml", "Paris", "Lyon", "town", "variable `city`, project.yaml:3"),
        ("project.yaml", "night", "day", "run.street", "variable `legs.street.scene`, project.yaml:4"),
        ("teas.csv", "Rooibos", "Assam", "tea.red", "cell `teas.red.name`, teas.csv:2"),
        ("storyboard.jinja", "lake", "sea", "own", "its own text, storyboard.jinja:3"),
        ("storyboard.jinja", "mountain", "sea", "talk", "its own text, storyboard.jinja:7"),
    ],
)
def test_one_edit_makes_one_shot_stale_and_is_its_reason(path: str, before: str, now: str, shot: str, why: str) -> None:
    """With the value's name, the file and the line, and the words."""
    takes = landed(planned(TEXTS))
    (stale,) = planned({**TEXTS, path: TEXTS[path].replace(before, now)}, *takes).decided(Decision.STALE)
    assert (stale.shot, stale.why) == (shot, f'prompt changed: {why}: "{before}" → "{now}"')


def test_a_look_is_the_reason_of_all_its_shots() -> None:
    """One entry of the bible, five shots."""
    plan = planned({**TEXTS, "bible.yaml": TEXTS["bible.yaml"].replace("Golden", "Blue")}, *landed(planned(TEXTS)))
    said = {row.why for row in plan.decided(Decision.STALE)}
    assert said == {'prompt changed: bible entry `gold`, bible.yaml:3: "Golden" → "Blue"'} and len(plan.shots) == 5


def test_a_line_more_above_changes_nothing() -> None:
    """Places move, prompts stay."""
    moved = {path: f"# a note\n{text}" if path.endswith(".yaml") else text for path, text in TEXTS.items()}
    plan = planned(moved, *landed(planned(TEXTS)))
    assert [row.decision for row in plan.shots] == [Decision.REUSE] * 5
