// The lock-step loop that every peer runs in the same way: 60 Hz, all characters in one message, the round trip up to the decoded pose.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
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

// A second at a time by turns with other programs. at: when they begin, s after `begin` (unix time), later by as much as the first one is.
struct Turns {
    double begin;
    std::vector<double> at;
};

// Of the words behind `bench HOST PORT CHARACTERS`: BEGIN TURNS, the latter with commas.
inline Turns turns_of(char** arguments) {
    Turns turns{0.001 * static_cast<double>(std::atoll(arguments[5])), {}};
    for (char *word = arguments[6], *end = word; *word; word = *end ? end + 1 : end) turns.at.push_back(std::strtod(word, &end));
    return turns;
}

inline double unix_seconds() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// round_trip(input) steps once and waits for the pose; false: it was lost. stay() keeps the session alive. Prints the contract's JSON object. The first turn is not counted.
template <class RoundTrip, class Stay>
void run_bench(std::uint32_t characters, const Turns& turns, bool count_allocations, RoundTrip round_trip, Stay stay) {
    constexpr double rest_seconds = 2.0;  // between two signs of life while others have their turns
    constexpr unsigned warm_up = 10, counted = 48;  // frames of a turn of one second
    Crowd crowd(characters);
    std::array<double, counted> rtt_ms{};
    std::string rounds;
    unsigned frames = 0, lost = 0;
    std::uint64_t allocated = 0;
    const double late = std::max(0.0, unix_seconds() - turns.begin - turns.at[0]);
    for (unsigned round = 0; round < turns.at.size(); ++round) {
        for (double left; (left = turns.begin + turns.at[round] + late - unix_seconds()) > 0;) {
            if (left > rest_seconds) stay();
            std::this_thread::sleep_for(std::chrono::duration<double>(std::min(rest_seconds, left)));
        }
        const auto start = std::chrono::steady_clock::now();
        std::uint64_t before = 0;
        unsigned answered = 0;
        for (unsigned frame = 0; frame < warm_up + counted; ++frame) {
            std::this_thread::sleep_until(start + frame * std::chrono::microseconds(1'000'000) / 60);
            if (frame == warm_up) before = allocated_bytes;
            const motionwire::Input input = crowd.input(60 * round + frame);
            const double sent = motionwire::steady_seconds();
            if (round_trip(input) && frame >= warm_up) rtt_ms[answered++] = 1000 * (motionwire::steady_seconds() - sent);
        }
        if (round == 0) continue;
        allocated += allocated_bytes - before;
        frames += answered;
        lost += counted - answered;
        rounds += rounds.empty() ? "[" : ", [";
        for (unsigned i = 0; i < answered; ++i) {
            char number[32];
            std::snprintf(number, sizeof number, "%s%.4f", i ? ", " : "", rtt_ms[i]);
            rounds += number;
        }
        rounds += "]";
    }
    char per_frame[32] = "null";
    if (count_allocations && allocations_are_counted)
        std::snprintf(per_frame, sizeof per_frame, "%.2f", static_cast<double>(allocated) / (frames + lost));
    std::printf("{\"rtt_ms\": [%s], \"frames\": %u, \"lost\": %u, \"late_s\": %.3f, \"bytes_allocated_per_frame\": %s}\n", rounds.c_str(),
                frames, lost, late, per_frame);
}
