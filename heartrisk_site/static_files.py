"""How static files are stored: hashed names, compressed once at the first start."""

from typing import Any, Final

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Brotli's best, 11, makes the files 9 % smaller and the first start several times slower.
_QUALITY: Final = 9
# Source maps are for developer tools only: half of all bytes, hardly ever asked for.
_NOT_COMPRESSED: Final = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")


class QuickCompressor(Compressor):
    """gzip and a quicker brotli."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=_QUALITY))


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Keeps only the files with a hash in their names."""

    keep_only_hashed_files = True

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return QuickCompressor(**kwargs | {"extensions": _NOT_COMPRESSED})
