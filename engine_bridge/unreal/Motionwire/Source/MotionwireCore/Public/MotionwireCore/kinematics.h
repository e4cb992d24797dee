// A pose in Unreal's axes: parent-space transforms as Live Link takes them, and forward kinematics.
#pragma once

#include <cstddef>
#include <vector>

#include "MotionwireCore/axes.h"
#include "MotionwireCore/maths.h"
#include "MotionwireCore/welcome.h"

namespace motionwire::unreal {

struct Transform {
    Quat rotation;
    Vec3 translation;  // cm
};

// First `child`, in the space of `parent`.
inline Transform operator*(const Transform& parent, const Transform& child) {
    return {parent.rotation * child.rotation, parent.translation + rotate(parent.rotation, child.translation)};
}

inline Transform inverse(const Transform& t) {
    const Quat back = conjugate(t.rotation);
    return {back, rotate(back, t.translation * -1)};
}

// Where a character stands: on the ground at height `ground` (m), turned by its heading. root: its row of PoseFrame::root.
inline Transform standing(const float* root, float ground) {
    const float half = root[2] / 2;
    return {rotation(Quat{0, std::sin(half), 0, std::cos(half)}), position({root[0], ground, root[1]})};
}

// Of one character's row of PoseFrame::data: each joint in its parent's space, the root in the world's.
inline void local_transforms(const Skeleton& skeleton, const float* pose, std::vector<Transform>& out) {
    out.resize(skeleton.size());
    for (std::size_t j = 0; j < out.size(); ++j) {
        const float* q = pose + 3 + 4 * j;
        const float* from = j == 0 ? pose : &skeleton.offsets[3 * j];
        out[j] = {normalized(rotation(Quat{q[0], q[1], q[2], q[3]})), position({from[0], from[1], from[2]})};
    }
}

// Parent space to the world's; parents come before children.
inline void world_transforms(const Skeleton& skeleton, const std::vector<Transform>& local, std::vector<Transform>& world) {
    world.resize(local.size());
    for (std::size_t j = 0; j < local.size(); ++j)
        world[j] = skeleton.parents[j] < 0 ? local[j] : world[static_cast<std::size_t>(skeleton.parents[j])] * local[j];
}

}  // namespace motionwire::unreal
