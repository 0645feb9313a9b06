"""Runs a storyboard template and brings home what its tags say; whatever goes wrong in it is a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.compiler.bible import Entry
from pipeline.compiler.catalogue import Code
from pipeline.compiler.collector import Collector
from pipeline.compiler.draft import Drafts
from pipeline.compiler.environment import StoryEnvironment
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.marks import read_marks
from pipeline.compiler.outline import Locate
from pipeline.compiler.slips import Slips
from pipeline.compiler.sources import Sources
from pipeline.model.finding import Source


def run_template(sources: Sources, names: Mapping[str, object], findings: Findings, locate: Locate) -> Drafts:
    """The tags of the project's storyboard, in the order of the film; all its templates know `names`.

    A name that is missing, or a shot that cannot be evaluated, is a finding and does not stop the rest.
    """
    start = Source(path=sources.storyboard_path, line=1)
    templates = [path.removeprefix("templates/") for path in sources.texts if path.endswith(".jinja")]
    slips = Slips(findings, start, known=names, templates=templates)
    entries = {name: value for name, value in names.items() if isinstance(value, Entry)}
    collector = Collector(findings, slips, locate, entries)
    environment = StoryEnvironment(sources.texts, names, collector, slips)
    try:
        template = environment.get_template(start.path)
        context = template.new_context()
        # Not `render`: that rewrites the tracebacks, and places are read from them.
        words = "".join(template.root_render_func(context))
    except Exception as error:  # whatever a template does is a finding, never a traceback
        slips.failed(error, start)
    else:
        if template.blocks:
            before = len(findings)
            _check_blocks(sources, start.path, context.blocks, findings)
            if len(findings) > before:
                return Drafts()  # without what is lost, the rest would seem full of mistakes
        if words.strip() and not findings:
            slips.written_outside(start, words)
    return collector.drafts()


def _check_blocks(sources: Sources, path: str, blocks: Mapping[str, Sequence[object]], findings: Findings) -> None:
    """What a storyboard that extends another writes is seen in blocks of its parents alone, and else would be lost.

    Args:
        blocks: by name, the storyboard's own first and then those of its parents.
    """
    marks = read_marks(sources.texts[path], path)
    extends = next((mark for mark in marks if mark.name == "extends"), None)
    if extends is None:
        return
    written = {mark.rest.split()[0]: mark for mark in marks if mark.name == "block" and not mark.inside}
    own = {mark.rest.split()[0] for mark in marks if mark.name == "block"}
    parents = [name for name, layers in blocks.items() if len(layers) > 1 or name not in own]
    for name, mark in (written or {"story": extends}).items():
        if len(blocks.get(name, ())) != 1:
            continue
        place = Source(path=path, line=mark.line, column=mark.column)
        if written:
            says = f'no template that this one extends has a block "{name}", so that nothing of it would be seen.'
            findings.add(Code.EXTENDS, place, says, did_you_mean(name, parents))
        else:
            says = "the template that this one extends has no story block, so that nothing of this one would be seen."
            findings.add(Code.EXTENDS, place, says, "Add {% block story %}{% endblock %} to it.")
