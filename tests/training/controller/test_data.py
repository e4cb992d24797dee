"""Preparation of the controller's data: made starts, stops and curves, phase while standing, mirrored windows, balanced draws."""

import numpy as np
import pytest

from motionwire.controller import layout
from motionwire.controller.encoding import RootTrack, encode, extend
from motionwire.errors import InputError
from motionwire.motion.contacts import soft_contacts
from motionwire.motion.mirror import mirror
from motionwire.motion.skeleton import JOINT_NAMES
from motionwire_training.controller import stitching
from motionwire_training.controller.bending import bend
from motionwire_training.controller.clips import Take, at_60_fps, standing_parts, takes
from motionwire_training.controller.configuration import CATEGORIES, ControllerConfig, Stage
from motionwire_training.controller.data import MIRRORS, Windows, future_of
from motionwire_training.controller.directions import redirect, sidestep
from motionwire_training.controller.frames import (
    PADDING,
    Frames,
    around,
    categories,
    encode_take,
    hold_phase,
    read_frames,
    root_deltas,
    write_frames,
)
from motionwire_training.controller.ground import level_contacts
from motionwire_training.controller.transitions import transitions
from synthetic import walking_clip
from training.controller.tiny_data import standing_clip


def config(**changes: object) -> ControllerConfig:
    return ControllerConfig(data="none", out="none", licence="free", **changes)


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    found = [
        Take(walking_clip(3.0, fps=60.0), "neutral", False),
        Take(walking_clip(3.0, fps=60.0, speed=2.6, stride_hz=1.4, turn=0.5), "proud", False),
        Take(standing_clip(), "neutral", True),
    ]
    folder = tmp_path_factory.mktemp("frames") / "prepared"
    write_frames(((take.style, encode_take(take)) for take in found), folder, ("neutral", "proud"))
    return read_frames(folder)


def toe_slide(clip, planted_below: float = 0.06) -> float:
    toes = clip.world()[0][:, [JOINT_NAMES.index("left_foot"), JOINT_NAMES.index("right_foot")]]
    speed = np.linalg.norm(np.diff(toes[..., [0, 2]], axis=0), axis=-1) * 60
    return float(speed[toes[1:, :, 1] < toes[..., 1].min() + 0.01].mean())


@pytest.mark.parametrize("kind", ["start", "stop"])
def test_starts_and_stops_reach_both_ends_without_sliding(kind: str) -> None:
    walk, stand = walking_clip(4.0, fps=60.0, speed=1.2), standing_clip()
    passing = stitching.passings(walk)[3]
    made = stitching.stop(walk, stand, passing) if kind == "stop" else stitching.start(stand, walk, passing)
    assert made is not None
    speed = np.linalg.norm(np.diff(made.root_positions[:, [0, 2]], axis=0), axis=1) * 60
    standing_end, walking_end = (speed[-20:], speed[:20]) if kind == "stop" else (speed[:20], speed[-20:])
    assert standing_end.max() < 0.02
    np.testing.assert_allclose(walking_end, 1.2, atol=0.1)
    assert np.abs(np.diff(speed)).max() < 0.25  # m/s a frame: no jump at the seams
    assert toe_slide(made) < toe_slide(walk) + 0.03


def test_stop_needs_a_walk_long_enough() -> None:
    walk = walking_clip(4.0, fps=60.0, speed=1.2)
    first = stitching.passings(walk)[0]
    assert stitching.stop(walk.slice(max(0, first.frame - 10)), standing_clip(), stitching.Passing(10, first.planted)) is None


def test_bent_walk_turns_and_keeps_its_feet_down() -> None:
    walk = walking_clip(4.0, fps=60.0, speed=1.2)
    bent = bend(walk, 1.2, np.random.default_rng(0))
    _, track = encode(bent)
    assert np.abs(track.headings[-1] - track.headings[0]) > 0.5
    speed = np.linalg.norm(np.diff(bent.root_positions[:, [0, 2]], axis=0), axis=1) * 60
    np.testing.assert_allclose(speed, 1.2, atol=0.05)
    assert toe_slide(bent) < toe_slide(walk) + 0.06


def test_takes_pick_locomotion_and_standing_parts() -> None:
    walk = walking_clip(2.0, fps=30.0)
    labelled = [
        (walk, {"content": "walk", "style": "proud"}),
        (walk, {"content": "", "description": "walk on uneven terrain"}),
        (walk, {"content": "salsa"}),
        (standing_clip(), {"content": "idle", "style": "genuine"}),
    ]
    found = list(takes(labelled, [1.0, 0.8]))
    assert [(take.style, take.standing) for take in found] == [("proud", False), ("proud", False), ("neutral", True)]
    assert all(take.clip.fps == 60 for take in found)
    assert len(found[1].clip) > len(found[0].clip)  # played slower


def test_upsampling_is_smooth() -> None:
    clip = at_60_fps(walking_clip(2.0, fps=30.0, speed=1.0))
    fine = walking_clip(2.0, fps=60.0, speed=1.0)
    shared = min(len(clip), len(fine))
    assert np.abs(clip.root_positions[:shared] - fine.root_positions[:shared]).max() < 1e-3


def test_standing_parts_leave_raised_hands_out() -> None:
    clip = standing_clip()
    raised = clip.rotations.copy()
    raised[60:120, JOINT_NAMES.index("left_shoulder")] = (0, 0, 0, 1)
    found = standing_parts(type(clip)(clip.skeleton, 60.0, clip.root_positions, raised))
    assert [len(part) for part in found] == pytest.approx([55, 55], abs=6)


def test_phase_rests_while_standing() -> None:
    phase = np.mod(np.linspace(0, 12, 100), 2 * np.pi).astype(np.float32)
    standing = np.zeros(100, bool)
    standing[40:60] = True
    held, delta, weight = hold_phase(phase, np.ones(100, np.float32), standing)
    assert (delta[40:60] == 0).all()
    assert len(np.unique(held[40:50])) == 1
    assert len(np.unique(held[50:60])) == 1
    assert weight[49] == 0
    np.testing.assert_allclose(held[60:], phase[60:], atol=1e-5)


def test_categories_of_made_motion() -> None:
    def kinds(clip) -> set[str]:
        return {CATEGORIES[k] for k in categories(extend(encode(clip)[1], PADDING, PADDING))}

    assert kinds(walking_clip(2.0, fps=60.0)) == {"walk"}
    assert kinds(walking_clip(2.0, fps=60.0, turn=1.0)) == {"walk_turn"}
    assert kinds(walking_clip(2.0, fps=60.0, speed=2.8, stride_hz=1.4)) == {"run"}
    assert kinds(standing_clip()) == {"stand"}


@pytest.mark.parametrize(
    ("degrees", "kind"),
    [(0, "walk"), (25, "walk"), (35, "sideways"), (-60, "sideways"), (110, "sideways"), (120, "backward"), (180, "backward")],
)
def test_a_walk_is_named_by_its_course_from_where_it_faces(degrees: float, kind: str) -> None:
    course = np.radians(degrees) + 0.7
    way = np.arange(200)[:, None] / layout.FPS * np.array([np.sin(course), np.cos(course)])
    assert named_frames(way, np.full(200, 0.7)) == {kind}


@pytest.mark.parametrize(("slow", "kinds"), [(0.0, {"walk", "stop", "stand"}), (0.3, {"walk", "stop"}), (0.8, {"walk"})])
def test_a_stop_ends_slow(slow: float, kinds: set[str]) -> None:
    """Who goes on at a slower walk has not stopped."""
    speed = np.interp(np.arange(300), (140, 160), (1.6, slow))
    way = np.stack((np.zeros(300), np.cumsum(speed) / layout.FPS), axis=-1)
    assert named_frames(way, np.zeros(300)) == kinds


def named_frames(way: np.ndarray, headings: np.ndarray) -> set[str]:
    return {CATEGORIES[kind] for kind in categories(extend(RootTrack(way, headings), PADDING, PADDING))}


def test_mirrored_pose_vectors_are_those_of_the_mirrored_clip() -> None:
    clip = walking_clip(2.0, fps=60.0, turn=0.5)
    order, signs = MIRRORS["pose"]
    np.testing.assert_allclose(encode(clip)[0][:, order] * signs.numpy(), encode(mirror(clip))[0], atol=1e-4)
    (own, other) = (around(extend(encode(each)[1], PADDING, PADDING)) for each in (clip, mirror(clip)))
    for name in ("trajectory", "root_delta"):
        order, signs = MIRRORS[name]
        np.testing.assert_allclose(own[name][:, order] * signs.numpy(), other[name], atol=1e-4)
    np.testing.assert_allclose(own["gait"], other["gait"], atol=1e-5)


def test_windows_hold_the_truth_of_the_next_frames(frames: Frames) -> None:
    windows = Windows(frames, config())
    batch = windows.read(windows.as_recorded(np.array([30])), 4)
    np.testing.assert_array_equal(batch["pose"][0].numpy(), frames.columns["poses"][30:35])
    np.testing.assert_allclose(batch["root_delta"][0, :, :2].numpy(), np.tile([0, 1 / 60], (4, 1)), atol=1e-4)
    positions, _, speeds = layout.unpack_trajectory(batch["trajectory"][0, 0].numpy())
    np.testing.assert_allclose(positions[:, 1], layout.SAMPLE_FRAMES / 60, atol=1e-2)
    np.testing.assert_allclose(speeds, 1, atol=1e-2)
    np.testing.assert_array_equal(future_of(batch["trajectory"])[0, 0, :12].numpy(), positions[6:].reshape(-1))


def test_windows_stay_inside_their_clip_and_follow_the_shares(frames: Frames) -> None:
    windows = Windows(frames, config(sampling={"stand": 0.5, "run_turn": 0.5, "walk": 0.0}))
    first = windows.draw(np.random.default_rng(0), 400, 8)
    assert (frames.columns["take"][first] == frames.columns["take"][first + 8]).all()
    share = (frames.columns["take"][first] == 2).mean()
    assert 0.4 < share < 0.6
    assert not (frames.columns["take"][first] == 0).any()


def test_same_draw_twice(frames: Frames) -> None:
    windows = Windows(frames, config())
    one, two = (windows.choose(np.random.default_rng((0, 3)), 16, 2) for _ in range(2))
    assert one["mirrored"].any() and not one["mirrored"].all()
    for name, value in one.items():
        np.testing.assert_array_equal(value.numpy(), two[name].numpy())


def test_clips_whose_mirror_image_is_not_to_be_learned_from_are_shown_as_they_are(frames: Frames) -> None:
    proud = frames.columns["take"] == 1
    windows = Windows(Frames({**frames.columns, "mirror_ok": ~proud}, frames.by_category, frames.styles), config())
    chosen = windows.choose(np.random.default_rng(0), 256, 8)
    kept = proud[chosen["first"].numpy()]
    assert kept.any() and not chosen["mirrored"].numpy()[kept].any() and chosen["mirrored"].numpy()[~kept].any()


def test_what_is_made_of_clips_that_are_not_to_be_mirrored_is_not_either() -> None:
    (walk,) = takes([(walking_clip(3.0, fps=60.0), {"content": "walk", "mirror_ok": False})], [1.0])
    stand = Take(standing_clip(), "neutral", True)
    assert not walk.mirror_ok and not encode_take(walk)["mirror_ok"].any() and encode_take(stand)["mirror_ok"].all()
    made = transitions({"neutral": [walk]}, {"neutral": [stand]}, 1, np.random.default_rng(0))
    assert [one.mirror_ok for one in made] == [False] * 3


def test_rare_steps_are_shown_as_neutral_more_often(frames: Frames) -> None:
    proud = np.flatnonzero(frames.columns["style"] == 1)
    rare = frames.columns["category"].copy()
    rare[proud[len(proud) // 2 :]] = CATEGORIES.index("sideways")
    changed = Frames({**frames.columns, "category": rare}, (proud,) * len(CATEGORIES), frames.styles)
    chosen = Windows(changed, config(style_dropout=0.0, rare_style_dropout=1.0)).choose(np.random.default_rng(0), 64, 0)
    sideways = rare[chosen["first"].numpy()] == CATEGORIES.index("sideways")
    np.testing.assert_array_equal(chosen["style"].numpy(), np.where(sideways, 0, 1))
    assert 0 < sideways.sum() < 64


def test_root_deltas_integrate_to_the_roots() -> None:
    rng = np.random.default_rng(0)
    roots = np.cumsum(rng.normal(size=(2, 20, 3)) * 0.1, axis=1)
    deltas = root_deltas(roots)
    place, heading = roots[:, 0, :2].copy(), roots[:, 0, 2].copy()
    for k in range(19):
        sine, cosine = np.sin(heading), np.cos(heading)
        x, z = deltas[:, k, 0], deltas[:, k, 1]
        place += np.stack((cosine * x + sine * z, cosine * z - sine * x), axis=-1)
        heading += deltas[:, k, 2]
    np.testing.assert_allclose(place, roots[:, -1, :2], atol=1e-9)


def test_stages_follow_each_other() -> None:
    settings = config(steps=100, stages=[Stage(0.5, 1, 0.0), Stage(0.5, 8, 1.0)])
    assert [settings.stage_at(step).horizon for step in (0, 49, 50, 99)] == [1, 1, 8, 8]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sampling": {"fly": 1.0}}, "unknown categories fly"),
        ({"stages": []}, "stage"),
        ({"hidden": 0}, "hidden"),
        ({"time_scales": [5.0]}, "time_scales"),
    ],
)
def test_wrong_settings_say_what_is_wrong(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        config(**changes)


def test_sidestep_turns_the_path_not_the_body_and_keeps_feet_down() -> None:
    walk = walking_clip(3.0, fps=60.0, speed=1.0)
    made = sidestep(walk, 0.8)
    travel = made.root_positions[-1] - made.root_positions[0]
    assert np.arctan2(travel[0], travel[2]) == pytest.approx(0.8, abs=1e-3)
    np.testing.assert_allclose(made.rotations[:, 0], walk.rotations[:, 0], atol=1e-6)
    assert toe_slide(made) < toe_slide(walk) + 0.05


def test_walks_become_backward_or_sideways_ones_and_runs_do_not() -> None:
    rng = np.random.default_rng(0)
    courses = []
    for _ in range(20):
        made = redirect(walking_clip(2.0, fps=60.0), rng)
        assert made is not None
        travel = made.root_positions[-1] - made.root_positions[0]
        courses.append(abs(np.degrees(np.arctan2(travel[0], travel[2]))))
    assert min(courses) > 15
    assert max(courses) > 175
    assert redirect(walking_clip(2.0, fps=60.0, speed=2.8, stride_hz=1.4), rng) is None


def test_contacts_on_a_tilted_floor_are_those_on_a_level_one() -> None:
    walk = walking_clip(6.0, fps=60.0, speed=1.2)
    root = walk.root_positions.copy()
    root[:, 1] += 0.012 * root[:, 2]  # rises by 8 cm
    tilted = type(walk)(walk.skeleton, 60.0, root, walk.rotations)
    level = level_contacts(walk) > 0.5
    assert (soft_contacts(tilted)[-120:] > 0.5).mean() < 0.1
    assert ((level_contacts(tilted) > 0.5) == level).mean() > 0.95
    assert 0.3 < level.mean() < 0.7


def test_windows_longer_than_a_clip_are_drawn_from_longer_ones(frames: Frames) -> None:
    longest = int(np.bincount(frames.columns["take"]).max())
    first = Windows(frames, config()).draw(np.random.default_rng(0), 8, longest - 1)
    assert (frames.columns["take"][first] == frames.columns["take"][first + longest - 1]).all()
    with pytest.raises(InputError, match="frames long"):
        Windows(frames, config()).draw(np.random.default_rng(0), 8, longest)
