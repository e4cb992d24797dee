"""Godot 3, headless, against the real runtime: its characters walk, step, act and stand elsewhere; in lock-step and streamed."""

from collections.abc import Iterator

import numpy as np
import pytest

from engine_bridge.godot.probe import Probe, run_script
from motionwire.client import Client
from motionwire.server.process import ServerProcess
from server_process import ServerProcess as FakeServer


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
    """As a node does that gets another parent; and a connection that another takes the place of. Both go on where they are."""
    with Probe(runtime.endpoint, 2) as game:
        game.wait("opened")
        game.order("move", x=0.0, z=1.4)
        for order in ("again", "connect"):
            there = np.array(game.wait_for_frames(60)["places"])
            game.order(order)
            if order == "connect":
                game.wait("opened", resumed=False)
            before = np.array(game.wait_for_frames(30)["places"])
            assert (before[:, 2] > there[:, 2] - 0.3).all(), order
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


def test_root_delta_tells_the_way(runtime: ServerProcess) -> None:
    """Summed up frame by frame of the game, also where a frame of the game has two poses or none."""
    for mode in ("step", "stream30"):
        with Probe(runtime.endpoint, mode=mode) as game:
            game.wait("opened")
            game.order("move", x=0.0, z=1.4)
            first = game.wait_for_frames(60)
            last = game.wait_for_frames(90)
            walked = last["places"][0][2] - first["places"][0][2]
            assert walked > 1.5
            assert last["way"] - first["way"] == pytest.approx(walked, rel=0.03), mode


def test_a_world_whose_origin_is_shifted(runtime: ServerProcess) -> None:
    with Probe(runtime.endpoint) as game:
        game.wait("opened")
        game.order("move", x=0.0, z=1.4)
        game.wait_for_frames(30)
        game.order("shift", x=1000.0, z=-500.0)
        game.catch_up()
        x, _, z = game.wait_for_frames(30)["places"][0]
        assert abs(x - 1000) < 0.3 and -500 < z < -490
        game.order("teleport", x=1007.0, z=-480.0, heading=0.0)
        game.wait_for_frames(20)
        x, _, z = game.wait("status")["places"][0]
        assert abs(x - 1007) < 0.3 and -480.3 < z < -475


def test_a_character_of_twice_the_size(runtime: ServerProcess) -> None:
    """By its node's scale, which stays: it walks as fast as asked for, and on the same ground."""
    with Probe(runtime.endpoint) as game:
        game.wait("opened")
        game.wait_for_frames(5)
        game.order("add", scale=2.0)
        game.order("move", x=0.0, z=1.4)
        game.wait_for_frames(60)
        heads = []
        for character in (0, 1):
            game.order("joint", character=character, name="head")
            heads.append(game.wait("joint"))
        assert (heads[1]["place"][1] - 0.5) / (heads[0]["place"][1] - 0.5) == pytest.approx(2.0, abs=0.1)
        assert [head["scale"] for head in heads] == pytest.approx([1.0, 2.0], abs=1e-4)
        first = game.wait_for_frames(30)["places"]
        last = game.wait_for_frames(60)["places"]
        np.testing.assert_allclose([last[n][2] - first[n][2] for n in (0, 1)], last[0][2] - first[0][2], rtol=0.15)


def test_acts_that_are_refused_and_acts_that_go_on_elsewhere(runtime: ServerProcess) -> None:
    with Probe(runtime.endpoint) as game:
        game.wait("opened")
        game.wait_for_frames(5)
        game.order("act", text="x" * 600, seconds=1.0)
        ref = game.wait("asked")["ref"]
        assert "512" in game.wait("act_failed", ref=ref)["message"]
        game.order("act", text="a person waves", seconds=1.0)
        ref = game.wait("asked")["ref"]
        game.order("teleport", x=7.0, z=-3.0, heading=1.5)
        game.wait("act_began", ref=ref)
        game.order("teleport", x=-70.0, z=30.0, heading=1.5)
        game.wait("act_ended", ref=ref)
        np.testing.assert_allclose(game.wait("status")["places"], [(-70.0, 0.5, 30.0)], atol=1.0)


@pytest.mark.parametrize("mode", ["step", "stream"])
def test_a_teleport_in_mid_stride(runtime: ServerProcess, mode: str) -> None:
    """It is seen nowhere between the places, whatever frames are on their way, and root_delta knows of no jump."""
    with Probe(runtime.endpoint, mode=mode) as game:
        game.wait("opened")
        game.order("move", x=0.0, z=1.4)
        first = game.wait_for_frames(60)
        for place in (100.0, -100.0, 100.0):
            game.order("teleport", x=place, z=place, heading=0.0)
            game.catch_up()
            last = game.wait_for_frames(30)
        x, _, z = last["places"][0]
        assert abs(x - 100) < 0.3 and 100.2 < z < 104
        assert last["way"] - first["way"] < 20  # m
        seen = np.array([line["places"][0] for line in game.of("status") if line["heard"] > first["heard"]])[:, 0]
        assert (np.abs(np.abs(seen) - 100) < 0.5).sum() + (np.abs(seen) < 0.5).sum() == len(seen)


def test_a_style_that_is_changed_while_it_walks() -> None:
    fake = FakeServer()
    try:
        with Client(fake.endpoint) as client:
            styles = client.welcome.models[0].styles
        assert len(styles) > 1
        with Probe(fake.endpoint) as game:
            game.wait("opened")
            game.wait_for_frames(5)
            for style in (styles[1], styles[0]):
                game.order("style", name=style)
                game.order("row")
                assert game.wait("row")["row"][2] == styles.index(style)
    finally:
        fake.close()


def test_a_client_that_is_let_go(runtime: ServerProcess) -> None:
    run_script("dropped", *runtime.endpoint.removeprefix("tcp://").split(":"))
