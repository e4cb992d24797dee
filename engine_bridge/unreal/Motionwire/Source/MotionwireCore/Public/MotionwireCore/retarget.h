// Canonical poses on another skeleton in Unreal's axes, aware of its rest pose. SPEC.md section 5:
//     world_rotation(bone) = pose_world_rotation(joint) * T_pose_world_rotation(bone)
// The rig's T-pose is made of its reference pose: limbs are turned, the short way, to where the canonical skeleton's point.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "MotionwireCore/kinematics.h"
#include "MotionwireCore/maths.h"
#include "MotionwireCore/welcome.h"

namespace motionwire::unreal {

// How a bone's T-pose comes from the reference pose.
enum class Stance : std::uint8_t {
    as_is,   // it stands in the reference pose as in a T-pose: spine, head, feet on the ground
    points,  // it is turned to point at the next mapped bone as the canonical joint points at its child: arms and legs
    follows, // it is turned along with its parent: hands
};

struct Row {
    std::string_view bone;
    std::string_view joint;  // canonical
    Stance stance = Stance::as_is;
};

// A bone of the target in parent-before-child order; reference: in its parent's space, and its scale there, which it keeps.
struct Bone {
    std::string name;
    int parent = -1;
    Transform reference;
    Vec3 scale = {1, 1, 1};
};

// A bone that is placed where another is, e.g. for an engine's foot IK.
struct Copy {
    std::string_view bone;
    std::string_view of;
};

class Retarget {
public:
    // `rows` where a bone or a joint is absent are left out; missing() tells which bones of the table the rig lacks.
    Retarget(const Skeleton& source, std::vector<Bone> bones, const Row* rows, std::size_t row_count, const Copy* copies, std::size_t copy_count)
        : source_(source), bones_(std::move(bones)), joint_(bones_.size(), -1), copy_(bones_.size(), -1), scale_above_(bones_.size(), {1, 1, 1}),
          rest_(bones_.size()) {
        for (std::size_t b = 0; b < bones_.size(); ++b) {  // lengths are those of component space from here on
            if (bones_[b].parent < 0) continue;
            const std::size_t parent = static_cast<std::size_t>(bones_[b].parent);
            scale_above_[b] = scaled(scale_above_[parent], bones_[parent].scale);
            bones_[b].reference.translation = scaled(bones_[b].reference.translation, scale_above_[b]);
        }
        std::vector<Transform> reference(bones_.size());
        for (std::size_t b = 0; b < bones_.size(); ++b)
            reference[b] = bones_[b].parent < 0 ? bones_[b].reference : reference[static_cast<std::size_t>(bones_[b].parent)] * bones_[b].reference;
        std::vector<const Row*> row(bones_.size(), nullptr);
        for (std::size_t r = 0; r < row_count; ++r) {
            const int bone = index(rows[r].bone), joint = source_.index(rows[r].joint);
            if (bone < 0) missing_.emplace_back(rows[r].bone);
            if (bone < 0 || joint < 0) continue;
            joint_[static_cast<std::size_t>(bone)] = joint;
            row[static_cast<std::size_t>(bone)] = &rows[r];
            if (joint == 0) pelvis_ = bone;
        }
        for (std::size_t c = 0; c < copy_count; ++c) {
            const int bone = index(copies[c].bone), of = index(copies[c].of);
            if (bone >= 0 && of >= 0) copy_[static_cast<std::size_t>(bone)] = of;
        }
        std::vector<Quat> turned(bones_.size());  // from the reference pose to the T-pose, in component space
        for (std::size_t b = 0; b < bones_.size(); ++b) {
            const Quat above = bones_[b].parent < 0 ? Quat() : turned[static_cast<std::size_t>(bones_[b].parent)];
            turned[b] = above;
            if (row[b] != nullptr && row[b]->stance == Stance::as_is) turned[b] = {};
            if (row[b] != nullptr && row[b]->stance == Stance::points) turned[b] = pointing(b, reference, above) * above;
            rest_[b] = turned[b] * reference[b].rotation;
        }
        // The height of the hips: legs longer than the canonical ones lift it.
        const float canonical = source_.offsets.size() > 1 ? cm_per_m * source_.offsets[1] : 0;
        if (pelvis_ >= 0 && canonical > 1) scale_ = reference[static_cast<std::size_t>(pelvis_)].translation.z / canonical;
    }

    // Whether a pose, as apply() takes it, is of the skeleton that this was made for, by the bone lengths that it carries. root_height: of its
    // root in the rest pose, m. Poses may have been interpolated on their way: a tenth of a millimetre counts for nothing.
    bool fits(const std::vector<Transform>& pose, float root_height) const {
        constexpr float nothing_m = 1e-4f;
        if (pose.size() != source_.size() || !(std::fabs(root_height - source_.offsets[1]) <= nothing_m)) return false;
        for (std::size_t j = 1; j < pose.size(); ++j) {
            const float* offset = &source_.offsets[3 * j];
            const Vec3 off = canonical_position(pose[j].translation) - Vec3{offset[0], offset[1], offset[2]};
            if (!(dot(off, off) <= nothing_m * nothing_m)) return false;
        }
        return true;
    }

    // Their references in lengths of component space.
    const std::vector<Bone>& bones() const { return bones_; }
    const std::vector<std::string>& missing() const { return missing_; }
    int pelvis() const { return pelvis_; }  // the bone that follows the root joint; -1: none
    bool usable() const { return pelvis_ >= 0; }

    // pose: one character's joints in parent space (local_transforms), its root relative to the space of the bones' component.
    // out: each bone in its parent's space, where it has the scale of its reference.
    void apply(const std::vector<Transform>& pose, std::vector<Transform>& out) {
        world_transforms(source_, pose, joints_);
        world_.resize(bones_.size());
        out.resize(bones_.size());
        for (std::size_t b = 0; b < bones_.size(); ++b) {
            const int parent = bones_[b].parent;
            const Transform above = parent < 0 ? Transform() : world_[static_cast<std::size_t>(parent)];
            world_[b] = above * bones_[b].reference;
            if (joint_[b] >= 0) world_[b].rotation = normalized(joints_[static_cast<std::size_t>(joint_[b])].rotation * rest_[b]);
            if (static_cast<int>(b) == pelvis_) {
                const Vec3 hips = joints_[0].translation;
                world_[b].translation = {hips.x, hips.y, hips.z * scale_};
            }
        }
        moved_.assign(bones_.size(), false);
        for (std::size_t b = 0; b < bones_.size(); ++b) {
            const int parent = bones_[b].parent;
            moved_[b] = copy_[b] >= 0 || (joint_[b] < 0 && parent >= 0 && moved_[static_cast<std::size_t>(parent)]);
            if (copy_[b] >= 0) world_[b] = world_[static_cast<std::size_t>(copy_[b])];
            else if (moved_[b]) world_[b] = world_[static_cast<std::size_t>(parent)] * bones_[b].reference;
            if (parent < 0) {
                out[b] = world_[b];
                continue;
            }
            const Transform& above = world_[static_cast<std::size_t>(parent)];
            const Quat back = conjugate(above.rotation);
            const Vec3 offset = rotate(back, world_[b].translation - above.translation);
            out[b] = {normalized(back * world_[b].rotation), scaled(offset, reciprocal(scale_above_[b]))};
        }
    }

    // Of the last apply(): in component space.
    const std::vector<Transform>& component_space() const { return world_; }

private:
    // Of a scale; nothing is left of lengths that it makes nothing of.
    static Vec3 reciprocal(Vec3 scale) {
        const auto of = [](float s) { return std::fabs(s) > 1e-8f ? 1 / s : 0.0f; };
        return {of(scale.x), of(scale.y), of(scale.z)};
    }

    int index(std::string_view name) const {
        for (std::size_t b = 0; b < bones_.size(); ++b)
            if (bones_[b].name == name) return static_cast<int>(b);
        return -1;
    }

    // The turn that makes a bone, already turned with what is above it, point as its joint does; none where either has no child.
    Quat pointing(std::size_t bone, const std::vector<Transform>& reference, Quat above) const {
        for (std::size_t child = bone + 1; child < bones_.size(); ++child) {
            if (joint_[child] < 0 || source_.parents[static_cast<std::size_t>(joint_[child])] != joint_[bone]) continue;
            const float* offset = &source_.offsets[3 * static_cast<std::size_t>(joint_[child])];
            const Vec3 wanted = position({offset[0], offset[1], offset[2]});
            const Vec3 found = rotate(above, reference[child].translation - reference[bone].translation);
            return between(found, wanted);
        }
        return {};
    }

    Skeleton source_;
    std::vector<Bone> bones_;
    std::vector<int> joint_;   // of each bone, -1: none
    std::vector<int> copy_;    // the bone that it copies, -1: none
    std::vector<Vec3> scale_above_;  // of the space that each bone's reference is in, to component space
    std::vector<Quat> rest_;   // T-pose rotations in component space
    std::vector<std::string> missing_;
    int pelvis_ = -1;
    float scale_ = 1;
    std::vector<Transform> joints_, world_;
    std::vector<bool> moved_;  // copies, and what hangs on them
};

}  // namespace motionwire::unreal
