"""The archive as a file: members one after the other, each checked, none held in memory as a whole.

Every byte is accounted for: headers must be the ones this module writes, fillings must be empty, contents stand in
SHA256SUMS, that one in the manifest, and the manifest in the last member. `sha256sum -c SHA256SUMS` agrees.
"""

import hashlib
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tqdm import tqdm

BLOCK = tarfile.BLOCKSIZE
STEP = 1024 * 1024
END = bytes(2 * BLOCK)
SUMS, MANIFEST, SEAL = "SHA256SUMS", "manifest.json", "manifest.sha256"
LARGEST_MANIFEST = 16 * 1024 * 1024
TABLE_MEMBER = re.compile(r"data/([a-z][a-z0-9_]{0,62})/(\d{6})\.gz")
MEDIA_MEMBER = re.compile(r"media/([A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*)")


class BadArchive(Exception):
    """Why a file is no backup to trust, in a sentence for the operator."""


@dataclass
class Member:
    """A file in the archive; `content` gives its bytes once, in the order of the archive."""

    name: str
    size: int
    content: Iterator[bytes]

    def read(self, largest: int) -> bytes:
        """The whole content. Raises BadArchive when it is larger than `largest` bytes."""
        if self.size > largest:
            raise BadArchive(f"{self.name} is larger than any that a backup holds.")
        return b"".join(self.content)


def media_name(name: str) -> str:
    """The member of a private file. Raises BadArchive for a name that could leave the folder."""
    member = f"media/{name}"
    if not MEDIA_MEMBER.fullmatch(member):
        raise BadArchive(f"The file name {name!r} cannot be kept in a backup.")
    return member


def header(name: str, size: int) -> bytes:
    """The one header a member of this name and size can have."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


class Writer:
    """Adds members to a file and keeps their checksums."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.sums = tempfile.TemporaryFile(dir=Path(file.name).absolute().parent)  # noqa: SIM115  closed with us

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *failure: object) -> None:
        self.sums.close()

    def add(self, name: str, size: int, content: Iterable[bytes]) -> str:
        """Add a member; its SHA-256. Raises BadArchive when the content has another size than announced."""
        digest = self._put(name, size, content)
        self.sums.write(f"{digest}  {name}\n".encode())
        return digest

    def _put(self, name: str, size: int, content: Iterable[bytes]) -> str:
        digest, written = hashlib.sha256(), 0
        self.file.write(header(name, size))
        for part in content:
            self.file.write(part)
            digest.update(part)
            written += len(part)
        if written != size:
            raise BadArchive(f"{name} changed while it was read; start the backup again.")
        self.file.write(bytes(-size % BLOCK))
        return digest.hexdigest()

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write checksums, manifest and seal; the archive is whole after it."""
        size = self.sums.tell()
        self.sums.seek(0)
        manifest["sums"] = self._put(SUMS, size, parts_of(self.sums, size))
        text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True).encode()
        sealed = f"{self._put(MANIFEST, len(text), [text])}  {MANIFEST}\n".encode()
        self._put(SEAL, len(sealed), [sealed])
        self.file.write(END)


def parts_of(file: BinaryIO, size: int) -> Iterator[bytes]:
    """`size` bytes of a file in pieces; fewer when it ends before."""
    while size and (part := file.read(min(size, STEP))):
        size -= len(part)
        yield part


def members(file: BinaryIO) -> Iterator[Member]:
    """The members of an archive from its beginning. Raises BadArchive for anything that no Writer writes."""
    file.seek(0)
    while (block := _exactly(file, BLOCK)) != bytes(BLOCK):
        member = _member(file, block)
        yield member
        for _rest in member.content:
            pass
        if any(_exactly(file, -member.size % BLOCK)):
            raise BadArchive(f"Something is hidden behind {member.name}.")
    if file.read(BLOCK + 1) != bytes(BLOCK):
        raise BadArchive("The archive does not end where it says.")


def _member(file: BinaryIO, block: bytes) -> Member:
    try:
        info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError) as error:
        raise BadArchive(f"This is no backup, or it is damaged at byte {file.tell() - BLOCK}.") from error
    if info.type != tarfile.REGTYPE:
        raise BadArchive(f"{info.name} is a link, a device or a folder; a backup holds plain files only.")
    _check_name(info.name)
    if block != header(info.name, info.size):
        raise BadArchive(f"The header of {info.name} is not one that a backup has.")
    return Member(info.name, info.size, _content(file, info.name, info.size))


def _check_name(name: str) -> None:
    known = name in {SUMS, MANIFEST, SEAL} or TABLE_MEMBER.fullmatch(name) or MEDIA_MEMBER.fullmatch(name)
    if not known:
        raise BadArchive(f"{name!r} has no place in a backup.")


def _content(file: BinaryIO, name: str, size: int) -> Iterator[bytes]:
    for part in parts_of(file, size):
        size -= len(part)
        yield part
    if size:
        raise BadArchive(f"The archive ends in the middle of {name}.")


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise BadArchive("The archive is cut short, or it is no backup.")
    return found


def verify(file: BinaryIO) -> dict[str, Any]:
    """Read an archive to its last byte and give its manifest. Raises BadArchive, naming the member at fault."""
    found: dict[str, bytes] = {}
    last = ""
    with tempfile.TemporaryFile() as sums, tqdm(total=_size(file), desc="Checking", **BAR) as bar:
        for member in members(file):
            if member.name in {SUMS, MANIFEST, SEAL}:
                _closing(member, found, sums)
            elif found or member.name <= last:
                raise BadArchive(f"{member.name} stands in the wrong place.")
            else:
                last = member.name
                sums.write(f"{_digest(member)}  {member.name}\n".encode())
            bar.update(BLOCK + member.size)
    if list(found) != [SUMS, MANIFEST, SEAL]:
        raise BadArchive("The archive has no complete manifest.")
    return _manifest(found)


BAR: dict[str, Any] = {"unit": "B", "unit_scale": True, "disable": None}


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _digest(member: Member) -> str:
    digest = hashlib.sha256()
    for part in member.content:
        digest.update(part)
    return digest.hexdigest()


def _closing(member: Member, found: dict[str, bytes], sums: BinaryIO) -> None:
    """Keep what the last members say: of the checksums their own digest, once they were compared."""
    if member.name != SUMS:
        found[member.name] = member.read(LARGEST_MANIFEST)
        return
    sums.seek(0)
    digest = hashlib.sha256()
    for part in member.content:
        digest.update(part)
        ours = sums.read(len(part))
        if ours != part:
            raise BadArchive(f"{_damaged(ours, part)} does not fit its checksum: the archive is damaged.")
    if sums.read(1):
        raise BadArchive("A file in the archive has no checksum.")
    found[SUMS] = digest.hexdigest().encode()


def _damaged(ours: bytes, theirs: bytes) -> str:
    """The name in the first of our lines that the archive does not have."""
    known = set(theirs.splitlines())
    line = next((line for line in ours.splitlines() if line not in known), b"A member")
    return line.decode().rpartition("  ")[2]


def _manifest(found: dict[str, bytes]) -> dict[str, Any]:
    text = found[MANIFEST]
    if found[SEAL] != f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode():
        raise BadArchive("The manifest does not fit its checksum.")
    try:
        manifest = json.loads(text)
        fits = manifest["sums"].encode() == found[SUMS]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadArchive("The manifest cannot be read.") from error
    if not fits:
        raise BadArchive("The checksums do not fit the manifest.")
    return manifest
