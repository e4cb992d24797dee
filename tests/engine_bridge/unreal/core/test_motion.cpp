// Axes, kinematics, interpolation and retargeting by value.
#include <string>

#include "MotionwireCore/jitter_buffer.h"
#include "MotionwireCore/mannequin.h"
#include "core/check.h"

using namespace motionwire;
using unreal::Bone;
using unreal::Transform;

namespace {

constexpr float pi = 3.14159265f;

Quat turn(Vec3 axis, float angle) {
    const Vec3 a = normalized(axis) * std::sin(angle / 2);
    return {a.x, a.y, a.z, std::cos(angle / 2)};
}

bool close_to(Vec3 a, Vec3 b, float within) { return std::sqrt(dot(a - b, a - b)) <= within; }

// The canonical skeleton's left arm, spine and left leg: enough of it for a rig.
Skeleton source() {
    Skeleton s;
    s.names = {"pelvis", "left_hip", "left_knee", "left_ankle", "left_foot", "spine1", "left_collar", "left_shoulder", "left_elbow", "left_wrist"};
    s.parents = {-1, 0, 1, 2, 3, 0, 5, 6, 7, 8};
    s.offsets = {0, 0.94f, 0, 0.09f, -0.07f, 0, 0, -0.40f, 0, 0, -0.40f, 0, 0, -0.05f, 0.13f, 0, 0.1f, 0, 0.07f, 0.3f, 0, 0.12f, 0, 0, 0.27f, 0, 0, 0.25f, 0, 0};
    return s;
}

// A rig in Unreal's axes with bone axes of its own (X along the limb) in an A-pose: the arm hangs 45 degrees down.
std::vector<Bone> rig() {
    const Quat along_arm = turn({0, 1, 0}, pi / 4);  // X turns towards -Z: left (+X) and down
    const Quat down = turn({0, 1, 0}, pi / 2);
    const auto local = [](Quat parent, Quat world, Vec3 offset_in_parent) { return Transform{conjugate(parent) * world, offset_in_parent}; };
    return {
        {"root", -1, {}},
        {"pelvis", 0, {{}, {0, 0, 110}}},
        {"spine_01", 1, {{}, {0, 0, 10}}},
        {"clavicle_l", 2, {{}, {8, 0, 35}}},
        {"upperarm_l", 3, local({}, along_arm, {10, 0, 0})},
        {"upperarm_twist_01_l", 4, {turn({1, 0, 0}, 0.3f), {15, 0, 0}}},
        {"lowerarm_l", 4, {turn({0, 0, 1}, 0.2f), {30, 0, 0}}},
        {"hand_l", 6, {{}, {28, 0, 0}}},
        {"thigh_l", 1, local({}, down, {10, 0, -5})},
        {"calf_l", 8, {{}, {50, 0, 0}}},
        {"foot_l", 9, local(down, {}, {50, 0, 0})},
        {"ball_l", 10, {{}, {0, 15, -5}}},
        {"ik_foot_root", 0, {}},
        {"ik_foot_l", 12, {}},
        {"foot_socket_l", 13, {{}, {0, 20, 0}}},
    };
}

unreal::Retarget retarget() {
    return {source(), rig(), unreal::mannequin_rows, unreal::mannequin_row_count, unreal::mannequin_copies, unreal::mannequin_copy_count};
}

std::vector<float> t_pose() {
    std::vector<float> pose(3 + 40, 0.0f);
    pose[1] = 0.94f;
    for (std::size_t j = 0; j < 10; ++j) pose[6 + 4 * j] = 1;
    return pose;
}

void set(std::vector<float>& pose, std::size_t joint, Quat q) {
    float* to = &pose[3 + 4 * joint];
    to[0] = q.x, to[1] = q.y, to[2] = q.z, to[3] = q.w;
}

// Component-space bones for a canonical pose.
std::vector<Transform> posed(unreal::Retarget& retarget, const std::vector<float>& pose) {
    std::vector<Transform> joints, bones, world;
    unreal::local_transforms(source(), pose.data(), joints);
    retarget.apply(joints, bones);
    for (std::size_t b = 0; b < bones.size(); ++b) {  // what an engine makes of the parent-space result
        const int parent = retarget.bones()[b].parent;
        world.push_back(parent < 0 ? bones[b] : world[static_cast<std::size_t>(parent)] * bones[b]);
    }
    return world;
}

PoseFrame frame(double ts, double received, float x) {
    PoseFrame f;
    f.ts = ts, f.received = received, f.stream = true, f.joints = 1;
    f.characters = {1};
    f.data = {x, 1, 0, 0, 0, 0, 1};
    f.phase = {0}, f.contacts = {0, 0, 0, 0}, f.root_delta = {0, 0, 0}, f.root = {x, 0, 3.1f}, f.acting = {0}, f.teleports = {0};
    return f;
}

}  // namespace

TEST(a_left_turn_is_one_in_unreal) {
    const Quat left = unreal::rotation(turn({0, 1, 0}, pi / 2));
    CHECK(close_to(rotate(left, {0, 1, 0}), {1, 0, 0}, 1e-6f));  // from facing +Y to facing +X, which was left
    CHECK(::close_to(unreal::yaw_of_heading(0), pi / 2, 1e-6) && ::close_to(unreal::yaw_of_heading(pi / 2), 0, 1e-6));
    for (float heading = -3; heading < 3; heading += 0.5f) CHECK(::close_to(unreal::heading_of_yaw(unreal::yaw_of_heading(heading)), heading, 1e-5));
}

TEST(shortest_turns) {
    const Vec3 directions[] = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0.3f, -0.5f, 0.8f}, {-0.3f, 0.5f, -0.8f}};
    for (const Vec3 a : directions)
        for (const Vec3 b : directions) CHECK(close_to(rotate(between(a, b), normalized(a)), normalized(b), 1e-4f));
    CHECK(::close_to(mix({0, 0, 0, 1}, {0, 0, 0, -1}, 0.5f).w, 1, 1e-6));
}

TEST(t_pose_stretches_the_rig_of_an_a_pose) {
    unreal::Retarget rig_of = retarget();
    CHECK(rig_of.usable() && rig_of.pelvis() == 1 && !rig_of.missing().empty());  // it has one side only
    const std::vector<Transform> world = posed(rig_of, t_pose());
    const Vec3 shoulder = world[4].translation;
    CHECK(close_to(world[6].translation, shoulder + Vec3{30, 0, 0}, 1e-3f));
    CHECK(close_to(world[7].translation, shoulder + Vec3{58, 0, 0}, 1e-3f));
    CHECK(close_to(world[1].translation, {0, 0, 110}, 1e-3f));  // legs longer than the canonical ones: hips higher
    CHECK(close_to(rotate(world[10].rotation, {0, 1, 0}), {0, 1, 0}, 1e-4f));  // feet flat, as in the reference pose
    CHECK(close_to(world[13].translation, world[10].translation, 1e-3f));      // ik_foot_l goes with foot_l
    const Vec3 elbow_in_reference = {15, 0, 0};  // twist bones keep their place on the arm
    CHECK(close_to(world[5].translation, shoulder + elbow_in_reference, 1e-3f));
}

TEST(raised_arm_and_bent_knee_follow_in_the_world) {
    unreal::Retarget rig_of = retarget();
    std::vector<float> pose = t_pose();
    set(pose, 7, turn({0, 0, 1}, pi / 2));   // left shoulder: from +X up to +Y
    set(pose, 2, turn({1, 0, 0}, pi / 2));   // knee: shin from down to backward (-Z)
    const std::vector<Transform> world = posed(rig_of, pose);
    CHECK(close_to(world[7].translation, world[4].translation + Vec3{0, 0, 58}, 1e-2f));
    CHECK(close_to(world[10].translation, world[9].translation + Vec3{0, -50, 0}, 1e-2f));
    CHECK(close_to(world[14].translation, (world[10] * Transform{{}, {0, 20, 0}}).translation, 1e-2f));  // hangs on ik_foot_l, a copy of foot_l
    for (std::size_t b = 0; b < world.size(); ++b) CHECK(close_to(world[b].translation, rig_of.component_space()[b].translation, 1e-2f));
}

// As Blender's exporter leaves them: the root is scaled, and what hangs on it has lengths in units of that.
TEST(a_scaled_reference_pose_moves_as_one_without) {
    std::vector<Bone> bones = rig();
    const Vec3 scales[] = {{100, 100, 100}, {1, 1, 1}, {0.5f, 1, 2}};  // of root, pelvis, spine_01
    std::vector<Vec3> above(bones.size(), {1, 1, 1});
    for (std::size_t b = 0; b < bones.size(); ++b) {
        if (b < 3) bones[b].scale = scales[b];
        if (bones[b].parent < 0) continue;
        const std::size_t parent = static_cast<std::size_t>(bones[b].parent);
        above[b] = scaled(above[parent], bones[parent].scale);
        Vec3& offset = bones[b].reference.translation;
        offset = {offset.x / above[b].x, offset.y / above[b].y, offset.z / above[b].z};
    }
    unreal::Retarget plain = retarget();
    unreal::Retarget scaled_rig = {source(), bones, unreal::mannequin_rows, unreal::mannequin_row_count, unreal::mannequin_copies, unreal::mannequin_copy_count};
    std::vector<float> pose = t_pose();
    pose[0] = 2, pose[2] = 5;
    set(pose, 0, turn({0, 1, 0}, 1)), set(pose, 5, turn({0, 0, 1}, 0.4f)), set(pose, 7, turn({0, 0, 1}, pi / 2)), set(pose, 2, turn({1, 0, 0}, pi / 2));
    const std::vector<Transform> expected = posed(plain, pose);
    std::vector<Transform> joints, local, world;
    unreal::local_transforms(source(), pose.data(), joints);
    scaled_rig.apply(joints, local);
    for (std::size_t b = 0; b < local.size(); ++b) {  // what an engine makes of it, with the scales that the bones keep
        const int parent = bones[b].parent;
        const Transform placed = {local[b].rotation, scaled(local[b].translation, above[b])};
        world.push_back(parent < 0 ? placed : world[static_cast<std::size_t>(parent)] * placed);
        CHECK(close_to(world[b].translation, expected[b].translation, 2e-2f));
        CHECK(close_to(rotate(world[b].rotation, {1, 0, 0}), rotate(expected[b].rotation, {1, 0, 0}), 1e-3f));
    }
    CHECK(close_to(world[1].translation, {200, 500, 110}, 1e-2f));
}

TEST(a_rig_is_of_one_skeleton) {
    unreal::Retarget rig_of = retarget();
    std::vector<float> pose = t_pose();
    std::vector<Transform> joints;
    pose[0] = 2, pose[1] = 0.7f, pose[2] = 5;  // where it is does not matter, nor how it stands
    set(pose, 0, turn({0, 1, 0}, 1)), set(pose, 2, turn({1, 0, 0}, pi / 2));
    unreal::local_transforms(source(), pose.data(), joints);
    CHECK(rig_of.fits(joints, 0.94f) && !rig_of.fits(joints, 0.95f) && !rig_of.fits(joints, std::nanf("")));
    Skeleton other = source();
    other.offsets[3 * 8] += 0.01f;  // a longer upper arm
    unreal::local_transforms(other, pose.data(), joints);
    CHECK(!rig_of.fits(joints, 0.94f));
    joints.pop_back();
    CHECK(!rig_of.fits(joints, 0.94f));
}

TEST(a_pelvis_of_any_name_may_be_the_first_bone) {
    const unreal::Row row = {"Hips", "pelvis"};
    const unreal::Retarget rig_of(source(), {{"Hips", -1, {{}, {0, 0, 94}}}}, &row, 1, nullptr, 0);
    CHECK(rig_of.usable() && rig_of.pelvis() == 0);
    const unreal::Retarget other(source(), {{"pelvis", -1, {}}}, &row, 1, nullptr, 0);
    CHECK(!other.usable() && other.pelvis() == -1);
}

TEST(heading_turns_the_whole_rig) {
    unreal::Retarget rig_of = retarget();
    std::vector<float> pose = t_pose();
    pose[0] = 2, pose[2] = 5;
    set(pose, 0, turn({0, 1, 0}, pi / 2));
    const std::vector<Transform> world = posed(rig_of, pose);
    CHECK(close_to(world[1].translation, {200, 500, 110}, 1e-2f));
    CHECK(close_to(world[7].translation - world[4].translation, {0, -58, 0}, 1e-2f));  // facing +X, the left arm points to -Y
}

TEST(interpolation_hides_jitter) {
    JitterBuffer buffer(60);
    PoseFrame out;
    CHECK(!buffer.sample(0, out));
    const double late[] = {0, 0.008, 0.002, 0.012, 0, 0.009, 0.001};
    double worst = 0;
    for (int i = 0; i < 120; ++i) {
        const double ts = 1000 + i / 60.0;
        PoseFrame f = frame(ts, 5 + i / 60.0 + late[i % 7], static_cast<float>(i));
        buffer.push(f);
        if (i < 20) continue;
        const double now = 5 + (i + 0.9) / 60.0;
        CHECK(buffer.sample(now, out));
        worst = std::max(worst, std::fabs(static_cast<double>(out.data[0]) - (i + 0.9 - JitterBuffer::frames_late)));
    }
    CHECK(worst < 0.1);  // frames; an early frame's time is kept, but for a slow drift
}

TEST(interpolated_angles_go_the_short_way) {
    JitterBuffer buffer(60);
    PoseFrame a = frame(1, 1, 0), b = frame(1.1, 1.1, 1), out;
    b.root[2] = -3.1f;
    b.data = {1, 1, 0, 0, 0, 0, -1};
    buffer.push(a), buffer.push(b);
    CHECK(buffer.sample(1.05 + 0.025, out));
    CHECK(std::fabs(out.root[2]) > 3.1f && ::close_to(out.data[6], 1, 1e-5) && ::close_to(out.data[0], 0.5, 0.01));
}

TEST(nothing_is_between_two_places_of_a_teleport) {
    JitterBuffer buffer(60);
    PoseFrame a = frame(1, 1, 0), b = frame(1.1, 1.1, 50), out;
    b.teleports = {1};
    buffer.push(a), buffer.push(b);
    for (const double at : {1.01, 1.05, 1.09}) CHECK(buffer.sample(at + 0.025, out) && ::close_to(out.data[0], 0, 1e-6) && out.teleports[0] == 0);
    CHECK(buffer.sample(1.2, out) && ::close_to(out.data[0], 50, 1e-6) && out.teleports[0] == 1);
}

TEST(another_clock_begins_anew) {
    JitterBuffer buffer(60);
    PoseFrame a = frame(500, 1, 0), b = frame(3, 1.02, 7), out;
    buffer.push(a), buffer.push(b);
    CHECK(buffer.sample(1.05, out) && ::close_to(out.data[0], 7, 1e-6));
    PoseFrame other = frame(3.01, 1.03, 8);
    other.characters = {2};
    buffer.push(other);
    CHECK(buffer.sample(1.04, out) && out.characters[0] == 1);  // other characters are not mixed
}
