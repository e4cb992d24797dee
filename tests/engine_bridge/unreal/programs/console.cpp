// The core as a program: `console bench HOST PORT CHARACTERS BEGIN TURNS`, `reconnect HOST PORT`, `drive HOST PORT [TOKEN]`, and the
// golden vectors: `encode`, `decode`, `axes`, `trajectory`, `session RECORDED RESULT`.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "MotionwireCore/client.h"
#include "programs/bench_loop.h"
#include "programs/drive.h"
#include "programs/vectors.h"

namespace {

using namespace motionwire;

Options options_of(char** arguments) {
    Options options;
    options.host = arguments[2];
    options.port = static_cast<std::uint16_t>(std::atoi(arguments[3]));
    options.engine = "none";
    return options;
}

// The pose of this step, waited for in pieces as short as a game may wait; false: none in time.
bool step_and_wait(Client& client, const Input& input, PoseFrame& frame, double patience_s) {
    const std::uint64_t seq = client.step(input, 1.0 / 60);
    if (seq == 0) return false;
    const double until = steady_seconds() + patience_s;
    while (steady_seconds() < until)
        if (client.wait_pose(frame, 2000) && frame.seq == seq) return true;
    return false;
}

bool wait_until_open(Client& client) {
    for (int i = 0; i < 6000 && client.state() != State::open; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return client.state() == State::open;
}

int bench(char** arguments) {
    const auto characters = static_cast<std::uint32_t>(std::atoi(arguments[4]));
    Client client(options_of(arguments));
    std::thread network([&] { client.run(); });
    const Crowd crowd(characters);
    for (std::uint32_t i = 0; i < characters; ++i) client.spawn(crowd.spawn(i));
    const bool open = wait_until_open(client);
    PoseFrame frame;
    Notice notice;
    if (open)
        run_bench(characters, turns_of(arguments), true, [&](const Input& input) {
            while (client.take_notice(notice)) {}
            return step_and_wait(client, input, frame, 1.0);
        }, [] {});
    client.stop();
    network.join();
    return open ? 0 : 1;
}

int reconnect(char** arguments) {
    Client client(options_of(arguments));
    std::thread network([&] { client.run(); });
    Crowd crowd(1);
    client.spawn(crowd.spawn(0));
    const bool open = wait_until_open(client);
    PoseFrame frame;
    Notice notice;
    double lost = 0, back = 0;
    float before[2] = {}, after[2] = {};
    for (unsigned tick = 0; open && back == 0 && tick < 7200; ++tick) {
        std::this_thread::sleep_for(std::chrono::microseconds(16'667));
        while (client.take_notice(notice))
            if (notice.kind == NoticeKind::lost && lost == 0) lost = steady_seconds();
        if (step_and_wait(client, crowd.input(tick), frame, 0.002) || frame.characters.size() == 1) {
            float* const at = lost == 0 ? before : after;
            at[0] = frame.root[0], at[1] = frame.root[1];
            if (lost != 0) back = steady_seconds();
            frame.characters.clear();
        }
    }
    client.stop();
    network.join();
    if (back == 0) return 1;
    const bool kept = std::hypot(after[0] - before[0], after[1] - before[1]) < 0.3f;
    const double unix_ms = std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch()).count();
    std::printf("{\"reconnect_ms\": %.1f, \"characters_kept\": %s, \"back_at_unix_ms\": %.1f}\n", 1000 * (back - lost), kept ? "true" : "false",
                unix_ms - 1000 * (steady_seconds() - back));
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string command = count > 1 ? arguments[1] : "";
    if (command == "bench" && count == 7) return bench(arguments);
    if (command == "reconnect" && count == 4) return reconnect(arguments);
    if (command == "session" && count == 4) return vectors::session(arguments[2], arguments[3]);
    if (command == "drive" && (count == 4 || count == 5)) {
        Options options = options_of(arguments);
        if (count == 5) options.token = arguments[4];
        drive(options);
    } else if (command == "encode") {
        vectors::encode();
    } else if (command == "decode") {
        vectors::decode();
    } else if (command == "axes") {
        vectors::axes();
    } else if (command == "trajectory") {
        vectors::trajectory();
    } else {
        std::fprintf(stderr, "usage: console bench HOST PORT CHARACTERS BEGIN TURNS | reconnect HOST PORT | drive HOST PORT [TOKEN]\n"
                             "             | encode | decode | axes | trajectory | session RECORDED RESULT\n");
        return 2;
    }
    return 0;
}
