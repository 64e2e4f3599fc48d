"""Whether somebody on this machine asks, or from elsewhere."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

_PROXIES = (
    *("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"),
    *("via", "cf-connecting-ip", "true-client-ip"),
)


def is_here(address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request comes from this machine itself, and no proxy sent it on.

    :param headers: of the request, by names in any case. A proxy that hides itself is seen by the
        name of this server that the browser asked for; a page of elsewhere that reaches this one by
        a name of its own (DNS rebinding) likewise.
    """
    if not is_loopback(address) or any(name in headers for name in _PROXIES):
        return False
    asked = (f"//{headers.get('host', '')}", headers.get("origin", ""))
    return all(is_loopback(_host(url)) for url in asked if url not in ("", "//"))


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is this machine's own."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "unknown"
    except ValueError:
        return "unknown"
