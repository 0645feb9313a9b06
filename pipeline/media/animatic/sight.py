"""Reads a prompt: which place, hour, weather, camera move and subjects it names, in English or Chinese.

Only words are known here; `palette`, `places`, `figures` and `camera` know what they look like. To teach a word, add it
to a line; to teach a place, add a line here and a painter of the same name in `places`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

Vocabulary = Mapping[str, str]
"""Name → its words, parted by spaces; an underscore stands for a space; `+` before a word makes it count twice.

English words are found in the plural too, unless they end with `!`: a lookout who watches wears no watch. A word after
`-`, first in its line, hides what it contains: 馬路 has no horse.
"""

PLACES: Final[Vocabulary] = {
    "beach": "+beach +beaches shore seashore coast sand surf palm 沙灘 沙滩 海灘 海滩 海邊 海边 海岸",
    "harbour": (
        "+harbour +harbor +port +pier +dock +quay +marina +wharf fishing_village +港口 +港灣 +港湾 +碼頭 +码头 "
        "+漁港 +渔港 港"
    ),
    "sea": "sea ocean waves sail open_water 大海 海面 海洋 海上 波浪",
    "underwater": "+underwater +reef +coral +seabed 海底 水下 珊瑚",
    "city": (
        "city skyline skyscraper skyscrapers cities downtown metropolis towers urban 城市 天際線 天际线 摩天 都市 大樓 "
        "高樓"
    ),
    "street": "+street +avenue +boulevard +crosswalk +sidewalk crossing! 街 街道 馬路 马路 大街 街頭 街头 路口",
    "alley": "+alley +alleyway +lane +backstreet +hutong +巷 +巷子 +小巷 +胡同 +巷弄",
    "rooftop": "+rooftop +roof +terrace +balcony +屋頂 +屋顶 +天台 +頂樓 +陽台 +阳台",
    "market": "+market +bazaar +stall +stalls +night_market 市集 +市場 +市场 +夜市 +攤位",
    "bridge": "+bridge +viaduct +aqueduct 橋 桥 大橋 吊橋",
    "bamboo": "+bamboo +bamboo_forest +bamboo_grove +竹林 +竹",
    "forest": (
        "+forest +woods +woodland +jungle +pine +spruce +fir +grove trees +森林 +樹林 +树林 林間 林间 "
        "+松林 樹 树"
    ),
    "mountain": "+mountain +mountains +peak +summit +alps +cliff ridge valley 山 +山峰 +高山 山頂 山顶 +群山 山脈 懸崖",
    "desert": "+desert +dune +dunes +sahara canyon +沙漠 +沙丘 戈壁",
    "meadow": (
        "+meadow +field +grassland +savannah +savanna +steppe +pasture +prairie +farm +lavender +wheat "
        "flowers hill hills garden park +草原 "
        "+草地 +田野 +稻田 麥田 花田 花園 公園"
    ),
    "lake": "+lake +river +pond +creek +stream +湖 +河 +溪 湖邊 河邊 湖面",
    "snowfield": "+glacier +tundra +ski +iceberg +arctic +snowfield snowy snow 雪地 +雪原 +冰川 雪山 滑雪",
    "waterfall": "+waterfall +cascade +瀑布",
    "kitchen": "+kitchen +stove +cooking +chef +廚房 +厨房 料理",
    "cafe": "+cafe +café +coffee_shop +bar +restaurant +diner +bistro +咖啡館 +咖啡馆 +咖啡廳 +咖啡厅 +餐廳 +餐厅 茶館",
    "room": (
        "+room +bedroom +living_room +apartment +office +window +library +desk interior home house 房間 房间 臥室 "
        "卧室 客廳 客厅 辦公室 办公室 窗邊 室內"
    ),
    "studio": (
        "+studio +tabletop +table_top +table-top +pedestal +packshot product +plinth backdrop seamless +攝影棚 "
        "+摄影棚 產品 产品 桌上 商品"
    ),
    "stadium": "+stadium +track! +arena +racetrack +pitch +finish_line 體育場 体育场 +運動場 +运动场 跑道 田徑",
    "station": "+station +platform +subway +metro +railway +train_tracks rails tracks 車站 车站 +月台 地鐵 地铁 捷運",
    "space": "+space +planet +galaxy +orbiting +astronaut +moon_surface +mars cosmos 太空 宇宙 星球 銀河 火星",
    "temple": "+temple +shrine +pagoda +monastery +寺廟 +寺庙 +廟 +庙 +神社 寶塔 寺",
    "village": "+village +town +countryside +cottage 村 +村莊 +村庄 小鎮 小镇 老街",
}  # fmt: skip

HOURS: Final[Vocabulary] = {
    "dawn": "+dawn +sunrise daybreak first_light 黎明 +日出 破曉 破晓 曙光 拂曉",
    "morning": "+morning breakfast 早晨 清晨 早上 晨光 上午",
    "noon": "+noon midday bright sunny daylight blue_sky day summer 中午 正午 白天 陽光 阳光 晴空 藍天 夏",
    "golden": "+golden +golden_hour late_afternoon low_sun warm_light amber afternoon 黃金時刻 金色 午後 下午 斜陽",
    "dusk": "+dusk +sunset +evening +twilight 黃昏 黄昏 +日落 傍晚 夕陽 夕阳 晚霞",
    "blue": "+blue_hour +blue_evening +blue_winter_evening +blue_dusk +blue_twilight +blue_night 藍調 蓝调 藍色時刻",
    "night": (
        "+night +midnight +moon +moonlight +moonlit +neon +stars +starry lanterns 夜 夜晚 深夜 月光 月 星空 霓虹 夜市"
    ),
}

WEATHERS: Final[Vocabulary] = {
    "clear": "clear sunny cloudless 晴 晴朗",
    "clouds": "cloud clouds cloudy overcast 雲 云 多雲 陰天",
    "rain": "+rain +rainy raining drizzle wet puddle puddles umbrella +雨 下雨 雨夜 細雨",
    "snow": "+snowfall +snowing +snowflakes snow snowy blizzard winter +下雪 +雪花 飄雪 雪 冬",
    "fog": "+fog +foggy +mist +misty haze hazy +霧 +雾 薄霧 晨霧",
    "storm": "+storm +stormy +thunder +lightning tempest +暴風 +暴风 +暴雨 閃電 雷",
}

CAMERAS: Final[Vocabulary] = {
    "static": "static locked-off locked tripod still_camera 固定 靜止 静止",
    "pan": "+pan +pans +panning sweep 橫搖 横摇 平移 搖鏡",
    "tilt": "tilt tilts tilting 仰拍 俯仰 上搖",
    "tracking": "tracking track_shot follow follows following alongside dolly_alongside 跟拍 跟隨 跟随 追蹤 跟蹤",
    "push": (
        "+push +push-in push_in dolly zoom zooms close-up closeup approaches slowly_in 推近 推進 推进 特寫 特写 推鏡"
    ),
    "pull": (
        "+pull +pull-out pull_out pull_back pulls_back pulls_out camera_pulls reveal reveals wide_shot "
        "拉遠 拉远 拉開 後退 拉鏡"
    ),
    "crane": "+crane +rise rises rising lifts boom 升起 上升 升降",
    "orbit": "+orbit +orbits orbiting around circle circles arc arcs 環繞 环绕 繞",
    "aerial": "+aerial +drone bird's-eye overhead flyover 空拍 航拍 俯瞰 鳥瞰",
    "handheld": "+handheld +hand-held shaky documentary 手持",
}

FIGURES: Final[Vocabulary] = {
    "runner": (
        "-跑車 -跑车 -跑鞋 -跑道 +runner +runs +running +run jogger jogging sprint sprinter athlete "
        "marathon 跑者 跑步 奔跑 跑 選手"
    ),
    "walker": (
        "-機器人 -机器人 walker pedestrian man woman person girl boy hero traveler traveller stranger "
        "figure she he lady "
        "people couple monk fisherman farmer worker musician barista astronaut crowd! "
        "行人 男人 女人 女孩 男孩 人 旅人 漁夫 渔夫 老人 僧"
    ),
    "child": "+child +children +kid +kids toddler 孩子 小孩 孩童 兒童 儿童",
    "dancer": "+dancer +dance +dancing ballet ballerina 舞者 跳舞 舞蹈 芭蕾",
    "cyclist": (
        "+cyclist +bicycle +bike +bikes cycling rides_a_bike 自行車 自行车 腳踏車 motorcycle motorbike "
        "scooter 機車 摩托車 摩托车 單車 单车 騎車"
    ),
    "boat": "+boat +boats +sailboat rowboat canoe kayak junk 船 +小船 帆船 舟",
    "fishing_boat": "+fishing_boat +fishing_boats +trawler +漁船 +渔船",
    "ship": "+ship +ferry +cruise cargo freighter vessel 輪船 轮船 渡輪 貨輪 大船",
    "sports_car": "+sports_car +sportscar +race_car +racing_car +supercar +roadster +convertible 跑車 跑车 賽車 赛车",
    "truck": "+truck +lorry +van 卡車 卡车 貨車",
    "bus": "+bus! +buses 公車 公车 巴士",
    "car": "+car +taxi +automobile sedan drives driving suv 汽車 汽车 車子 轎車 計程車",
    "train": "+train +tram +trains locomotive 火車 火车 列車 電車 高鐵",
    "birds": (
        "+bird +birds +seagull +seagulls gull gulls crane_bird flock eagle swallow owl hawk crow duck "
        "swan goose geese heron pelican parrot butterfly butterflies 鳥 鸟 蝴蝶 +海鷗 海鸥 飛鳥 老鷹"
    ),
    "fox": "+fox +vixen 狐",
    "deer": "+deer +stag +elk +reindeer +moose antelope gazelle giraffe 鹿",
    "camel": "+camel 駱駝 骆驼",
    "dog": (
        "+dog +puppy hound wolf wolves coyote bear lion tiger pig sheep goat lamb cub 狼 熊 獅 狮 虎 羊 "
        "豬 狗 小狗 犬"
    ),
    "cat": "+cat +kitten rabbit hare squirrel monkey panda frog 兔 松鼠 猴 貓 猫",
    "horse": (
        "-馬路 -马路 -斑馬線 +horse +rider gallop galloping cow cattle bull buffalo donkey zebra elephant "
        "pony 牛 象 驢 馬匹 馬 駿馬"
    ),
    "bottle": "+bottle +bottles wine whisky whiskey soda beer drink! juice 瓶 瓶子 酒 飲料 汽水",
    "cup": (
        "-coffee_shop -coffee_house -咖啡館 -咖啡馆 -咖啡廳 -咖啡厅 +cup +mug +coffee +tea +espresso "
        "latte 杯 咖啡 茶 茶杯"
    ),
    "perfume": "+perfume +fragrance cologne scent serum cosmetic 香水 精華液 化妝品",
    "phone": "+phone +smartphone +cellphone +mobile app 手機 手机 電話",
    "watch": "+watch! +wristwatch timepiece chronograph 手錶 手表 腕錶",
    "shoe": "+shoe +shoes +sneaker +sneakers trainers boots 鞋 球鞋 運動鞋 跑鞋",
    "tree": "+tree lone_tree oak cherry_tree blossom 大樹 櫻花 樱花 樹下",
    "lantern": "+lantern +lanterns 燈籠 灯笼 天燈",
    "balloon": "+balloon +balloons 氣球 热气球 熱氣球",
    "rocket": "+rocket +spaceship +spacecraft +satellite 火箭 太空船",
    "umbrella": "+umbrella 傘 伞 雨傘",
    "lighthouse": "+lighthouse +beacon 燈塔 灯塔",
    "fish": "-釣魚 -钓鱼 +fish +fishes +whale +turtle +shark +dolphin +jellyfish octopus 海豚 水母 魚 鱼 鯨 海龜",
    "book": "+book +books +notebook 書 书本",
    "robot": "+robot +android 機器人 机器人",
}  # fmt: skip

COLOURS: Final[Vocabulary] = {
    "red": "red crimson scarlet 紅 红",
    "orange": "orange 橙 橘",
    "copper": "copper bronze 銅 铜",
    "gold": "gold yellow 黃色 金黃",
    "green": "green emerald jade 綠 绿",
    "teal": "teal turquoise cyan 青色 青綠 碧",
    "blue": "blue azure cobalt navy 藍 蓝",
    "violet": "purple violet lavender 紫",
    "pink": "pink rose magenta 粉 粉紅",
    "neon": "neon cyberpunk synthwave 霓虹 賽博",
    "white": "white ivory minimal minimalist 白色 純白",
    "black": "noir black charcoal 黑色",
}


NATURE: Final = (
    "meadow field hill grass grassland forest woods sky sea ocean water lake river wave mountain sand snow "
    "ice evening morning night dusk dawn hour winter sunset horizon 天 海 湖 水 山 草 田 樹 树 森林 竹 雪 光 夜"
)
"""What has its own colour: green meadows dye no balloon."""

DETAILS: Final[Vocabulary] = {
    "dark": "dark_backdrop dark_background black_backdrop black_background low-key 黑色背景 暗色背景",
    "close": "close-up closeup close_up macro extreme_close-up 特寫 特写",
    "pines": "pine fir spruce conifer evergreen larch cedar 松 杉 柏",
    "road": "road highway motorway freeway asphalt lane_markings race_track 公路 道路",
    "stone": "stone_bridge stone_arch arch_bridge arched_bridge old_bridge viaduct aqueduct 石橋 石桥 拱橋 拱桥",
    "aloft": "sky_lantern floating_lantern 天燈 天灯",
    "steam": "steam steams steaming steamy 蒸氣 蒸汽 蒸气 熱氣 热气",
}
"""What a place or a subject shows only when it is named."""

STANCES: Final[Vocabulary] = {
    "walk": "walk walking stroll strolling cross! crossing! passes carries 走 散步 步行 穿過 穿过",
    "stand": "stand standing wait waiting lean leaning pause pauses gaze gazing stare staring 站 等 佇立 凝望 倚",
    "sit": "sit sitting seated squat squatting crouch crouches kneel kneeling 坐 蹲 跪",
}

AFLOAT: Final = ("ship", "boat", "fishing_boat")
"""Named without a place, these are at sea."""

THINGS: Final = ("bottle", "cup", "perfume", "phone", "watch", "shoe", "book")
"""Named without a place, these stand in a studio."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a prompt shows, by the names of the tables above."""

    place: str
    hour: str
    weather: str
    camera: str
    figures: tuple[str, ...]  # most wanted first
    colours: tuple[str, ...]
    details: frozenset[str] = frozenset()
    stance: str = "walk"  # of people
    heard: tuple[str, ...] = ()  # figures that are seen or only named for their sound


def read_prompt(prompt: str, rng: np.random.Generator) -> Sight:
    """What `prompt` names; `rng` fills in what it leaves open."""
    whole = prompt.lower().replace("’", "'")
    text = _SOUND.sub(" ", whole)
    hours, weathers, cameras = _named(HOURS, text), _named(WEATHERS, text), _named(CAMERAS, text, plural=False)
    stances = _named(STANCES, text)
    chance, figures = _Chance(rng), _named(FIGURES, text) or ("walker",) * bool(stances)
    details = frozenset(_named(DETAILS, text)) | (
        {"road"} if {"car", "sports_car", "truck", "bus"} & set(figures) else set()
    )
    swift = bool({"runner", "cyclist", "horse"} & set(figures[:1]))
    place = _place(_named(PLACES, text), figures, details, chance)
    weather = weathers[0] if weathers else chance.of("clear", "clouds")
    usual = ("morning", "golden", "noon", "dusk") if weather in ("clear", "clouds") else ("morning", "noon", "blue")
    hour = hours[0] if hours else chance.of(*usual)
    return Sight(
        place=place,
        hour=hour,
        weather=weather,
        camera=cameras[0] if cameras else "tracking" if swift else chance.of("pan", "push", "pull"),
        figures=figures,
        colours=_colours(text, hour, details),
        details=details,
        stance=(*stances, "walk")[0],
        heard=_named(FIGURES, whole),
    )


class _Chance:
    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def of(self, *names: str) -> str:
        return names[int(self._rng.integers(len(names)))]


def _place(places: tuple[str, ...], figures: tuple[str, ...], details: frozenset[str], chance: _Chance) -> str:
    """The place most named; without one, where the first figure is at home, or a road leads through."""
    if places:
        return places[0]
    if figures[:1] and figures[0] in THINGS:
        return "studio"
    if figures[:1] and figures[0] in AFLOAT:
        return "sea"
    if "road" in details:
        return chance.of("meadow", "desert", "mountain")
    return chance.of("meadow", "mountain", "lake", "city", "sea")


def _colours(text: str, hour: str, details: frozenset[str]) -> tuple[str, ...]:
    """The colours named, but for those of the air and the land."""
    named = _named(COLOURS, _TINTED_NATURE.sub(" ", text))
    return tuple(name for name in named if name != hour and not ("dark" in details and name == "black"))


def _named(vocabulary: Vocabulary, text: str, *, plural: bool = True) -> tuple[str, ...]:
    """The entries that `text` names: the most weight first, then the earliest."""
    found = []
    for name, words in vocabulary.items():
        weights: dict[int, int] = {}  # by where a word begins: "dune" and "dunes" are one
        heard = text
        for word in words.split():
            if word.startswith("-"):
                heard = heard.replace(word[1:].replace("_", " "), "\0" * (len(word) - 1))
            elif (at := _find(word.lstrip("+").replace("_", " "), heard, plural=plural)) >= 0:
                weights[at] = max(weights.get(at, 0), 2 if word.startswith("+") else 1)
        if weights:
            found.append((-sum(weights.values()), min(weights), name))
    return tuple(name for _, _, name in sorted(found))


def _find(word: str, text: str, *, plural: bool) -> int:
    """Where `word` stands in `text`, or -1. Chinese has no spaces; English words end where they end."""
    bare = word.rstrip("!")
    at = text.find(bare)
    if at < 0 or not bare.isascii():
        return at
    found = re.compile(rf"(?<![\w-]){re.escape(bare)}{_PLURAL if plural and bare == word else ''}(?!\w)").search(
        text, at
    )
    return found.start() if found else -1


_PLURAL: Final = r"(?:s|(?<=[sxh])es)?"
_SOUND: Final = re.compile(r"(?:\b(?:sound|audio|ambience)|聲音|声音|音效)\s*[：:][^.。\n]*")
_TINTED_NATURE: Final = re.compile(
    r"\b(?:green|emerald|blue|azure|turquoise|white|black|golden)"
    rf"(?:\s+\w+)??\s+(?:{'|'.join(word for word in NATURE.split() if word.isascii())})s?\b"
    rf"|[綠绿青碧藍蓝白黑金]色?的?(?:{'|'.join(word for word in NATURE.split() if not word.isascii())})"
)
