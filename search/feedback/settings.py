"""Settings of a search that can be compared: a network, a metric, a share of colour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engine import Options
from search.engine.query import METRICS, MOST_COLOUR, Metric
from search.errors import EventError
from search.network import registry

_PART = re.compile(r"(network|metric|colour)=([A-Za-z0-9_.-]+)")


@dataclass(frozen=True, slots=True)
class Setting:
    """How a search is answered; an empty network is the catalogue's own."""

    network: str = ""
    metric: Metric = "cosine"
    colour: float = 0.0

    @property
    def name(self) -> str:
        """The setting in words, which `read` reads: what differs from the usual one, else that."""
        parts = []
        if self.network:
            parts.append(f"network={self.network}")
        if self.metric != "cosine":
            parts.append(f"metric={self.metric}")
        if self.colour:
            parts.append(f"colour={self.colour:g}")
        return " ".join(parts) or "usual"

    @classmethod
    def read(cls, name: str) -> Setting:
        """Read a setting's name, such as "colour=0.2" or "usual".

        :raises EventError: it is none.
        """
        if name.strip() == "usual":
            return cls()
        parts = dict(_PART.findall(name))
        if not parts or " ".join(f"{key}={value}" for key, value in parts.items()) != name.strip():
            raise EventError(_refusal(name))
        metric = next((each for each in METRICS if each == parts.get("metric", "cosine")), None)
        try:
            colour = float(parts.get("colour", "0"))
        except ValueError:
            colour = -1.0
        network = parts.get("network", "")
        if metric is None or not 0 <= colour <= MOST_COLOUR or (colour and metric != "cosine"):
            raise EventError(_refusal(name))
        if network and network not in registry.NETWORKS:
            raise EventError(_refusal(name))
        return cls(network, metric, colour)

    def of(self, options: Options) -> Options:
        """Give options with this metric and share of colour."""
        return replace(options, metric=self.metric, colour=self.colour)


def offered(networks: Sequence[str] = ()) -> list[Setting]:
    """List the settings to choose from: the usual one, shares of colour, metrics, networks."""
    colours = [Setting(colour=share) for share in (0.1, 0.2, 0.3)]
    metrics = [Setting(metric=metric) for metric in METRICS[1:]]
    return [Setting(), *colours, *metrics, *(Setting(network) for network in networks)]


def _refusal(name: str) -> str:
    return (
        f"“{name}” is no setting: write usual, or network=NAME, metric=NAME, colour=SHARE, parted "
        f"by spaces and in this order; a share of colour is up to {MOST_COLOUR} and beside the "
        "cosine alone."
    )
