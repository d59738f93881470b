"""What is inside a file: a module for each format, found by the file's name and loaded when it is needed.

Each module has `read`, which yields the records of a stream (`Reads`), and those that can be written have an encoder
(`Encoder`). Whatever an output's format does not know of a record goes through `Carrier.fields`.
"""

from cleannews.batch.formats.base import Encoder, Reads, Source
from cleannews.batch.formats.names import compression_of, format_of, with_format
from cleannews.batch.formats.registry import encoder, reader

__all__ = ["Encoder", "Reads", "Source", "compression_of", "encoder", "format_of", "reader", "with_format"]
