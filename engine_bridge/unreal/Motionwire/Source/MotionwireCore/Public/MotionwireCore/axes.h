// Canonical axes (right-handed, Y up, facing +Z, left +X, m) to Unreal's (left-handed, Z up, facing +Y as the Mannequin does in its
// own space, left +X, cm) and back (SPEC.md section 8). Both directions swap y and z, so each conversion is its own inverse but for the unit.
#pragma once

#include <cmath>

#include "MotionwireCore/maths.h"

namespace motionwire::unreal {

constexpr float cm_per_m = 100;

inline Vec3 position(Vec3 m) { return {cm_per_m * m.x, cm_per_m * m.z, cm_per_m * m.y}; }
inline Vec3 canonical_position(Vec3 cm) { return {cm.x / cm_per_m, cm.z / cm_per_m, cm.y / cm_per_m}; }

inline Quat rotation(Quat q) { return {-q.x, -q.z, -q.y, q.w}; }
inline Quat canonical_rotation(Quat q) { return rotation(q); }

// A canonical heading (rad from +Z towards +X) as the yaw (rad, about Unreal's Z from X towards Y) of the direction faced.
inline float yaw_of_heading(float heading) { return std::atan2(std::cos(heading), std::sin(heading)); }
inline float heading_of_yaw(float yaw) { return std::atan2(std::cos(yaw), std::sin(yaw)); }

}  // namespace motionwire::unreal
