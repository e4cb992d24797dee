"""`motionwire serve --vmc` with the default bundle: ten seconds of it, decoded by python-osc, are the runtime's own poses."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import toy_bundle
from broadcast.vmc.received import Receiver, difference
from motionwire.client import Client, Stick

SECONDS, FPS = 10, 60


@contextmanager
def serving(*options: str) -> Iterator[dict[str, str]]:
    """What `motionwire serve` says when it is ready."""
    command = [sys.executable, "-m", "motionwire", "serve", "--port", "0", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.parametrize("options", [[], ["--vmc-root-in-hips"]], ids=["root", "root in hips"])
def test_a_capture_is_what_the_client_sees(options: list[str]) -> None:
    receiver = Receiver()
    with serving("--vmc", f"127.0.0.1:{receiver.port}", *options) as ready, Client(ready["endpoint"], timeout=60.0) as client:
        assert ready["vmc"] == f"127.0.0.1:{receiver.port}"
        client.spawn(1, position=(3.0, 0.0, -2.0), heading=2.0)
        seconds = [-1.0]
        for number in range(SECONDS * FPS):
            angle = number / FPS
            shown = client.step({1: Stick(move=(2.0 * np.sin(angle), 2.0 * np.cos(angle)))}, dt=1 / FPS)
            received = receiver.frame()
            position, rotations = received.pose()
            assert np.abs(position - shown.root_positions[0]).max() < 1e-4
            assert difference(rotations, shown.rotations[0]) < 1e-4
            seconds.append(received.messages[-1][1][0])
        offsets = [bone[0] for bone in received.transforms("/VMC/Ext/Bone/Pos").values()]
        np.testing.assert_allclose(offsets[1:], client.skeleton.offsets[1:], atol=1e-6)
        assert (np.diff(seconds) > 0).all()
        assert np.linalg.norm(shown.root_positions[0] - (3.0, 0.95, -2.0)) > 0.5  # it went somewhere
    receiver.close()


def test_the_configuration_file_knows_it_too(tmp_path: Path) -> None:
    receiver = Receiver()
    config = tmp_path / "serve.toml"
    config.write_text(f'bundle = "{toy_bundle.write(tmp_path / "toy")}"\nvmc = "127.0.0.1:{receiver.port}"\nvmc_root_in_hips = true\n')
    with serving("--config", str(config)) as ready, Client(ready["endpoint"], timeout=60.0) as client:
        client.spawn(1, position=(3.0, 0.0, -2.0))
        client.step({1: Stick()})
        root = receiver.frame().transforms("/VMC/Ext/Root/Pos")["root"]
        assert not root[0].any()
    receiver.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [((":1",), "an address stands only after --vmc"), (("--vmc", ":x"), "vmc :x: port 'x' is not a number from 1 to 65520")],
)
def test_wrong_targets_are_one_line(words: tuple[str, ...], said: str) -> None:
    done = subprocess.run([sys.executable, "-m", "motionwire", "serve", *words], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1
