"""One render of ours in a process of its own, as `rendering.py` orders it: `python our_side.py ORDER.json`.

Its last line says what of its processor time was our own, from the first import on.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from own_work import OwnWork


def main() -> None:
    work = OwnWork()
    work.start()
    from one_render import render  # what it imports takes time, and counts

    render(json.loads(Path(sys.argv[1]).read_text()))
    own_s, av_s = work.stop()
    print(json.dumps({"own_s": own_s, "av_s": av_s, "lines": work.ticks.most_common(12)}))


if __name__ == "__main__":
    main()
