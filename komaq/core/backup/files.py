"""The private files of a restoration: laid ready inside their folder, then exchanged for what is there.

Inside, because the folder is often a volume of its own, which can neither be renamed nor be reached by a rename.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from komaq.core.backup.archive import BadArchive


class Incoming:
    """Files on their way into `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.new, self.old = folder / ".restoring", folder / ".replaced"
        self._moved: list[tuple[Path, Path]] = []

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Room for the files; nothing of it is left afterwards."""
        self._clear()
        self.new.mkdir(parents=True)
        try:
            yield
        finally:
            self._clear()

    def _clear(self) -> None:
        for each in (self.new, self.old):
            shutil.rmtree(each, ignore_errors=True)

    def take(self, name: str, content: Iterable[bytes]) -> None:
        """Lay one file ready. Raises BadArchive when it comes twice."""
        path = self.new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                for part in content:
                    file.write(part)
        except FileExistsError as error:
            raise BadArchive(f"{name} is in the backup twice.") from error

    def swap(self) -> None:
        """Exchange what is in the folder for what was laid ready."""
        self.old.mkdir()
        for source, target in ((self.folder, self.old), (self.new, self.folder)):
            for each in sorted(source.iterdir()):
                if each not in {self.new, self.old}:
                    each.rename(target / each.name)
                    self._moved.append((each, target / each.name))

    @contextmanager
    def swapped(self) -> Iterator[None]:
        """Undo a `swap` inside the block when the block fails."""
        try:
            yield
        except BaseException:
            while self._moved:
                before, after = self._moved.pop()
                after.rename(before)
            raise
