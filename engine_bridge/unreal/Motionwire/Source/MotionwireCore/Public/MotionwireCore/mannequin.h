// Retarget table of the UE5 Mannequins (Manny, Quinn; SKM_*_Simple too). The UE4 Mannequin has the same names for most; what is absent
// (spine_04, spine_05, neck_02) is left out and reported.
#pragma once

#include <cstddef>

#include "MotionwireCore/retarget.h"

namespace motionwire::unreal {

// Its reference pose is an A-pose with flat feet: arms and legs are turned to point as in a T-pose, hands follow their arms.
constexpr Row mannequin_rows[] = {
    {"pelvis", "pelvis", Stance::as_is},
    {"spine_01", "spine1", Stance::as_is},
    {"spine_03", "spine2", Stance::as_is},
    {"spine_05", "spine3", Stance::as_is},
    {"neck_01", "neck", Stance::as_is},
    {"head", "head", Stance::as_is},
    {"clavicle_l", "left_collar", Stance::as_is},
    {"upperarm_l", "left_shoulder", Stance::points},
    {"lowerarm_l", "left_elbow", Stance::points},
    {"hand_l", "left_wrist", Stance::follows},
    {"clavicle_r", "right_collar", Stance::as_is},
    {"upperarm_r", "right_shoulder", Stance::points},
    {"lowerarm_r", "right_elbow", Stance::points},
    {"hand_r", "right_wrist", Stance::follows},
    {"thigh_l", "left_hip", Stance::points},
    {"calf_l", "left_knee", Stance::points},
    {"foot_l", "left_ankle", Stance::as_is},
    {"ball_l", "left_foot", Stance::as_is},
    {"thigh_r", "right_hip", Stance::points},
    {"calf_r", "right_knee", Stance::points},
    {"foot_r", "right_ankle", Stance::as_is},
    {"ball_r", "right_foot", Stance::as_is},
};
constexpr std::size_t mannequin_row_count = sizeof mannequin_rows / sizeof *mannequin_rows;

// The bones by which animation blueprints find hands and feet.
constexpr Copy mannequin_copies[] = {
    {"ik_foot_l", "foot_l"}, {"ik_foot_r", "foot_r"}, {"ik_hand_gun", "hand_r"}, {"ik_hand_r", "hand_r"}, {"ik_hand_l", "hand_l"},
};
constexpr std::size_t mannequin_copy_count = sizeof mannequin_copies / sizeof *mannequin_copies;

}  // namespace motionwire::unreal
