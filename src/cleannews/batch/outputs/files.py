"""Files that appear when they are complete, all at once, and that one run at a time can write.

While a file is written it has another name in the same folder, which only depends on its own: a run that was killed
leaves it behind, and the next one takes it over. The lock is on that file itself, so none is left behind.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cleannews.batch.wording import real_path, shown_path
from cleannews.document import CleannewsError

_NAME_DIGITS = 16
"""Of the hash of a name. The name itself may be as long as the system allows, with no room for anything before it."""


class BusyError(CleannewsError):
    """Another run is writing the file."""


def beside(path: Path, kind: str) -> Path:
    """Return the name that something of a file has while it is written: hidden, short, and always the same."""
    digest = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:_NAME_DIGITS]
    return path.with_name(f".cleannews-{digest}.{kind}")


def locked(path: Path) -> BinaryIO:
    """Open a file for reading and writing, which no other run has open in this way; it is made if need be.

    Raises:
        BusyError: another run has.
        OSError: it cannot be opened.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        file = os.fdopen(descriptor, "r+b")
        try:
            _lock(descriptor, path)
            if _is_still(descriptor, path):
                return file
        except BaseException:
            file.close()
            raise
        # Whoever had it has put it in its place meanwhile.
        file.close()


def _lock(descriptor: int, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:  # Windows refuses to rename what another process has open
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BusyError(f"another run is writing here: {shown_path(path)} is locked") from None


def _is_still(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    return False


class FolderLocks:
    """A context in which no other run writes into some folders."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """Args are the folders; those that do not exist are made."""
        self._folders = sorted(set(folders))
        self._held: list[tuple[Path, BinaryIO]] = []

    def __enter__(self) -> FolderLocks:
        """Lock them.

        Raises:
            BusyError: another run is writing into one.
            OSError: nothing can be written into one.
        """
        try:
            for folder in self._folders:
                folder.mkdir(parents=True, exist_ok=True)
                path = beside(folder / "folder", "lock")
                self._held.append((path, locked(path)))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """Unlock them, and leave nothing there."""
        for path, file in self._held:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            file.close()
        self._held.clear()


@contextmanager
def replacing(path: Path, *, durable: bool = False, backup: str = "") -> Iterator[BinaryIO]:
    """Open a new file that takes the place of `path` at the end, all at once, or not at all after an exception.

    The file keeps its mode, and a symbolic link goes on pointing to it. Pipes and devices are written directly.

    Args:
        path: the file to be replaced or made.
        durable: whether the new content must be on the disk before the old one goes.
        backup: what is put behind the name of the old file, which is kept under it; empty to keep none.

    Raises:
        BusyError: another run is writing it.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    path = real_path(path)
    temporary = beside(path, "tmp")
    file = locked(temporary)
    try:
        file.truncate()
        yield file
        put_in_place(file, temporary, path, durable=durable, backup=backup)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    finally:
        with suppress(OSError):  # of a full disk, once more
            file.close()


def put_in_place(file: BinaryIO, temporary: Path, path: Path, *, durable: bool, backup: str = "") -> None:
    """Let a complete file take the place of `path`.

    Args:
        file: the complete file, open.
        temporary: its name so far.
        path: its name to be.
        durable: whether it must be on the disk before the old one goes.
        backup: what is put behind the name of the old file, which is kept under it; empty to keep none.
    """
    file.flush()
    _copy_owner_and_mode(path, temporary)
    if durable:
        os.fsync(file.fileno())
    if backup:
        _keep(path, path.with_name(path.name + backup))
    if os.name == "nt":
        file.close()
    temporary.replace(path)
    if durable:
        _sync_folder(path.parent)


def _keep(path: Path, kept: Path) -> None:
    """Give the old file a second name, or where the file system has none, a copy."""
    kept.unlink(missing_ok=True)
    try:
        os.link(path, kept)
    except OSError:
        import shutil  # noqa: PLC0415

        shutil.copy2(path, kept)


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk, too, on systems where folders can be synchronised."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _copy_owner_and_mode(path: Path, temporary: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    if hasattr(os, "chown"):
        with suppress(OSError):  # only root may give files away
            os.chown(temporary, status.st_uid, status.st_gid)
    temporary.chmod(stat.S_IMODE(status.st_mode))
