"""How results are written: what one run has decided for all its outputs."""

from __future__ import annotations

from dataclasses import dataclass, field

from cleannews.batch.formats import Encoder, encoder
from cleannews.batch.formats.document import RecordsEncoder, rendered_record, with_line_end
from cleannews.batch.inputs import written_format
from cleannews.batch.records import PLAIN, Extras, Format, Input, Result, UnusableInputError
from cleannews.batch.wording import encoded


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written, and under which conditions.

    Attributes:
        form: what is written; None for what comes nearest to the input's own format.
        extras: what records get besides the clean text.
        fingerprint: stands for everything that the output depends on but the inputs; empty, if nothing is remembered
            and nothing taken up.
        backup: what is put behind the name of a file that is replaced; empty to keep none.

    """

    form: Format | None = None
    extras: Extras = field(default_factory=Extras)
    fingerprint: str = ""
    backup: str = ""

    def format_for(self, item: Input) -> Format:
        """Return what an input is written as."""
        return written_format(item, self.form)

    def document(self, result: Result) -> bytes:
        """Return the content of a file that holds nothing but one document.

        Raises:
            UnusableInputError: the format is for many.
        """
        form = self.format_for(result.input)
        if form in PLAIN:
            if result.article is None and isinstance(result.record.raw, bytes):
                return result.record.raw
            return encoded(with_line_end(result.text))
        if form in {Format.JSON, Format.JSONL}:
            record = rendered_record(result, with_source=self.extras.source, is_indented=form is Format.JSON)
            return encoded(record)
        raise UnusableInputError("is one document, and no table; write json or jsonl, or all into one file")

    def encoder(self, form: Format, inputs: list[Input], *, as_array: bool) -> Encoder:
        """Return what writes all of `inputs` into one file."""
        if form is Format.JSON and not any(item.format.is_data_set for item in inputs):
            return RecordsEncoder(as_array=as_array, with_source=self.extras.source)
        return encoder(form, self.extras, source=inputs[0].format if len(inputs) == 1 else None)
