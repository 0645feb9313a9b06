"""`storyreel schema`: the JSON Schema of a file that people write."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.printing import print_document, say

SchemaName = Annotated[str | None, typer.Argument(metavar="NAME", help="project, bible, series or storyboard.")]


def command(name: SchemaName = None) -> None:
    """Print the JSON Schema of project.yaml, bible.yaml, series.yaml or storyboard.yaml; without a name, list them."""
    from pipeline.compiler.json_schemas import MODELS, schema_text
    from pipeline.errors import UsageError

    if name is None:
        for each in MODELS:
            say(each)
    elif (wanted := name.removesuffix(".yaml").removesuffix(".json")) in MODELS:
        print_document(schema_text(wanted))
    else:
        raise UsageError(f'there is no schema "{name}". There are: {", ".join(MODELS)}.')
