"""The demo as a user gets it, with the research bundle: it moves by itself, a sentence is acted out, and no message is lost.

MOTIONWIRE_SOAK_S=60 keeps the page open for so many seconds instead of a few.
"""

import asyncio
import os

import numpy as np
import pytest

from broadcast import chromium
from broadcast.chromium import Chromium
from broadcast.page import QUEUE, check_quiet, first_row, moving, poses, shot, steps
from broadcast.toolchain import need
from motionwire.broadcast.about import Leg
from motionwire.broadcast.live import LiveSite
from motionwire.broadcast.viewer import Viewer
from motionwire.bundle import Bundle
from motionwire.cli.demo_runtime import DemoRuntime
from motionwire.motion.kinematics import forward_kinematics
from motionwire.server import messages as wire

SOAK_S = float(os.environ.get("MOTIONWIRE_SOAK_S", "5"))


@pytest.fixture(autouse=True, scope="module")
def browser_there() -> None:
    need(chromium.find(), "Chromium")


def test_the_demo_moves_acts_and_loses_nothing() -> None:
    async def scenario(viewer: Viewer, runtime: DemoRuntime) -> None:
        async with Chromium((1280, 720)) as page:
            await page.open(viewer.url)
            await moving(page)
            await asyncio.sleep(SOAK_S)
            await shot(page, "demo")

            await page.evaluate("document.getElementById('sentence').focus()")
            await page.type("raise both hands")
            await page.press("Enter")
            await page.wait_for(f"{QUEUE} === 'now:raise both hands'", 60)
            begun = len(page.received)
            await page.wait_for(f"{QUEUE} === ''", 120)
            await shot(page, "acted")
            assert raised(runtime, poses(page, begun)) > 0, "the hands stay below the head"
            check_quiet(page, viewer.origin)
            check_complete(page)

    bundle = Bundle.load("research")
    with (
        DemoRuntime(bundle, lambda shown: shown.manifest.suggestions, [Leg(600.0, speed=1.3, turn=0.3)]) as runtime,
        Viewer(LiveSite(runtime), port=0) as viewer,
    ):
        asyncio.run(scenario(viewer, runtime))


def raised(runtime: DemoRuntime, acted: list[wire.Pose]) -> int:
    """Frames in which both wrists are above the head joint."""
    skeleton = runtime.skeleton
    rows = np.array([first_row(pose) for pose in acted])
    positions, _ = forward_kinematics(skeleton, rows[:, 3:].reshape(len(rows), -1, 4), rows[:, :3])
    heights = {name: positions[:, skeleton.index(name), 1] for name in ("head", "left_wrist", "right_wrist")}
    return int(np.sum((heights["left_wrist"] > heights["head"]) & (heights["right_wrist"] > heights["head"])))


def check_complete(page: Chromium) -> None:
    """Each step was answered by one pose, in order; one may be on its way."""
    asked, answered = [step.seq for step in steps(page)], [pose.seq for pose in poses(page)]
    assert asked == list(range(1, len(asked) + 1))
    assert answered == asked[: len(answered)] and len(answered) >= len(asked) - 1
    print(f"{len(answered)} poses for {len(asked)} steps, none lost")
