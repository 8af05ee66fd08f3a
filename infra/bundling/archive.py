"""A zip whose bytes depend on its contents alone."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

DATE: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
UNIX: Final = 3
READABLE: Final = 0o100644 << 16  # a regular file, whatever the umask was


def packed(contents: Mapping[str, bytes]) -> bytes:
    """The files as a zip: in order of their names, and stored, since what deflate writes differs between builds of zlib."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = UNIX
            entry.external_attr = READABLE
            archive.writestr(entry, contents[name])
    return buffer.getvalue()
