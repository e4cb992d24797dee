// Characters at one moment, as `pose` brings them (SPEC.md section 5): canonical axes, m, s and rad.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "MotionwireCore/ring.h"

namespace motionwire {

constexpr std::size_t path_places = 12;    // rows of `desired`: 5/6 s ago to 1 s ahead
constexpr std::size_t future_places = 6;   // rows of `predicted`

struct PoseFrame {
    std::uint64_t seq = 0;     // of the step, or of the stream's frame
    bool stream = false;
    double ts = 0;             // the server's clock, s
    double received = 0;       // this machine's steady clock, s
    std::uint32_t joints = 0;
    std::vector<std::uint32_t> characters;
    std::vector<float> data;        // [characters, 3 + 4 joints]: root position, local T-pose-relative quaternions xyzw
    std::vector<float> phase;       // [characters]
    std::vector<float> contacts;    // [characters, 4]: left heel, left toe, right heel, right toe
    std::vector<float> root_delta;  // [characters, 3]: x, z in the heading frame before, turn
    std::vector<float> root;        // [characters, 3]: x, z, heading in the world
    std::vector<std::uint8_t> acting;
    std::vector<std::uint32_t> teleports;  // [characters]: how many had been answered; see Session::teleport
    std::vector<float> desired;    // with debug: [characters, 12, 4]
    std::vector<float> predicted;  // with debug: [characters, 6, 4]

    std::size_t width() const { return 3 + std::size_t{4} * joints; }
    const float* pose(std::size_t i) const { return data.data() + i * width(); }

    // Where a character stands in this frame; the number of characters if it does not. `guess`: where it may be.
    std::size_t find(std::uint32_t character, std::size_t guess = 0) const {
        if (guess < characters.size() && characters[guess] == character) return guess;
        std::size_t i = 0;
        while (i < characters.size() && characters[i] != character) ++i;
        return i;
    }
};

// What the client tells its user besides poses.
enum class NoticeKind : std::uint8_t {
    connected,    // a new session
    resumed,      // the same session on a new connection: all characters go on
    restored,     // a new session after a lost one: characters were spawned again where they were seen last
    lost,         // the connection broke, or could not be made; `text` says why
    refused,      // the server refused a request: `of` (its type), `code`, `text`, `ref`; of a spawn also `character`
    footstep,     // `foot`: 0 left, 1 right
    act_begin,    // `ref` of the act
    act_end,
    act_failed,   // also `text`
    fault,        // the model returned values that are not finite: `text`
    clip_progress,
    clip_done,    // `ref` of the clip, which is there to be taken
    clip_failed,  // also `text`
};

struct Notice {
    NoticeKind kind = NoticeKind::lost;
    std::uint32_t character = 0;
    std::uint32_t ref = 0;
    std::uint32_t foot = 0;
    std::uint32_t frames = 0;  // of a clip so far
    double ago = 0;            // s between what happened to a character and the frame that told it
    std::string of;
    std::string code;
    std::string text;
};

using Notices = Ring<Notice>;

}  // namespace motionwire
