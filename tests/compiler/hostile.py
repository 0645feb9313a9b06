"""Storyboards that want more than to be a film: attacks on templates, put together at random from a printed seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SECRET: Final = "hidden-kestrel-4711"
"""Stands in a file beside the projects; no attack may ever bring it home."""

CANARY: Final = "/CANARY/"
"""Stands for a path that an attack tries to make; the battery gives a real one."""

PORT: Final = ":PORT/"
"""Stands for a port that an attack tries to talk to."""

_RUN: Final = f"'touch {CANARY}'"

_INSIDE: Final = (  # the objects of Python that stand behind a template
    "''.__class__.__mro__[1].__subclasses__()",
    "''['__class__']['__mro__']",
    "''|attr('__class__')|attr('__mro__')",
    "''|attr('\\x5f\\x5fclass\\x5f\\x5f')",
    "().__class__.__bases__[0].__subclasses__()",
    "(1).__class__.__base__",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    f"self.__init__.__globals__.__builtins__.__import__('os').system({_RUN})",
    f"lipsum.__globals__['os'].system({_RUN})",
    f"cycler.__init__.__globals__.os.popen({_RUN}).read()",
    "joiner.__init__['__globals__']",
    "namespace.__init__.__globals__.sys.modules",
    "range.__class__.__base__",
    "dict.__base__.__subclasses__()",
    "dict(a=1).__class__",
    "hero.__class__.__init__.__globals__",
    "hero._origins",
    "hero.__slots__",
    "hero.images.__class__",
    "city.__init__.__globals__",
    "city._origins[0].source",
    "city.format.__self__.__class__",
    "camera.__dict__",
    "camera.__loader__",
    "camera._body_stream",
    "camera.low.__class__",
    "camera.low._func.__globals__",
    "camera.low._environment.globals",
    "''.join.__self__",
    "'{0.__class__.__init__.__globals__}'.format(self)",
    "'{0.__class__}'.format(hero)",
    "'{x.__class__}'.format_map({'x': hero})",
    "'{0._origins[0].source}'.format(city)",
    "('{0.__' ~ 'class__}').format(city)",
    "(''|attr('format'))(self)",
    "'%s'|format(self.__class__)",
    "'%(a)s'|format(a=self.__dict__)",
    "['{0.__class__}']|map('format', self)|list",
    "['{0.__class__}'.format]|map('attr', '__self__')|list",
    "[hero]|map(attribute='__class__')|list",
    "[hero]|map(attribute='__class__.__init__.__globals__')|first",
    "[hero]|map('attr', '__class__')|list",
    "[hero]|groupby('__class__')|list",
    "[hero]|sort(attribute='__class__.__name__')|first",
    "[hero, hero]|sum(attribute='__class__')",
    "[hero]|selectattr('__class__')|list",
    "[hero]|unique(attribute='__class__')|list",
    "[hero]|min(attribute='__class__')",
    "namespace(a=self).a.__init__",
    "cycler(self).items[0].__init__",
    "joiner(self).sep.__class__",
    f"__import__('os').system({_RUN})",
    f"open('{CANARY}', 'w')",
    "eval('1')",
    "globals()",
    "caller.__globals__",
    "varargs.__class__",
    "loop.__class__",
    "loop.__init__.__globals__",
    "super.__self__",
    "self.story.__func__",
    "environment.globals",
    "''.encode('idna')",
    "'x'.encode('punycode')",
    "'x'.encode('rot13')",
    "'x'|attr('encode')('zip')",
    "none.__class__",
    "true.__class__.__mro__",
    "missing.__class__",
    "missing._undefined_name",
    "missing._fail_with_undefined_error.__globals__",
    "(missing|default(self)).__init__.__globals__",
    "self",
    "range",
    "camera",
    "camera.low",
    "cycler('a')",
    "namespace(a=1)",
    "[self]",
    "{'a': self}",
    "(range(3), dict)",
    "[1]|map('upper')",
    "'x'.upper",
    "''.__doc__",
)

_GREEDY: Final = (  # what takes time or memory
    "range(10**9)|list",
    "range(99999)|list|tojson|length",
    "range(-10**18, 10**18)|length",
    "'a' * 10**9",
    "[1] * 10**9",
    "('a' * 99999) * 99999",
    "([0] * 99999) * 9",
    "9**9**9",
    "(9**999)**999",
    "((9**999)**999)**999",
    "2**99999",
    "1 // 0",
    "(2**1000) * 1.5",
    "'x'|center(10**10)",
    "'x'.ljust(10**10)",
    "'x'.zfill(10**10)",
    "'x'.expandtabs(10**10)",
    "('\\t' * 9999).expandtabs(10**6)",
    "'%99999999999d' % 1",
    "'%99999999999d'|format(1)",
    "'%0*d'|format(10**9, 1)",
    "'{:>9999999999}'.format(1)",
    "'{:{}}'.format(1, 10**10)",
    "('{0}' * 9999).format('a' * 99999)",
    "'a'|indent(10**9)",
    "'a\\n'|indent(10**9)",
    "('a\\n' * 9999)|indent(99999)",
    "('ab' * 9999)|replace('a', 'b' * 99999)",
    "('ab' * 9999).replace('', 'b' * 99999)",
    "'x'|wordwrap(1)",
    "('a ' * 50000)|wordwrap(1)",
    "('a' * 99999)|wordwrap(1)",
    "('(' * 50000)|urlize",
    "('www.' * 9999)|urlize",
    "('<' * 99999)|striptags",
    "('<!--' * 9999)|striptags",
    "('&' * 99999)|striptags",
    "('a ' * 50000)|title|length",
    "([[1]] * 99999)|pprint|length",
    "[1]|batch(10**9, 'x')|list",
    "[1]|slice(10**9, 'x')|list",
    "range(99999)|map('string')|join('a' * 99999)",
    "lipsum(100000)",
    "range(9999)|random",
    "'abc'|random",
    "('a' * 99999)|list|sort|join|length",
    "('9' * 99999)|int",
    "('9' * 4000)|int ** 9",
    "('f' * 99999)|int(base=16)",
    "'1e999'|float",
    "('1e999'|float)|int",
    "1e308 * 10",
    "(1e308 * 10)|string",
    "'\\ud800'",
    "'\\x00\\x07'",
    "'a'.join(['b' * 99999] * 99999)",
    "('a' * 99999).split('')",
    "('a' * 99999)|list|map('center', 99999)|join",
    "dict(range(9)|map('string')|map('list'))",
    "[[], [], []]|tojson",
    "hero.description * 99999",
    "(range(9999)|join).format(1)",
    "'{' * 99999",
    "('%' * 9999)|format",
    "('{!r}' * 999).format(*range(999))",
)

_PATHS: Final = (
    "../secret.txt",
    "../../secret.jinja",
    "/etc/passwd",
    "/proc/self/environ",
    "templates/../../secret.jinja",
    "a/../../secret.jinja",
    "./../secret.jinja",
    "..\\secret.jinja",
    "file:///etc/passwd",
    "//127.0.0.1/secret",
    f"http://127.0.0.1{PORT}secret",
    "\\x2e\\x2e/secret.jinja",
    "%2e%2e/secret.jinja",
    "",
    ".",
    "..",
    "a" * 5_000,
    "assets",
    "assets/",
    "C:\\secret.png",
    "assets/../../../etc/hostname",
    "~/.ssh/id_rsa",
    "$HOME",
    f"| touch {CANARY}",
    "con\\x00.png",
)

_LOOPS: Final = (  # statements that go round, in or with themselves
    "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% macro twice(n) %}{{ twice(n + 1) }}{{ twice(n + 1) }}{% endmacro %}{{ twice(0) }}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{% for x in [1, 2] recursive %}{{ loop([1, 2]) }}{{ loop([1, 2]) }}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}wave {% endfor %}{% endfor %}",
    "{% for i in range(99999) %}{{ city * 99 }}{% endfor %}",
    "{% set n = namespace(v='ab') %}{% for i in range(99) %}{% set n.v = n.v ~ n.v %}{% endfor %}",
    "{% set n = namespace(v=9**999) %}{% for i in range(99) %}{% set n.v = n.v * n.v %}{% endfor %}",
    "{% set n = namespace(v=[]) %}{% for i in range(999) %}{% set n.v = [n.v, n.v] %}{% endfor %}{{ n.v|string }}",
    "{% set n = namespace(v=[]) %}{% for i in range(99) %}{% set n.v = n.v + n.v + [i] %}{% endfor %}",
    "{% set n = namespace(v={}) %}{% for i in range(9999) %}{% set n.v = {'a': n.v} %}{% endfor %}{{ n.v|tojson }}",
    "{% for i in range(99999) %}{{ nobody }}{% endfor %}",
    "{% for i in range(99999) %}{{ 'x'.y }}{% endfor %}",
    "{% include 'storyboard.jinja' %}",
    "{% import 'storyboard.jinja' as s %}",
    "{% from 'storyboard.jinja' import s %}",
    "{% block self_ %}{{ self.self_() }}{% endblock %}",
    "{% block a %}{{ super() }}{% endblock %}",
    "{% include ['x', 'storyboard.jinja'] ignore missing %}",
    "{% call camera.low() %}{{ caller() }}{% endcall %}",
    "{% macro m() %}{{ caller(caller) }}{% endmacro %}{% call(c) m() %}{{ c() }}{% endcall %}",
    "{% filter upper %}{% for i in range(99999) %}aaaaaaaaaaaaaaaaaaaaaaaaa{% endfor %}{% endfilter %}",
    "{% do x.append(1) %}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{% autoescape true %}{{ city|safe }}{% endautoescape %}",
    "{% set self = 1 %}{{ self.x }}",
    "{% set range = 'x' %}{{ range * 99999 * 99 }}",
)

_TANGLES: Final = (  # what is hard to read at all: a piece that is repeated, and its end
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("{'a': ", "1", "}"),
    ("-", "1", ""),
    ("not ", "1", ""),
    ("1 + ", "1", ""),
    ("1 ~ ", "1", ""),
    ("1 if 1 else ", "1", ""),
    ("1 < ", "1", ""),
    ("city", "", "|upper"),
    ("hero", "", ".x"),
    ("hero", "", "[0]"),
    ("hero", "", "()"),
    ("'a' ", "'b'", ""),
    ("1, ", "1", ""),
)

_OPENERS: Final = (
    '{% "',
    "{{ ",
    "{% ",
    "{# ",
    "{%- ",
    "{% shot 'a",
    "{% shot “a” ",
    "{",
    "{{ '\\",
    "{% if 1 %}",
    "{% raw %}",
)

_PLACES: Final[Sequence[Callable[[str], str]]] = (  # where an expression may stand
    lambda x: f"{{% shot a %}}A boat. {{{{ {x} }}}}{{% endshot %}}",
    lambda x: f"{{% shot a look={x} %}}A boat.{{% endshot %}}",
    lambda x: f"{{% shot ({x}) %}}A boat.{{% endshot %}}",
    lambda x: f"{{% shot a when {x} %}}A boat.{{% endshot %}}",
    lambda x: f"{{% shot a each c in {x} %}}A boat {{{{ c }}}}.{{% endshot %}}",
    lambda x: f"{{% shot a each k, c in {x} %}}A boat {{{{ c }}}}.{{% endshot %}}",
    lambda x: f"{{% scene s look={x} %}}{{% shot a %}}A boat.{{% endshot %}}{{% endscene %}}",
    lambda x: f"{{% scene s each c in {x} %}}{{% shot a %}}A boat.{{% endshot %}}{{% endscene %}}",
    lambda x: f"{{% shot a %}}A boat.{{% title {x} %}}{{% endshot %}}",
    lambda x: f"{{% shot a %}}A boat.{{% say {x} %}}Ahoy.{{% endsay %}}{{% endshot %}}",
    lambda x: f"{{% shot a %}}A boat.{{% caption {x} from={x} %}}{{% endshot %}}",
    lambda x: f"{{% shot a refs={x} first={x} join={x} trim={x} %}}A boat.{{% endshot %}}",
    lambda x: f"{{% shot a continues={x} allow={x} mend={x} sound={x} %}}A boat.{{% endshot %}}",
    lambda x: f"{{% card c text={x} for={x} ground={x} %}}",
    lambda x: f"{{% footage f file={x} %}}{{% music file={x} gain={x} %}}",
    lambda x: f"{{% narration file={x} on={x} %}}{{% logo file={x} width={x} place={x} %}}",
    lambda x: f"{{% set v = {x} %}}{{% shot a %}}{{{{ v }}}}{{{{ v.__class__ }}}}{{% endshot %}}",
    lambda x: f"{{% macro m(v={x}) %}}{{{{ v }}}}{{% endmacro %}}{{% shot a %}}{{{{ m() }}}}{{% endshot %}}",
    lambda x: f"{{% shot a %}}{{% for v in {x} %}}{{{{ v }}}}{{% endfor %}}{{% endshot %}}",
    lambda x: f"{{% shot a %}}{{% if {x} %}}A boat.{{% endif %}}{{% endshot %}}",
    lambda x: f"{{% shot a %}}{{% filter upper %}}{{{{ {x} }}}}{{% endfilter %}}{{% endshot %}}",
    lambda x: f"{{% include {x} %}}{{% shot a %}}A boat.{{% endshot %}}",
    lambda x: f"{{% extends {x} %}}{{% shot a %}}A boat.{{% endshot %}}",
    lambda x: f"{{% from {x} import a %}}{{% shot a %}}A boat.{{% endshot %}}",
    lambda x: f"{{{{ {x} }}}}{{% shot a %}}A boat.{{% endshot %}}",
    lambda x: f"{{% shot a %}}{{{{ camera.low(*{x}, **{{'pace': {x}}}) }}}}{{% endshot %}}",
)

_SERIES: Final = (  # lists of films
    "episodes: [{id: ../../escape}]",
    f"episodes: [{{id: {CANARY}}}]",
    "episodes: [{id: /etc/passwd}]",
    'episodes: [{id: "a\\0b"}]',
    'episodes: [{id: "a\\nb"}]',
    'episodes: [{id: "a/../../b"}]',
    "episodes: [{id: ..}, {id: .}, {id: CON}]",
    "episodes: [{id: held_by}]",
    "episodes: [{id: " + "a" * 5_000 + "}]",
    "episodes: [{id: a}, {id: A}, {id: a-9x16}]",
    "episodes: ../secret.csv",
    "episodes: /proc/self/environ",
    "episodes: ../../../etc/passwd.csv",
    "episodes: storyboard.jinja",
    "episodes: [{id: a, storyboard: ../../secret.jinja}]",
    "episodes: [{id: a, storyboard: /etc/passwd}]",
    "episodes: [{id: a, storyboard: series.yaml}]",
    "episodes: [{id: a, storyboard: project.yaml}]",
    "episodes: [{id: a, storyboard: camera.jinja}]",
    "episodes: [{id: a, storyboard: [[[[[[]]]]]]}]",
    f"episodes: [{{id: a, variables: {{city: '{{{{ {_INSIDE[0]} }}}}'}}}}]",
    "episodes: [{id: a, title: \"{{ ''.__class__ }}\"}, {id: b}]",
    "episodes: [{id: a, variables: {hero: x, range: y, self: z, __class__: w}}]",
    "episodes: [{id: a, variables: [1, 2]}, {id: b, variables: {cities: }}]",
    "episodes: [{id: a, budget: {max_credits: 999999}, grants: {pay_again_credits: 999999}}]",
    "x: &x {id: a}\nepisodes: [*x, *x, *x]",
    "x: &x [*x]\nepisodes: *x",
    "episodes: &e [*e, *e]",
    "episodes: [" + "{id: a}, " * 3_000 + "]",
    "episodes:\n" + "".join(f"- id: e{n}\n" for n in range(900)),
    "episodes:\n" + "".join(f"- {{id: e{n}, title: {'x' * 500}}}\n" for n in range(450)),
    "episodes: " + "[" * 3_000,
    "episodes: [[{id: a}]]",
    "episodes: {id: a}",
    "episodes: [1, 2.5, true, ~, x, []]",
    "episodes: [{id: {a: b}}, {id: [a]}]",
    "title: {a: b}\nepisodes: [{id: a}]",
    "[]",
    "7",
    "",
)
_VARIANTS: Final = (  # what makes films of project.yaml
    "variants: {a: {../b: }}",
    "variants: {a: {b: }, c: {d: [1]}}",
    "variants: {" + ", ".join(f"v{n}: {{a: , b: }}" for n in range(900)) + "}",
    "variants: {x: {" + ", ".join(f"v{n}: " for n in range(900)) + "}}",
    "x: &x {a: , b: }\nvariants: {c: *x, d: *x, e: *x}",
    "variants: {a: {b: {variants: {c: {d: }}}}}",
    "variants: {a: {b: {storyboard: ../../secret.jinja}}}",
    "variants: 7",
    "variants: [[]]",
)

_START: Final = '{% import "camera.jinja" as camera %}\n'
_CAMERA: Final = '{% macro low(pace="slow") -%}\n  Low, {{ pace }}.\n{%- endmacro %}\n'
PROJECT: Final = "variables:\n  city: Lisbon\n  cities: [Paris, Rome]\n  deep: {a: {b: [1, {c: x}]}}\n"
BIBLE: Final = "characters:\n  hero:\n    description: A runner\n    images: [https://example.com/a.png]\n"


@dataclass(frozen=True, slots=True)
class Attack:
    """One project that somebody sent, and what is said for `--var`."""

    name: str
    texts: Mapping[str, str]
    variables: Mapping[str, str]


def attack(seed: int) -> Attack:
    """The attack of `seed`: always the same."""
    dice = random.Random(seed)
    kind, storyboard = dice.choices(_KINDS, [weight for _, weight, _ in _KINDS])[0][::2]
    series = {"series.yaml": dice.choice(_SERIES)} if dice.random() < 0.2 else {}
    variants = dice.choice(_VARIANTS) if dice.random() < 0.1 else ""
    return Attack(
        name=f"{kind} (seed {seed})",
        texts={
            **series,
            "project.yaml": PROJECT.replace("Lisbon", repr(dice.choice(_INSIDE)) if dice.random() < 0.1 else "Lisbon")
            + variants,
            "bible.yaml": BIBLE,
            "storyboard.jinja": _START + storyboard(dice),
            "camera.jinja": _CAMERA,
        },
        variables={"city": json.dumps(f"{{{{ {dice.choice(_INSIDE)} }}}}")} if dice.random() < 0.1 else {},
    )


def _placed(dice: random.Random, expression: str) -> str:
    return dice.choice(_PLACES)(expression)


def _tangled(dice: random.Random) -> str:
    before, middle, after = dice.choice(_TANGLES)
    times = dice.choice((30, 300, 3_000))
    if not middle:
        return before + after * times
    return before * times + middle + after * times


def _mixed(dice: random.Random) -> str:
    """Several attacks in one storyboard, some of them one in another."""
    pieces = [_placed(dice, dice.choice((*_INSIDE, *_GREEDY))).replace(" a", f" a{n}", 1) for n in range(3)]
    if dice.random() < 0.5:
        pieces.append(dice.choice(_LOOPS))
    if dice.random() < 0.3:
        return "".join(f"{{% if true %}}{piece}{{% endif %}}" for piece in pieces)
    return "\n".join(pieces)


_KINDS: Final = (  # name, how often, what
    ("inside", 6, lambda dice: _placed(dice, dice.choice(_INSIDE))),
    ("greedy", 5, lambda dice: _placed(dice, dice.choice(_GREEDY))),
    ("path", 3, lambda dice: _placed(dice, f'"{dice.choice(_PATHS)}"')),
    ("loop", 2, lambda dice: f"{{% shot a %}}{dice.choice(_LOOPS)}{{% endshot %}}"),
    ("tangle", 2, lambda dice: _placed(dice, _tangled(dice))),
    ("opener", 1, lambda dice: dice.choice(_OPENERS) * dice.choice((300, 30_000))),
    ("mixed", 3, lambda dice: _mixed(dice)),
)
