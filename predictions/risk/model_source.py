"""Where a model file comes from: a path, or a repository on the Hugging Face Hub."""

from pathlib import Path, PurePosixPath
from typing import Final

from predictions.risk.manifest import FILE_NAME, ModelError

HUB_PREFIX: Final = "hf://"


def fetch(location: str, token: str = "") -> tuple[Path, Path]:
    """The model file and its manifest on this machine. Raises ``ModelError``.

    ``location`` is a path, the manifest lying beside the file, or
    ``hf://owner/repository/file``, both downloaded from that repository. Its owner is
    trusted as the owner of this site is: the manifest proves that the file arrived whole,
    not who made it.
    """
    own_name = PurePosixPath(location).name
    model = fetch_beside(location, own_name, token)
    return model, fetch_beside(location, FILE_NAME, token)


def fetch_beside(location: str, file_name: str, token: str = "") -> Path:
    """Another file of the model's folder or repository. Raises ``ModelError``."""
    if location.startswith(HUB_PREFIX):
        name, file = _in_hub(location)
        return _download(name, str(PurePosixPath(file).with_name(file_name)), token)
    return Path(location).with_name(file_name)


def _in_hub(location: str) -> tuple[str, str]:
    """The repository and the file in it."""
    owner, _, rest = location.removeprefix(HUB_PREFIX).partition("/")
    repository, _, file = rest.partition("/")
    if not (owner and repository and file):
        raise ModelError(f"{location} is not of the form hf://owner/repository/file.")
    return f"{owner}/{repository}", file


def _download(repository: str, file: str, token: str) -> Path:
    try:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HTTPError
    except ImportError:
        raise ModelError(
            "A model at hf:// needs huggingface_hub: pip install huggingface_hub."
        ) from None
    try:
        return Path(hf_hub_download(repository, file, token=token or None))
    except (HTTPError, OSError, ValueError) as error:
        raise ModelError(
            f"{file} could not be downloaded from {HUB_PREFIX}{repository} "
            f"({type(error).__name__})."
        ) from None
