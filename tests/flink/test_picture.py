"""The picture of the pipeline is told twice, where the code is and where the documents are."""

import ast
import textwrap

from tests.places import ROOT

BEGINNING = "records + ticks"


def picture(text: str) -> str:
    """The paragraph that is the picture, without its indentation."""
    return next(
        textwrap.dedent(part).strip("\n")
        for part in text.replace("```", "\n\n").split("\n\n")
        if part.strip().startswith(BEGINNING)
    )


def test_the_picture_in_the_code_is_the_one_of_the_documents_and_fits_100_columns() -> None:
    told = ast.get_docstring(ast.parse((ROOT / "beacon_job" / "flink" / "job.py").read_text()), clean=False)
    assert told
    drawn = picture(told)
    assert drawn == picture((ROOT / "docs" / "architecture.md").read_text())
    assert max(map(len, drawn.splitlines())) <= 100
