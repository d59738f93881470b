"""Many inputs: finding them, cleaning each, and writing what came out.

    inputs        what is read, and where it goes
    reading       files to records, by the formats and through the compression
    cleaning      records to results, in processes
    outputs       results to one stream, to a file for each input, or back over the inputs
    memory        what earlier runs have done
    summary, progress
                  what the user is told

An input or a record that cannot be processed becomes a `Failure` and stops no other.
"""

from cleannews.batch.cleaning import DEFAULT_SECONDS, Effort, clean
from cleannews.batch.formats import format_of
from cleannews.batch.inputs import Selection, plan
from cleannews.batch.reading import Begin, Meter, read
from cleannews.batch.records import (
    PLAIN,
    STANDARD_INPUT,
    STANDARD_INPUT_NAME,
    WRITABLE,
    Closed,
    Event,
    Extras,
    Failure,
    FieldNames,
    FirstFailureError,
    Format,
    Input,
    Opened,
    OutputError,
    Record,
    Replayed,
    Result,
)
from cleannews.batch.run import run
from cleannews.batch.summary import Summary, Tally, table
from cleannews.batch.wording import counted, encoded, internal, is_folder, real_path, reason_of, shown_path

__all__ = [
    "DEFAULT_SECONDS",
    "PLAIN",
    "STANDARD_INPUT",
    "STANDARD_INPUT_NAME",
    "WRITABLE",
    "Begin",
    "Closed",
    "Effort",
    "Event",
    "Extras",
    "Failure",
    "FieldNames",
    "FirstFailureError",
    "Format",
    "Input",
    "Meter",
    "Opened",
    "OutputError",
    "Record",
    "Replayed",
    "Result",
    "Selection",
    "Summary",
    "Tally",
    "clean",
    "counted",
    "encoded",
    "format_of",
    "internal",
    "is_folder",
    "plan",
    "read",
    "real_path",
    "reason_of",
    "run",
    "shown_path",
    "table",
]
