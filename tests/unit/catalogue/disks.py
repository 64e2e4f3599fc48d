"""Disks of a test's own, to be filled or mounted for reading."""

from __future__ import annotations

import subprocess

import pytest


def on_own_disk(folder, script):
    """A command prefix that runs ``script`` to mount a disk nobody else sees, and then the rest."""
    prefix = ["unshare", "--map-root-user", "--mount", "sh", "-ec", f'{script}; exec "$@"', "sh"]
    folder.mkdir(exist_ok=True)
    try:
        subprocess.run([*prefix, "true"], check=True, capture_output=True, cwd=folder.parent)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    return prefix
