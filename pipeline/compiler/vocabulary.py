"""The words that the linter listens for in prompts, in English and in traditional and simplified Chinese.

Latin words count as whole words, Chinese ones wherever they stand. Tables alone decide; they are meant to be extended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


REFUSED: Final = {
    "violence": (
        "blood bloody gore gory corpse corpses massacre torture tortured murder murdered murders behead "
        "beheaded beheading decapitated dismembered mutilated stabbing strangled "
        "血腥 鮮血 鲜血 流血 屍體 尸体 斬首 斩首 屠殺 屠杀 虐待 酷刑 謀殺 谋杀"
    ),
    "weapons": (
        "gun guns gunfire gunshot gunman pistol pistols revolver rifle rifles shotgun bomb bombs grenade grenades "
        "槍 枪 手榴彈 手榴弹 炸彈 炸弹"
    ),
    "nudity and sex": (
        "nude nudes nudity naked topless erotic porn pornographic nsfw orgy striptease "
        "裸體 裸体 全裸 赤裸 色情 情色 性愛 性爱"
    ),
    "self-harm": "suicide suicidal self-harm 自殺 自杀 自殘 自残",
    "drugs": "cocaine heroin meth methamphetamine 毒品 海洛因 古柯鹼 可卡因 冰毒",
    "hate and terror": "nazi nazis swastika swastikas hitler terrorist terrorists 納粹 纳粹 恐怖分子 恐怖份子 希特勒",
    "people everybody knows": (
        "beyoncé beyonce biden deepfake elon obama putin trump zuckerberg "
        "川普 特朗普 拜登 普丁 普京 馬斯克 马斯克 歐巴馬 奥巴马"
    ),
    "characters and brands of others": (
        "avengers barbie batman disney hogwarts mickey nintendo pikachu pixar pokémon pokemon spiderman "
        "spider-man superman 迪士尼 皮克斯 漫威 寶可夢 宝可梦 皮卡丘 米老鼠 哈利波特 蝙蝠俠 蝙蝠侠 蜘蛛人 蜘蛛侠"
    ),
}
"""What the safety filters of video models are known to refuse, by topic."""

_HARMLESS: Final = re.compile(
    r"\bblood[- ](?:oranges?|moons?|red)\b|\b(?:bath|photo|seed)[- ]bombs?\b|\bnaked (?:eyes?|flames?|bulbs?)\b"
    r"|\bnude (?:dress|heels|lipsticks?|tones?|shades?|colou?rs?|palette)\b|\btrump cards?\b"
    r"|\b(?:glue|heat|nail|nerf|price|spray|squirt|water)[- ]guns?\b"
    r"|[水噴喷標标膠胶焊][槍枪]",
    re.IGNORECASE,
)
_HEARD: Final = _listed(
    """
    aloud ambience ambient announcer applause asks audible audio band bark barking barks bass beat beating beats bell
    bells birdsong boom booming booms breath breathes breathing breaths bubbling buzz buzzes buzzing call calls chant
    chanting chants chatter cheer cheering cheers chime chimes chirp chirping chirps choir clack clang clank clap
    clapping claps clatter click clicking clicks clink clinking clinks crackle crackles crackling crash crashes
    crashing creak creaking creaks cries croak croaking crowd crowing crunch crunches crunching cry crying drip
    dripping drips drone drum drummer drummers drumming drums echo echoes echoing engine engines fizz fizzes fizzing
    foghorn footfall footfalls footstep footsteps giggle giggles groan groans growl growls guitar gulls hear heard
    hiss hisses hissing honk honking honks hoofbeats horn horns howl howling howls hum humming hums hush hushed jingle
    knock knocking knocks laugh laughing laughs laughter lullaby melody mewing moo mooing moos murmur murmuring
    murmurs music musical mute muted narrates narrator neigh neighing noise noiseless noises noisy orchestra patter
    pattering peal peals piano ping pings plays plop pop popping pops pours purr purring purrs quacking quiet quietly
    rain raindrops rainfall rattle rattles rattling replies ring ringing rings roar roaring roars rumble rumbles
    rumbling rustle rustles rustling said sang saw saxophone say saying says score scream screams screech shout
    shouting shouts shriek sigh sighs silence silent silently sing singing sings siren sirens sizzle sizzles sizzling
    snap snaps snore snores soft-spoken song songs sound sounding soundless sounds soundscape soundtrack speak
    speaking speaks splash splashes splashing squawk squeak squeaks squeal storm strum strumming strums surf swish
    talk talking talks tap tapping taps thrum thud thuds thump thumps thunder tick ticking ticks tinkle traffic
    trickle trumpet violin voice voiceover voices wail wails waves whine whines whinny whir whirr whirring whirs
    whisper whispering whispers whistle whistles whistling whoosh whooshes wind winds yell yelling yells
    """
)
_HEARD_CJK: Final = tuple("聲声音響响聽听說说唱喊叫鳴鸣嘯啸哭笑靜静默寂吵鬧闹問问答")
_LETTERING: Final = _listed(
    """
    banner banners billboard caption captioned captions chyron headline headlines label labeled labelled labels letter
    lettering letters logo logos neon overlay poster posters reading reads say saying says screen screens sign signage
    signs slogan slogans spelling spells subtitle subtitled subtitles t-shirt tagline text texts title titled titles
    word words writing written
    """
)
"""One of these stands in every English prompt that asks for words in the picture; they alone ask for nothing yet."""

_THINGS: Final = r"(?:text|texts|words|letters|lettering|captions?|subtitles?|titles?|logos?|signs?|signage|writing)"
_NOT_ASKED: Final = re.compile(
    rf"\b(?:no|without|never|avoid|free of|not any)\b(?:\s+[\w-]+){{0,2}}?\s+{_THINGS}\b"
    rf"(?:(?:\s*,\s*|\s*,?\s+(?:or|and|nor)\s+)(?:[\w-]+\s+)?{_THINGS}\b)*"
    r"|(?:不要|不出現|不出现|不帶|不带|沒有|没有|無|无|勿)(?:任何)?(?:[、，和或及]?(?:字幕|文字|字樣|字样|標題|标题|標語|标语|水印|浮水印))+",
    re.IGNORECASE,
)
_BEARER: Final = (
    r"(?:sign|signs|signage|banner|billboard|poster|label|screen|t-?shirt|headline|letters|lettering|words?|text|slogan|"
    r"tagline|logo|caption|title|neon|writing)"
)
_ASKED: Final = re.compile(
    rf"\b{_BEARER}\b(?: \w+)?(?:,? (?:that|which))?,? (?:says?|reads?|saying|reading|spells?|spelling)\b"
    rf"|\b{_BEARER}:?\s*[\"“「『]"
    r"|\bthe words? (?:appears?|fades?|[\"“])|\bwith the (?:words?|text|caption|slogan|title)\b"
    r"|\b(?:on-?screen|overlaid|superimposed|burned-in) (?:text|titles?|captions?|words|lettering)\b"
    r"|\b(?:text|title|logo|caption|subtitle)s? (?:overlay|appears?|fades? in|at the (?:top|bottom))\b|\blogo text\b"
    r"|\b(?:subtitled|captioned)\b|\b(?:show|add|with|display)s? (?:\w+ )?(?:subtitles|captions)\b"
    r"|[寫写印刻標标][著着有]?[「『“\"]|(?<=[上牌板面])[寫写印刻標标][著着](?!信|字|日|作|詩|诗)|字樣|字样|(?:加|配|上|打|出現|出现|顯示|显示)(?:上)?(?:字幕|標題|标题|文字)",
    re.IGNORECASE,
)
_SPEECH: Final = re.compile(
    r"(?:\b(?P<who>(?-i:[A-Z])\w+)\s+)?"
    r"(?:\b(?:says?|said|asks?|whispers?|shouts?|replies|answers|calls out)\b|[說说問问喊道])"
    r"[^\"“「\n]{0,60}[\"“「](?P<words>[^\"”」]+)[\"”」]",
    re.IGNORECASE,
)
_NO_SPEAKERS: Final = _listed(
    "everybody everyone he it nobody one she somebody someone that they this we which who you"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def _split(words: str, *, latin: bool) -> tuple[str, ...]:
    return tuple(word for word in words.split() if (ord(word[0]) < 0x2E80) == latin)


_REFUSED_LATIN: Final = {word: topic for topic, words in REFUSED.items() for word in _split(words, latin=True)}
_REFUSED_CJK: Final = {word: topic for topic, words in REFUSED.items() for word in _split(words, latin=False)}


def words_of(prompt: str) -> frozenset[str]:
    """The words of `prompt`, in lower case; parts of hyphened words count, too."""
    words = _WORD.findall(prompt.lower())
    return frozenset([*words, *(part for word in words if "-" in word for part in word.split("-"))])


def refused_in(prompt: str, words: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(word, topic) of everything in `prompt` that is likely to be refused."""
    suspects = words & _REFUSED_LATIN.keys()
    is_suspect = bool(suspects) or not prompt.isascii()
    left = _HARMLESS.sub(" ", prompt) if is_suspect else prompt
    for word in sorted(suspects & words_of(left)) if suspects else ():
        yield word, _REFUSED_LATIN[word]
    if not prompt.isascii():
        yield from ((word, topic) for word, topic in _REFUSED_CJK.items() if word in left)


def asks_for_words(prompt: str, words: frozenset[str]) -> str:
    """The part of `prompt` that asks for words in the picture; empty if none does."""
    if prompt.isascii() and not words & _LETTERING:
        return ""
    found = _ASKED.search(_NOT_ASKED.sub(lambda part: " " * len(part[0]), prompt))
    return found[0].strip(' "“「『:') if found else ""


def is_heard(prompt: str, words: frozenset[str]) -> bool:
    """Whether `prompt` says anything about what is heard, if only that nothing is."""
    return bool(words & _HEARD) or any(letter in prompt for letter in _HEARD_CJK)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said in a prompt; `who` says it, if a name stands there."""

    words: str
    who: str = ""


def spoken_in(prompt: str) -> list[Said]:
    """What somebody says in `prompt`: the words in quotes behind "says" and its like."""
    return [
        Said(said["words"], "" if (said["who"] or "").lower() in _NO_SPEAKERS else said["who"] or "")
        for said in _SPEECH.finditer(prompt)
    ]
