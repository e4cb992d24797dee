// A clip's way over the ground without the sway of the hips from step to step: what a root bone follows, where a clip, unlike a
// live pose, comes without a root of its own. As motion/trajectory.py of the server's side makes it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "MotionwireCore/maths.h"
#include "MotionwireCore/welcome.h"

namespace motionwire {

constexpr double sway_s = 0.4;  // Gaussian sigma: a sway of one stride a second is reduced to 4 %

// Values without their sway; beyond its ends a path goes on as it came, so that a straight one stays as it is.
inline std::vector<double> steadied(const std::vector<double>& values, double fps) {
    const auto count = static_cast<std::ptrdiff_t>(values.size());
    const std::ptrdiff_t beyond = std::min<std::ptrdiff_t>(count - 1, std::lround(3 * sway_s * fps));
    if (beyond < 1) return values;
    const std::ptrdiff_t last = count - 1;
    const auto at = [&](std::ptrdiff_t i) {
        i = std::clamp<std::ptrdiff_t>(i, -beyond, last + beyond);
        if (i < 0) return 2 * values.front() - values[static_cast<std::size_t>(-i)];
        return i > last ? 2 * values.back() - values[static_cast<std::size_t>(2 * last - i)] : values[static_cast<std::size_t>(i)];
    };
    const double sigma = sway_s * fps;
    const auto reach = static_cast<std::ptrdiff_t>(4 * sigma + 0.5);
    std::vector<double> weights, out;
    double whole = 0;
    for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
        weights.push_back(std::exp(-0.5 * static_cast<double>(k * k) / (sigma * sigma)));
        whole += weights.back();
    }
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        double sum = 0;
        for (std::ptrdiff_t k = -reach; k <= reach; ++k) sum += weights[static_cast<std::size_t>(k + reach)] * at(i + k);
        out.push_back(sum / whole);
    }
    return out;
}

// Per frame x, z in m and heading in rad (unwrapped), as PoseFrame::root has them: [frames, 3].
inline std::vector<float> trajectory(const Clip& clip) {
    constexpr double turn = 6.283185307179586;
    const std::size_t width = 3 + std::size_t{4} * clip.joints;
    std::vector<double> x, z, heading;
    for (std::size_t frame = 0; frame < clip.frames; ++frame) {
        const float* row = &clip.data[frame * width];
        const Vec3 front = rotate({row[3], row[4], row[5], row[6]}, {0, 0, 1});
        double faces = std::atan2(front.x, front.z);
        if (frame > 0) faces += turn * std::round((heading.back() - faces) / turn);
        x.push_back(row[0]), z.push_back(row[2]), heading.push_back(faces);
    }
    x = steadied(x, clip.fps), z = steadied(z, clip.fps), heading = steadied(heading, clip.fps);
    std::vector<float> out;
    for (std::size_t frame = 0; frame < clip.frames; ++frame)
        for (const double value : {x[frame], z[frame], heading[frame]}) out.push_back(static_cast<float>(value));
    return out;
}

}  // namespace motionwire
