"""The saved objects of an earlier search live on: two pickles and a folder become a catalogue."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from search import photos
from search.catalogue import Catalogue, Change, Product
from search.errors import ImportRefused, MismatchError, PhotoError
from search.filenames import as_id, name_of, stored
from search.importing.pickles import read_pickle
from search.network import registry, weights
from search.network.registry import Network
from search.network.vectors import Feature, unit_rows
from search.photos import plain_name
from search.progress import OnProgress, Reporter
from search.roles import Actor


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was taken in: products and photographs that are new, and what was left out and why.

    `missing` are the store's names without a file, `refused` those whose file cannot be used, with
    a sentence each, `repeated` those listed more than once.
    """

    fingerprint: str
    products: int
    photos: int
    missing: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        """Entries of the store that did not become a photograph."""
        return len(self.missing) + len(self.refused) + len(self.repeated)


def adopt(
    catalogue: Catalogue,
    features_file: str | os.PathLike[str],
    names_file: str | os.PathLike[str],
    photos_dir: str | os.PathLike[str],
    network_name: str = "vgg16-imagenet",
    *,
    category: str = "",
    actor: Actor = "",
    on_progress: OnProgress | None = None,
) -> Adopted:
    """Take in a store of raw features (n, d) and the n file names that belong to them.

    Each photograph found becomes a product called by its file's stem; products already in the
    catalogue stay as they are. Names may carry folders, of any system, that are no longer there:
    they are matched by their last part, and by as much more as it takes where two files share it.
    The features, brought to unit length, are saved under the network's fingerprint, and the
    catalogue's own network becomes that one. Adopting twice changes nothing.

    :raises ImportRefused: a pickle is refused, the two do not agree, or the folder is missing.
    :raises MismatchError: the features are not of that network's size.
    :raises NetworkError: the network is unknown.
    :raises Cancelled: `on_progress` returned False; nothing was changed.
    """
    network = registry.get(network_name)
    rows, names = _store(Path(features_file), Path(names_file), network)
    folder = Path(photos_dir)
    if not folder.is_dir():
        raise ImportRefused(f"“{folder}” is not a folder; name the folder of the photographs.")
    fingerprint = weights.fingerprint(network)
    matched = _match(names, folder)
    reporter = Reporter(on_progress, len(matched.files))
    with catalogue.change(actor, "adopt", Path(features_file).name) as change:
        writer = _Writer(catalogue, change, folder, category)
        for done, (n, file) in enumerate(matched.files.items(), 1):
            try:
                writer.write(file, rows[n])
            except PhotoError as error:
                matched.refused.append((names[n], str(error)))
            reporter.report(done, failed=len(matched.refused))
        change.save_features(fingerprint, writer.features)
        if catalogue.setting("network") != network.name:
            change.set_setting("network", network.name)
    return Adopted(
        fingerprint,
        writer.products,
        writer.photos,
        tuple(matched.missing),
        tuple(matched.refused),
        tuple(matched.repeated),
    )


def _store(features: Path, names: Path, network: Network) -> tuple[Feature, list[str]]:
    """Read the unit features and the names that belong to them.

    :raises ImportRefused: a pickle is refused, or the two do not agree.
    :raises MismatchError: the features are not of that network's size.
    """
    rows = _features(read_pickle(features), features.name)
    listed = _names(read_pickle(names), names.name)
    if len(rows) != len(listed):
        raise ImportRefused(
            f"The store has {len(rows)} features but {len(listed)} file names: they are not of "
            "one run; save both again."
        )
    if rows.shape[1] != network.feature_size:
        raise MismatchError(
            f"The store's features have {rows.shape[1]} numbers and {network.name} makes "
            f"{network.feature_size}: name the network that made them with --network."
        )
    return rows, listed


class _Writer:
    """Writes photographs into a change, each as a product, and counts what is new.

    `features` are those of the photographs written, by sha256.
    """

    def __init__(self, catalogue: Catalogue, change: Change, folder: Path, category: str) -> None:
        self.products = self.photos = 0
        self.features: dict[str, Feature] = {}
        self._known = {product.id for product in catalogue.products()}
        self._present = {(photo.product_id, photo.sha256) for photo in catalogue.photos()}
        self._stems: set[str] = set()
        self._change = change
        self._folder = folder
        self._category = category

    def write(self, file: Path, feature: Feature) -> None:
        """Write one photograph with its feature (d,).

        :raises PhotoError: it cannot be used.
        """
        source = name_of(file.relative_to(self._folder).as_posix())
        stem = as_id(name_of(file.stem))
        # Two files of one stem are two products: the second is called by its path.
        product = as_id(source) if stem in self._stems else stem
        self._stems.add(product)
        photo = photos.read(file)
        self.features[photo.sha256] = feature
        if product not in self._known:
            self._change.put(Product(product, name=plain_name(stem), category=self._category))
            self.products += 1
        if (product, photo.sha256) not in self._present:
            self._change.add_photo(product, photo, source=stored(source))
            self.photos += 1


@dataclass(frozen=True, slots=True)
class _Matched:
    """The file of each row number of the store, and the names that have none."""

    files: dict[int, Path] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)


def _match(names: list[str], folder: Path) -> _Matched:
    """Find the names' files by the last parts of their paths, written on any system."""
    by_name: dict[str, list[Path]] = defaultdict(list)
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            by_name[_key(file.name)].append(file)

    matched, taken = _Matched(), set[Path]()
    for n, name in enumerate(names):
        wanted = PurePosixPath(_key(name.replace("\\", "/"))).parts[::-1]

        def likeness(file: Path, wanted: tuple[str, ...] = wanted) -> tuple[int, bool]:
            parts = PurePosixPath(_key(file.relative_to(folder).as_posix())).parts[::-1]
            pairs = enumerate(zip(parts, wanted, strict=False))
            same = next((i for i, (a, b) in pairs if a != b), min(len(parts), len(wanted)))
            return same, same == len(parts)

        best = sorted(by_name.get(wanted[0], []) if wanted else [], key=likeness, reverse=True)
        if not best:
            matched.missing.append(name)
        elif len(best) > 1 and likeness(best[0]) == likeness(best[1]):
            sentence = f"Several photographs are called “{best[0].name}”: keep only the right one."
            matched.refused.append((name, sentence))
        elif best[0] in taken:
            matched.repeated.append(name)
        else:
            matched.files[n] = best[0]
            taken.add(best[0])
    return matched


def _key(path: str) -> str:
    """Make one spelling of what Windows, macOS and Linux may spell differently."""
    return unicodedata.normalize("NFC", path).casefold()


def _features(value: object, file: str) -> Feature:
    """Check raw features, an array (n, d) or a list of n arrays, and bring them to unit length."""
    try:
        raw = np.asarray(value, dtype=np.float64)
        rows = raw.reshape(len(raw), -1)
    except (TypeError, ValueError):
        rows = np.empty((0, 0))
    if not rows.size:
        raise ImportRefused(
            f"“{file}” holds no features: expected one row of numbers for each photograph."
        )
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(rows, axis=1)
    dead = np.flatnonzero(~np.isfinite(lengths) | (lengths == 0))
    if dead.size:
        raise ImportRefused(
            f"Row {dead[0] + 1} of “{file}” is empty or not finite ({dead.size} in all): encode "
            "these photographs again."
        )
    return unit_rows(rows)


def _names(value: object, file: str) -> list[str]:
    """Check the names: a list of strings, or an array of them."""
    names = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ImportRefused(
            f"“{file}” holds no list of file names: save the names as a list of texts."
        )
    return names
