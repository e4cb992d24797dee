"""Blocks cover every row once, all threads take their share, and whoever works in blocks comes to the same poses."""

import threading

import numpy as np
import pytest

from controller.fake_network import FakeNetwork
from motionwire.controller.controller import Controller
from motionwire.controller.crew import BLOCK, FEWEST, Crew
from motionwire.controller.intent import Intent


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, FEWEST, 2 * FEWEST - 1, 2 * FEWEST, BLOCK, BLOCK + 1, 1000])
def test_blocks(threads: int, count: int) -> None:
    blocks = Crew(threads).blocks(count)
    assert [row for block in blocks for row in range(block.start, block.stop)] == list(range(count))
    sizes = [block.stop - block.start for block in blocks]
    assert max(sizes) <= BLOCK
    working = max(1, min(threads, count // FEWEST))
    halves = 2 * working if len(blocks) > working else 0  # at the end
    for alike in (sizes[: len(sizes) - halves], sizes[len(sizes) - halves :]):
        assert not alike or max(alike) - min(alike) <= 1
    assert not halves or abs(2 * sizes[-1] - sizes[0]) <= 2
    assert len(blocks) % working == 0 and (len(blocks) == 1 or min(sizes) >= min(FEWEST, BLOCK // 4))


def test_blocks_run_side_by_side() -> None:
    crew, meeting, threads = Crew(2), threading.Barrier(2, timeout=10), set()

    def job(block: slice) -> None:
        meeting.wait()  # a thread alone would wait for ever
        threads.add(threading.get_ident())

    crew.work(job, crew.blocks(2 * FEWEST))
    assert len(threads) == 2


@pytest.mark.parametrize("bad", [0, 1])
def test_a_block_that_fails_fails_the_call(bad: int) -> None:
    crew, meeting = Crew(2), threading.Barrier(2, timeout=10)
    blocks = crew.blocks(2 * FEWEST)

    def job(block: slice) -> None:
        meeting.wait()
        if block is blocks[bad]:
            raise ValueError("this block")

    with pytest.raises(ValueError, match="this block"):
        crew.work(job, blocks)
    crew.work(lambda _: None, blocks)


def test_threads_do_not_change_the_motion() -> None:
    count = 3 * BLOCK
    turn = np.linspace(0, 6, count)
    intent = Intent(np.stack((np.sin(turn), np.cos(turn)), axis=1), np.full(count, np.nan), np.arange(count) % 2)
    shown = []
    for threads in (1, 2):
        network = FakeNetwork()
        controller = Controller(network, threads=threads)
        state = controller.create(np.zeros((count, 3)), turn)
        for _ in range(5):
            poses = controller.step(state, intent)
        shown.append(poses)
        assert network.calls > 5 * 2
    np.testing.assert_array_equal(shown[0].root_positions, shown[1].root_positions)
    np.testing.assert_array_equal(shown[0].rotations, shown[1].rotations)
    assert np.ptp(shown[0].root_positions[:, 0]) > 0.01
