"""Godot 3, headless, against the real runtime: its characters walk, step, act and stand elsewhere; in lock-step and streamed."""

from collections.abc import Iterator

import numpy as np
import pytest

from engine_bridge.godot.probe import Probe
from motionwire.server.process import ServerProcess


@pytest.fixture(scope="module")
def runtime() -> Iterator[ServerProcess]:
    """`motionwire serve` with the free bundle."""
    with ServerProcess("free") as server:
        yield server


@pytest.mark.parametrize("mode", ["step", "stream"])
def test_walks_and_acts(runtime: ServerProcess, mode: str) -> None:
    with Probe(runtime.endpoint, 2, mode) as game:
        assert game.wait("opened")["resumed"] is False
        start = np.array(game.wait_for_frames(10)["places"])
        np.testing.assert_allclose(start, [(0, 0.5, 0), (2, 0.5, 0)], atol=0.1)
        game.order("move", x=0.0, z=1.4)
        feet = {game.wait("footstep")["foot"] for _ in range(4)}
        assert feet == {0, 1}
        low = [line["place"][1] for line in game.of("footstep")]
        assert min(low) > 0.5 and max(low) < 0.75  # ankles, over ground of 0.5 m
        walked = np.array(game.wait_for_frames(90)["places"]) - start
        assert (walked[:, 2] > 1.5).all() and (np.abs(walked[:, 0]) < 0.3).all()
        game.order("move", x=0.0, z=0.0)
        game.order("act", text="a person dances salsa", seconds=1.0)
        ref = game.wait("asked")["ref"]
        game.wait("act_began", ref=ref)
        game.wait("act_ended", ref=ref)
        assert not game.of("refused") and not game.of("lost")


def test_leaves_the_tree_and_comes_back(runtime: ServerProcess) -> None:
    """As a node does that gets another parent; and a connection that another takes the place of."""
    with Probe(runtime.endpoint, 2) as game:
        game.wait("opened")
        game.order("move", x=0.0, z=1.4)
        for order in ("again", "connect"):
            game.wait_for_frames(30)
            game.order(order)
            if order == "connect":
                game.wait("opened", resumed=False)
            before = np.array(game.wait_for_frames(30)["places"])
            after = np.array(game.wait_for_frames(60)["places"])
            assert (after[:, 2] - before[:, 2] > 0.5).all(), order
        assert not game.of("refused")


def test_teleports_and_generates(runtime: ServerProcess) -> None:
    with Probe(runtime.endpoint.replace("127.0.0.1", "localhost"), mode="wait") as game:
        game.wait("opened")
        game.wait_for_frames(5)
        game.order("teleport", x=7.0, z=-3.0, heading=1.5)
        game.wait_for_frames(20)
        np.testing.assert_allclose(game.wait("status")["places"], [(7.0, 0.5, -3.0)], atol=0.2)
        game.order("generate", text="a person walks", seconds=1.0)
        clip = game.wait("clip")
        assert (clip["frames"], clip["fps"]) == (30, 30)
        assert not game.of("refused")
        game.order("add", model="of no server")  # the server refuses it; the other one walks on
        assert game.wait("refused")["code"] == "unknown_model"
        game.wait_for_frames(20)
        assert len(game.of("refused")) <= 3  # of its spawn, and of steps that were under way
