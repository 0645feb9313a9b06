"""The rules that a storyboard is held against, by the codes under which findings name them.

A code never changes its meaning and is never given again: people switch rules off by it, and programs read it.
"""

from __future__ import annotations

from enum import StrEnum, unique

from pipeline.model.finding import Severity


@unique
class Code(StrEnum):
    """Every rule. The hundreds say where it is broken; from SB500 on they are the linter's, and warn."""

    # files and YAML
    NO_STORYBOARD = "SB001"
    SEVERAL_STORYBOARDS = "SB002"
    LINK_OUT = "SB003"
    TEXT_TOO_LARGE = "SB004"
    NO_UTF8 = "SB005"
    UNREADABLE_FILE = "SB006"
    YAML_SYNTAX = "SB010"
    KEY_TWICE = "SB011"
    UNKNOWN_KEY = "SB012"
    WRONG_VALUE = "SB013"
    MISSING_KEY = "SB014"
    TOO_MANY_VALUES = "SB015"
    UNUSED_YAML = "SB016"
    BAD_NAME = "SB017"
    NAME_TAKEN = "SB018"
    NO_SUCH_VARIABLE = "SB019"
    NO_DOCUMENT = "SB020"
    TABLE = "SB021"
    WHICH_FILM = "SB022"
    FILM_TWICE = "SB023"
    EPISODE_NAME = "SB024"
    OF_THE_SERIES = "SB025"
    TOO_MANY_FILMS = "SB026"

    # templates and tags
    TEMPLATE_SYNTAX = "SB101"
    NEVER_CLOSED = "SB102"
    CLOSES_NOTHING = "SB103"
    UNKNOWN_TAG = "SB104"
    UNKNOWN_FILTER = "SB105"
    STRAY_WORDS = "SB106"
    EXTENDS = "SB107"
    NO_SUCH_TEMPLATE = "SB108"
    UNKNOWN_NAME = "SB109"
    UNKNOWN_PART = "SB110"
    NO_TEXT = "SB111"
    CANNOT_EVALUATE = "SB112"
    WITHOUT_END = "SB113"
    FORBIDDEN = "SB114"
    TOO_MUCH = "SB115"
    UNKNOWN_ARGUMENT = "SB120"
    WRONG_ARGUMENT = "SB121"
    ARGUMENT_TWICE = "SB122"
    MISSING_ARGUMENT = "SB123"
    ARGUMENT_SYNTAX = "SB124"
    BAD_ID = "SB125"
    EACH_WITHOUT_LIST = "SB126"
    TAG_INSIDE = "SB127"

    # the film
    NO_SHOT = "SB201"
    TOO_MANY_SHOTS = "SB202"
    ID_TAKEN = "SB203"
    NO_SUCH_SCENE = "SB204"
    EMPTY_PROMPT = "SB205"
    CONTROL_CHARACTER = "SB206"
    NO_SUCH_FILE = "SB207"
    FIRST_JOIN = "SB208"
    TRIM = "SB209"
    JOIN_TOO_LONG = "SB210"
    JOINS_MEET = "SB211"
    WORDS_TOO_LATE = "SB212"
    NO_SUCH_ITEM = "SB213"
    OVER_NOTHING = "SB214"
    SECOND_MUSIC = "SB215"
    NO_WORDS = "SB216"
    NO_SOUND_LEFT = "SB217"

    # pictures, continuity, bible
    FIRST_AND_REFS = "SB301"
    LAST_ALONE = "SB302"
    NUMBER_OF_IMAGES = "SB303"
    NO_ADDRESS = "SB304"
    BROKEN_PICTURE = "SB305"
    CONTINUES_NOTHING = "SB306"
    CONTINUES_IN_CIRCLE = "SB307"
    CONTINUES_WITH_IMAGES = "SB308"

    # landed clips
    LANDED_TRIM = "SB401"
    LANDED_WORDS = "SB402"
    LANDED_JOIN = "SB403"
    LANDED_TOO_LATE = "SB404"
    UNUSABLE_FILE = "SB405"
    NO_SUCH_LETTER = "SB406"
    LANDED_SOUND = "SB407"

    # the linter
    REFUSED_WORDS = "SB501"
    WORDS_IN_PICTURE = "SB502"
    DIALOGUE_TOO_LONG = "SB503"
    NO_SOUND = "SB504"
    LARGE_PICTURE = "SB505"
    PICTURE_ASPECT = "SB506"
    SAME_PROMPT = "SB507"
    NUMBERED_ID = "SB508"
    LONG_CHAIN = "SB509"
    REFS_LEFT_BEHIND = "SB510"
    CUT_SHORT = "SB511"
    HALF_A_TAG = "SB512"
    LOOSE_SPEECH = "SB513"

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.value >= "SB500" else Severity.ERROR


def read_allowed(words: str) -> frozenset[Code]:
    """The rules that `words` switch off: codes with space or commas between them.

    Raises:
        ValueError: one of them is no rule, or not one of the linter's.
    """
    allowed = set()
    for word in words.replace(",", " ").split():
        try:
            code = Code(word.upper())
        except ValueError:
            raise ValueError(f'there is no rule "{word}"; `storyreel explain` lists them') from None
        if code.severity is not Severity.WARNING:
            raise ValueError(f"{code} is an error, which cannot be allowed; only warnings can, from SB501 on")
        allowed.add(code)
    return frozenset(allowed)
