"""The page of a notebook as ``jupyter nbconvert --to html --template reviewlib`` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbconvert.preprocessors import Preprocessor
from nbconvert.utils.exceptions import ConversionException

from reviewlib.faults import ReviewError
from reviewlib.pages.executed import readable, refuse_unrun
from reviewlib.pages.publish import NOTEBOOK, page_of

if TYPE_CHECKING:
    from nbformat import NotebookNode


class ReviewPage(Preprocessor):
    """Leave the page that ``reviewlib publish`` writes where the template ``reviewlib`` has it."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Make the page; raises ConversionException, as nbconvert expects, where there is none."""
        try:
            refuse_unrun(nb, NOTEBOOK)
            with readable(NOTEBOOK):
                page, notes = page_of(nb)
        except ReviewError as error:
            raise ConversionException(str(error)) from None
        for note in notes:
            self.log.warning(note)
        return nb, resources | {"reviewlib": page}
