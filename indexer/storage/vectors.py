"""Vectors of entries from the model of the extra `semantic`. Texts with similar meanings have similar vectors.

Each segment NAME has a file NAME.vec with a row of DIMENSIONS signed bytes for each document, and the factor that
scales it to length 1. The model is WordLlama's: static vectors of tokens, averaged. Its weights come with the package.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.kernel.subjects import parse_subject
from indexer.storage.arrays import Arrays, ArrayWriter
from indexer.storage.segment import Segment

VECTORS = ".vec"  # suffix of the file
MODEL = "wordllama l2_supercat"
DIMENSIONS = 256
LONGEST = 600  # characters of a body; the average over a longer text is less distinctive
AT_ONCE = 512  # texts
LARGEST = 127  # a signed byte

Floats = npt.NDArray[np.floating]


def is_on() -> bool:
    """Return whether the extra `semantic` is installed and not turned off by BACKISSUE_SEMANTIC=off."""
    return os.environ.get("BACKISSUE_SEMANTIC") != "off" and find_spec("wordllama") is not None


@cache
def model() -> tuple[Any, Floats]:
    """Return the tokenizer and the vectors of its tokens.

    Both are read from the files in the package. Importing the package would take longer, as it also downloads models.
    """
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    found = find_spec("wordllama")
    assert found
    assert found.origin
    folder = Path(found.origin).parent
    weights = load_file(folder / "weights" / f"l2_supercat_{DIMENSIONS}.safetensors")
    return (
        Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json")),
        weights["embedding.weight"],
    )


def vectors_of(texts: Sequence[str]) -> Floats:
    """Return the vector of each text, of length 1, or of length 0 for a text without words."""
    tokenizer, vectors = model()
    found = np.zeros((len(texts), DIMENSIONS), np.float32)
    for row, encoded in zip(found, tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True):
        row[:] = vectors[encoded.ids].sum(axis=0, dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    found /= np.where(lengths > 0, lengths, 1)
    return found


def write_vectors(folder: Path, segments: Iterable[str]) -> None:
    """Write the vectors of the segments of an index that have none."""
    for name in segments:
        if not (folder / f"{name}{VECTORS}").exists():
            write_file(folder / f"{name}{VECTORS}", texts_of(Segment(folder, name)))


def write_file(path: Path, texts: Iterator[str]) -> None:
    """Write the vectors of texts."""
    rows, scales = [np.empty((0, DIMENSIONS), np.int8)], [np.empty(0, np.float32)]
    while some := list(islice(texts, AT_ONCE)):
        held = vectors_of(some)
        most = np.maximum(np.abs(held).max(axis=1, initial=0), np.float32(1e-9))
        rows.append(np.rint(held * (LARGEST / most)[:, None]).astype(np.int8))
        scales.append((most / LARGEST).astype(np.float32))
    file = ArrayWriter(path)
    file.add("vectors", np.concatenate(rows).ravel())
    file.add("scales", np.concatenate(scales))
    file.close({"model": MODEL})


def texts_of(segment: Segment) -> Iterator[str]:
    """Yield the text behind the vector of each document: its title without the tags of a patch, and its body."""
    for number in range(segment.size):
        record = json.loads(segment.record(number))
        title, body = record["title"], record["body"]
        yield f"{parse_subject(title).words} {'' if body == title else body[:LONGEST]}"


class Vectors:
    """The vectors of all documents of some segments, mapped."""

    def __init__(self, folder: Path, segments: Iterable[str]) -> None:
        self._files = [Arrays(folder / f"{name}{VECTORS}") for name in segments]

    def similarity(self, text: str) -> Floats:
        """Return the cosine between a text's vector and that of each document."""
        wanted = vectors_of([text])[0]
        rows = [(file["vectors"].reshape(-1, DIMENSIONS) @ wanted) * file["scales"] for file in self._files]
        return np.concatenate([np.empty(0, np.float32), *rows])


def open_vectors(folder: Path, segments: Sequence[str]) -> Vectors | None:
    """Return the vectors of an index; None if it has none, or if the model is not installed."""
    paths = [folder / f"{name}{VECTORS}" for name in segments]
    return Vectors(folder, segments) if is_on() and all(path.exists() for path in paths) else None
