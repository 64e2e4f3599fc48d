"""An import as a person reviews it: the plan, and the look-alikes in it to decide on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from search.catalogue import Catalogue
from search.engine.bands import bands_of
from search.importing.encoding import encode_plan
from search.importing.near_duplicates import NearDuplicate, near_duplicates
from search.importing.plan import ImportPlan, Table, plan_import
from search.importing.sources import PhotoSource
from search.network.extractor import Extractor
from search.progress import OnProgress
from search.roles import Actor

Decision = Literal["own product", "another view", "skip"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
"""What a look-alike is: a product of its own, a photograph of the other product, or not wanted."""


@dataclass(frozen=True, slots=True)
class ImportReview:
    """A plan, and for rows of it, by their place, the photograph elsewhere that is most alike."""

    plan: ImportPlan
    look_alikes: Mapping[int, NearDuplicate]

    def decided(self, decisions: Mapping[int, Decision]) -> ImportPlan:
        """Return the plan that obeys decisions on rows, by their place; other rows stay as is."""
        attached = {
            place: self.look_alikes[place].other_id
            for place, decision in decisions.items()
            if decision == "another view"
        }
        skipped = [place for place, decision in decisions.items() if decision == "skip"]
        return self.plan.attached(attached).without(skipped)


def review_import(
    catalogue: Catalogue,
    extractor: Extractor,
    *,
    table: Table | None = None,
    photos: PhotoSource | None = None,
    default_currency: str = "",
    encoding: str = "",
    zip_encoding: str = "",
    decimal_mark: str = "",
    actor: Actor = "",
    on_progress: OnProgress | None = None,
) -> ImportReview:
    """Check an import, and look for photographs in it that another product has already.

    Two photographs are alike from the catalogue's border of "near-identical" on. The features are
    saved, so that applying the plan does not encode again. See `plan_import` for the rest.

    :raises ImportRefused: table or photographs cannot be read at all.
    :raises Cancelled: `on_progress` returned False; nothing was changed.
    """
    plan = plan_import(
        catalogue,
        extractor.fingerprint,
        table=table,
        photos=photos,
        default_currency=default_currency,
        encoding=encoding,
        zip_encoding=zip_encoding,
        decimal_mark=decimal_mark,
        on_progress=on_progress,
    )
    encode_plan(catalogue, extractor, plan, actor=actor, on_progress=on_progress)
    snapshot = catalogue.snapshot(plan.fingerprint)
    shas = {photo.sha256 for row in plan.work for photo in row.photos}
    features = catalogue.known_features(plan.fingerprint, shas)
    border = bands_of(catalogue, snapshot).near_identical
    closest: dict[int, NearDuplicate] = {}
    for pair in near_duplicates(plan, features, snapshot, border):
        closest.setdefault(pair.row, pair)
    return ImportReview(plan, closest)
