"""Where results go: one stream, a file for each input, or back over the inputs."""

from cleannews.batch.outputs.base import Output
from cleannews.batch.outputs.files import BusyError, replacing
from cleannews.batch.outputs.in_place import InPlace
from cleannews.batch.outputs.joined import JoinedFile, JoinedStream
from cleannews.batch.outputs.tree import Tree
from cleannews.batch.outputs.writing import Writing

__all__ = ["BusyError", "InPlace", "JoinedFile", "JoinedStream", "Output", "Tree", "Writing", "replacing"]
