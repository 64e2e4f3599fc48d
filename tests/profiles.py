"""Small ICC profiles (version 2), drawn up from their definitions: no file need be shipped."""

import struct

import numpy as np

D50 = (0.9642, 1.0, 0.8249)
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
# x, y of red, green, blue; all three spaces share the white point D65.
PRIMARIES = {
    "Display P3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    "Adobe RGB": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
    "sRGB IEC61966-2.1": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
}
D65 = (0.3127, 0.3290)


def matrix(name: str) -> np.ndarray:
    """(3, 3) linear RGB of a named space to XYZ under D50."""
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in PRIMARIES[name]]).T
    white = np.array([D65[0] / D65[1], 1.0, (1 - sum(D65)) / D65[1]])
    to_d65 = columns * np.linalg.solve(columns, white)
    cones = _BRADFORD @ np.array(D50) / (_BRADFORD @ white)
    return np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ to_d65


def rgb_profile(name: str, gamma: float = 2.2, curve: np.ndarray | None = None) -> bytes:
    """A display profile of a named space with a pure gamma, or with linear values 0..1 by level."""
    curves = [round(gamma * 256)] if curve is None else np.rint(curve * 65535).astype(int)
    table = b"curv" + bytes(4) + struct.pack(f">I{len(curves)}H", len(curves), *curves)
    tags = {b"wtpt": _xyz(D50)}
    for letter, column in zip((b"r", b"g", b"b"), matrix(name).T, strict=True):
        tags[letter + b"XYZ"] = _xyz(tuple(column))
        tags[letter + b"TRC"] = table
    return _profile(name, b"mntr", b"RGB ", b"XYZ ", tags)


def grey_profile(gamma: float) -> bytes:
    """A grey profile with a pure gamma."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))
    return _profile("Grey", b"mntr", b"GRAY", b"XYZ ", {b"wtpt": _xyz(D50), b"kTRC": curve})


def cmyk_profile(solid_cyan: tuple[float, float, float] = (40.0, 60.0, -40.0)) -> bytes:
    """A printer profile of 2 grid points a channel: paper white, black under any black ink.

    `solid_cyan` is the Lab colour of cyan alone, settable to prove that the profile was asked.
    """
    solids = np.array([solid_cyan, (48.0, 74.0, -3.0), (89.0, -5.0, 93.0)])
    samples = []
    for c in (0, 1):
        for m in (0, 1):
            for y in (0, 1):
                for k in (0, 1):
                    inks = [solids[n] for n, ink in enumerate((c, m, y)) if ink]
                    lab = np.min(inks, axis=0) if inks else np.array([100.0, 0.0, 0.0])
                    samples.append(np.array([0.0, 0.0, 0.0]) if k else lab)
    grid = np.array(samples)
    coded = np.stack([grid[:, 0] * 2.55, grid[:, 1] + 128, grid[:, 2] + 128], axis=1)
    ramp = bytes(range(256))
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + ramp * 4
    lut += np.rint(coded).astype(np.uint8).tobytes() + ramp * 3
    tags = {b"wtpt": _xyz(D50), b"A2B0": lut, b"A2B1": lut}
    return _profile("Odd ink", b"prtr", b"CMYK", b"Lab ", tags)


def _xyz(value: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(v * 65536) for v in value))


def _profile(name: str, kind: bytes, space: bytes, pcs: bytes, tags: dict[bytes, bytes]) -> bytes:
    text = name.encode() + b"\0"
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(79),
        b"cprt": b"text" + bytes(4) + b"none\0",
        **tags,
    }
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for signature, data in tags.items():
        table += signature + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(body), b"lcms", 0x02400000, kind, space, pcs)
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", *(round(v * 65536) for v in D50))
    return header.ljust(128, b"\0") + table + body
