// Vectors and quaternions (xyzw), as much as poses need. Formulas hold in right- and left-handed axes alike.
#pragma once

#include <cmath>

namespace motionwire {

struct Vec3 {
    float x = 0, y = 0, z = 0;
};

inline Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3 operator*(Vec3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
inline Vec3 scaled(Vec3 a, Vec3 by) { return {a.x * by.x, a.y * by.y, a.z * by.z}; }
inline float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 cross(Vec3 a, Vec3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }

// Of length 1; the zero vector stays what it is.
inline Vec3 normalized(Vec3 a) {
    const float length = std::sqrt(dot(a, a));
    return length > 0 ? a * (1 / length) : a;
}

struct Quat {
    float x = 0, y = 0, z = 0, w = 1;
};

inline float dot(Quat a, Quat b) { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }

// Of length 1; the identity for zero.
inline Quat normalized(Quat a) {
    const float length = std::sqrt(dot(a, a));
    if (!(length > 1e-12f)) return {};
    return {a.x / length, a.y / length, a.z / length, a.w / length};
}

// First b, then a.
inline Quat operator*(Quat a, Quat b) {
    return {a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y, a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
            a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w, a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z};
}

inline Quat conjugate(Quat a) { return {-a.x, -a.y, -a.z, a.w}; }

inline Vec3 rotate(Quat q, Vec3 v) {
    const Vec3 axis{q.x, q.y, q.z};
    const Vec3 t = cross(axis, v) * 2;
    return v + t * q.w + cross(axis, t);
}

// The shortest turn that brings direction a to direction b.
inline Quat between(Vec3 a, Vec3 b) {
    const Vec3 from = normalized(a), to = normalized(b);
    const float cosine = dot(from, to);
    if (cosine < -0.99999f) {  // opposite: half a turn about any axis across
        const Vec3 axis = normalized(cross(from, std::fabs(from.x) < 0.9f ? Vec3{1, 0, 0} : Vec3{0, 1, 0}));
        return {axis.x, axis.y, axis.z, 0};
    }
    const Vec3 axis = cross(from, to);
    return normalized(Quat{axis.x, axis.y, axis.z, 1 + cosine});
}

// From a (t = 0) to b (t = 1) the short way, normalized linear interpolation: frames are milliseconds apart.
inline Quat mix(Quat a, Quat b, float t) {
    const float sign = dot(a, b) < 0 ? -t : t;
    return normalized(Quat{a.x + sign * b.x - t * a.x, a.y + sign * b.y - t * a.y, a.z + sign * b.z - t * a.z, a.w + sign * b.w - t * a.w});
}

}  // namespace motionwire
