// A game's loop at 60 Hz under whatever happens to the server, until standard input ends: prints each notice as a line of JSON when it
// comes, and at the end how long the client's calls took.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

#include "MotionwireCore/client.h"
#include "programs/bench_loop.h"
#include "programs/call_clock.h"
#include "programs/json.h"

inline const char* name_of(motionwire::NoticeKind kind) {
    static constexpr const char* names[] = {"connected", "resumed", "restored", "lost", "refused", "footstep", "act_begin",
                                            "act_end", "act_failed", "fault", "clip_progress", "clip_done", "clip_failed"};
    return names[static_cast<std::size_t>(kind)];
}

inline void drive(const motionwire::Options& options) {
    motionwire::Client client(options);
    std::thread network([&] { client.run(); });
    std::atomic<bool> over{false};
    std::thread input_end([&] {
        while (std::getchar() != EOF) {}
        over = true;
    });
    Crowd crowd(3);
    for (std::uint32_t i = 0; i < 3; ++i) client.spawn(crowd.spawn(i));
    CallClock clock;
    motionwire::PoseFrame frame;
    motionwire::Notice notice;
    unsigned poses = 0;
    bool fresh = true;  // no pose came since the last notice about the connection
    double farthest_m = 0;
    float last[3][2] = {};
    const double start = motionwire::steady_seconds();
    for (unsigned tick = 0; !over; ++tick) {
        std::this_thread::sleep_for(std::chrono::microseconds(16'667));
        const motionwire::Input input = crowd.input(tick);
        clock.time([&] { return client.step(input, 1.0 / 60); });
        const auto wait = [&] { return client.wait_pose(frame, 1000); };
        const auto take = [&] { return client.take_pose(frame); };
        for (bool got = clock.time(wait); got; got = clock.time(take)) {
            if (frame.characters.size() != 3) continue;
            for (std::size_t i = 0; i < 3; ++i) {
                const float x = frame.root[3 * i], z = frame.root[3 * i + 1];
                if (poses != 0) farthest_m = std::max(farthest_m, static_cast<double>(std::hypot(x - last[i][0], z - last[i][1])));
                last[i][0] = x, last[i][1] = z;
            }
            ++poses;
            if (fresh) {
                std::printf("{\"notice\": \"pose\", \"at\": %.3f}\n", motionwire::steady_seconds() - start);
                std::fflush(stdout);
            }
            fresh = false;
        }
        while (clock.time([&] { return client.take_notice(notice); })) {
            if (notice.kind == motionwire::NoticeKind::footstep) continue;
            if (notice.kind <= motionwire::NoticeKind::lost) fresh = true;
            std::printf("{\"notice\": \"%s\", \"at\": %.3f, \"code\": %s, \"text\": %s}\n", name_of(notice.kind), motionwire::steady_seconds() - start,
                        quoted(notice.code).c_str(), quoted(notice.text).c_str());
            std::fflush(stdout);
        }
    }
    const double closing = motionwire::steady_seconds();
    clock.time([&] { client.stop(); return true; });
    network.join();
    input_end.join();
    std::printf("{\"calls\": %u, \"over_2_ms\": %u, \"longest_own_ms\": %.3f, \"worst\": {\"wall_ms\": %.3f, \"own_ms\": %.3f, \"cpu_ms\": %.3f}, "
                "\"poses\": %u, \"farthest_m\": %.3f, \"close_ms\": %.3f}\n",
                clock.calls, clock.over_2_ms, clock.longest_own_ms, clock.wall_ms, clock.own_ms, clock.ran_ms, poses, farthest_m,
                1000 * (motionwire::steady_seconds() - closing));
}
