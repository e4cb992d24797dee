// The lock-step loop that every peer runs in the same way: 60 Hz, all characters in one message, the round trip up to the decoded pose.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "MotionwireCore/client.h"
#include "programs/counting_new.h"

struct Crowd {
    std::vector<std::uint32_t> characters;
    std::vector<float> rows;

    explicit Crowd(std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) characters.push_back(i + 1);
        rows.resize(4 * std::size_t{count}, 0.0f);
    }

    motionwire::Spawn spawn(std::uint32_t i) const {
        motionwire::Spawn spawn;
        spawn.character = characters[i];
        spawn.transform[0] = 2.0 * (i % 40);
        spawn.transform[2] = 2.0 * (i / 40);
        return spawn;
    }

    // Everybody walks in a curve.
    motionwire::Input input(unsigned frame) {
        for (std::size_t i = 0; i < characters.size(); ++i) {
            const float heading = 0.01f * static_cast<float>(frame) + static_cast<float>(i);
            rows[4 * i] = 1.3f * std::sin(heading);
            rows[4 * i + 1] = 1.3f * std::cos(heading);
            rows[4 * i + 2] = std::nanf("");
        }
        motionwire::Input input;
        input.characters = characters.data();
        input.count = static_cast<std::uint32_t>(characters.size());
        input.rows = rows.data();
        return input;
    }
};

// round_trip(input) steps once and waits for the pose; false: it was lost. Prints the contract's JSON object.
template <class RoundTrip>
void run_bench(std::uint32_t characters, double seconds, bool count_allocations, RoundTrip round_trip) {
    constexpr unsigned warm_up = 60;
    Crowd crowd(characters);
    const auto frames = static_cast<unsigned>(seconds * 60);
    std::vector<double> rtt_ms;
    rtt_ms.reserve(frames);
    unsigned lost = 0;
    std::uint64_t before = 0;
    const auto start = std::chrono::steady_clock::now();
    for (unsigned frame = 0; frame < warm_up + frames; ++frame) {
        std::this_thread::sleep_until(start + frame * std::chrono::microseconds(1'000'000) / 60);
        if (frame == warm_up) before = allocated_bytes;
        const motionwire::Input input = crowd.input(frame);
        const double sent = motionwire::steady_seconds();
        const bool answered = round_trip(input);
        if (frame < warm_up) continue;
        if (answered) rtt_ms.push_back(1000 * (motionwire::steady_seconds() - sent));
        else ++lost;
    }
    const auto allocated = static_cast<double>(allocated_bytes - before);
    std::string list;
    for (const double ms : rtt_ms) {
        char number[32];
        std::snprintf(number, sizeof number, "%s%.4f", list.empty() ? "" : ", ", ms);
        list += number;
    }
    char per_frame[32] = "null";
    if (count_allocations && allocations_are_counted) std::snprintf(per_frame, sizeof per_frame, "%.2f", allocated / frames);
    std::printf("{\"rtt_ms\": [%s], \"frames\": %u, \"lost\": %u, \"bytes_allocated_per_frame\": %s}\n", list.c_str(), frames, lost, per_frame);
}
