"""Runs a storyboard template and brings home what its tags say; whatever goes wrong in it is a finding."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.compiler.catalogue import Code
from pipeline.compiler.collector import Collector
from pipeline.compiler.draft import Drafts
from pipeline.compiler.environment import StoryEnvironment
from pipeline.compiler.findings import Findings
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
    collector = Collector(findings, slips, locate)
    environment = StoryEnvironment(sources.texts, names, collector, slips)
    try:
        template = environment.get_template(start.path)
        context = template.new_context()
        # Not `render`: that rewrites the tracebacks, and places are read from them.
        words = "".join(template.root_render_func(context))
    except Exception as error:  # whatever a template does is a finding, never a traceback
        slips.failed(error, start)
    else:
        if len(context.blocks.get("story", ())) == 1:
            _check_story(sources, start.path, findings)
        if words.strip() and not findings:
            slips.stray(start, words)
    return collector.drafts()


def _check_story(sources: Sources, path: str, findings: Findings) -> None:
    """A storyboard without blocks is its parent's `story`: say so if no parent has a place for it."""
    marks = read_marks(sources.texts[path], path)
    extends = next((mark for mark in marks if mark.name == "extends"), None)
    if extends and not any(mark.name == "block" for mark in marks):
        says = "the template that this one extends has no story block, so that nothing of this one would be seen."
        place = Source(path=path, line=extends.line, column=extends.column)
        findings.add(Code.EXTENDS, place, says, "Add {% block story %}{% endblock %} to it.")
