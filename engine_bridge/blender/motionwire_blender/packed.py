"""What `build.py` packs beside this file from the runtime's own sources: the canonical skeleton and the rig profiles."""

import json
from pathlib import Path

import numpy as np

_DATA = json.loads((Path(__file__).parent / "packed.json").read_text(encoding="utf-8"))

JOINTS = tuple(_DATA["joints"])  # canonical names, parents first
PARENTS = tuple(_DATA["parents"])
REFERENCE = np.array(_DATA["reference"])  # rest offsets [22, 3] of an adult in m, canonical axes; the root's from the ground
RIGS = _DATA["rigs"]  # rig -> canonical joint -> for each bone that plays it, the names that it may have
