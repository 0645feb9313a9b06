"""Public addresses for a project's pictures, ahead of a render."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from pipeline.access import UNASKED
from pipeline.app.assignment import Assignment
from pipeline.app.compiling import compile_films
from pipeline.app.doors import look_on_hand, open_ledger
from pipeline.errors import UsageError
from pipeline.media.prompt_pictures import PromptPictures
from pipeline.planner.plan import plan_films
from pipeline.publication import Publication, publish_all, remember, wanted_pictures
from pipeline.publish.settings import Manual, memory_of, publisher_of, read_workspace_file
from pipeline.shoot.addresses import Addresses


def publish_project(assigned: Assignment, said: Mapping[str, str]) -> list[Publication]:
    """Give the project's pictures public addresses, as a live render would; spends nothing and needs no key.

    Args:
        said: addresses of pictures that the user has published by hand, by what the user calls them.

    Raises:
        UsageError: what was said fits no picture, or the publisher takes no such word.
    """
    assigned = replace(assigned, access=UNASKED)
    pictures = PromptPictures(assigned.project, assigned.store)
    with open_ledger(assigned.store) as ledger:
        plan = plan_films(compile_films(assigned).storyboards, look_on_hand(assigned, ledger, pictures))
    wanted = wanted_pictures(plan, pictures)
    named = read_workspace_file(assigned.workspace.settings_path).publisher
    if said and not isinstance(named, Manual):
        raise UsageError(
            'addresses are taken for "publisher: {kind: manual}" in storyreel.yaml, and for no other kind.'
        )
    if isinstance(named, Manual):
        remember(said, wanted, memory_of(named, assigned.store))
    publisher = publisher_of(named, assigned.workspace.root, assigned.store, assigned.settings.environment)
    return asyncio.run(publish_all(wanted, Addresses(pictures, publisher)))
