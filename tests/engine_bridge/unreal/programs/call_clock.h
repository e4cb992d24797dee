// Times the calls of a game's thread. To be robbed of the processor by a busy machine is no fault of a call: the kernel tells how long the
// thread stood ready without one, and what is left is the call's own time, be it spent working or waiting.
#pragma once

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "MotionwireCore/client.h"

// Made on the thread that makes the calls.
class CallClock {
public:
    CallClock() : schedule_(::open("/proc/thread-self/schedstat", O_RDONLY)) {}
    ~CallClock() { ::close(schedule_); }
    CallClock(const CallClock&) = delete;
    CallClock& operator=(const CallClock&) = delete;

    template <class Call>
    auto time(Call call) {
        const double robbed = robbed_ms(), cpu = cpu_ms(), began = motionwire::steady_seconds();
        auto result = call();
        const double wall = 1000 * (motionwire::steady_seconds() - began);
        const double ran = cpu_ms() - cpu, own = wall - (robbed_ms() - robbed);
        if (wall > wall_ms) wall_ms = wall, own_ms = own, ran_ms = ran;
        longest_own_ms = std::max(longest_own_ms, own);
        over_2_ms += own > 2.0;
        ++calls;
        return result;
    }

    double wall_ms = 0, own_ms = 0, ran_ms = 0;  // of the call that took longest; ran: on the processor
    double longest_own_ms = 0;
    unsigned calls = 0, over_2_ms = 0;  // over: of their own

private:
    static double cpu_ms() {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
    }

    // "ran_ns waited_ns slices"
    double robbed_ms() const {
        char line[96] = {};
        if (::pread(schedule_, line, sizeof line - 1, 0) <= 0) return 0;
        const char* const second = std::strchr(line, ' ');
        return second == nullptr ? 0 : 1e-6 * std::strtod(second, nullptr);
    }

    int schedule_;
};
