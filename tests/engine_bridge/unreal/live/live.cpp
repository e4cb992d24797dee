// Against the real server at 127.0.0.1:MOTIONWIRE_PORT (MOTIONWIRE_TOKEN: the token that it asks for).
#include <cmath>
#include <cstdlib>
#include <string>
#include <thread>

#include "MotionwireCore/client.h"
#include "MotionwireCore/jitter_buffer.h"
#include "MotionwireCore/kinematics.h"
#include "core/check.h"

using namespace motionwire;

namespace {

Options options() {
    Options options;
    const char* const port = std::getenv("MOTIONWIRE_PORT");
    const char* const token = std::getenv("MOTIONWIRE_TOKEN");
    CHECK(port != nullptr);
    options.port = static_cast<std::uint16_t>(port == nullptr ? 0 : std::atoi(port));
    options.token = token == nullptr ? "" : token;
    return options;
}

struct Running {
    explicit Running(Options chosen = options()) : client(std::move(chosen)), network([this] { client.run(); }) {}
    ~Running() {
        client.stop();
        network.join();
    }
    // Waits for a notice; others are dropped.
    bool told(NoticeKind kind, Notice& notice, double seconds = 20) {
        for (const double until = steady_seconds() + seconds; steady_seconds() < until; std::this_thread::sleep_for(std::chrono::milliseconds(2)))
            while (client.take_notice(notice))
                if (notice.kind == kind) return true;
        return false;
    }
    Client client;
    std::thread network;
};

const std::uint32_t seven = 7;
const float forward[] = {0, 1.4f, std::nanf(""), 0};

Input walk() {
    Input input;
    input.characters = &seven, input.count = 1, input.rows = forward;
    return input;
}

bool step(Client& client, PoseFrame& frame, bool debug = false) {
    const std::uint64_t seq = client.step(walk(), 1.0 / 60, debug);
    for (const double until = steady_seconds() + 10; seq != 0 && steady_seconds() < until;)
        if (client.wait_pose(frame, 2000) && frame.seq == seq && !frame.stream) return true;
    return false;
}

Spawn somewhere() {
    Spawn spawn;
    spawn.character = 7;
    spawn.transform[0] = 3, spawn.transform[2] = -2;
    return spawn;
}

}  // namespace

TEST(walks_acts_and_tells_footsteps) {
    Running running;
    Notice notice;
    PoseFrame frame;
    running.client.spawn(somewhere());
    CHECK(running.told(NoticeKind::connected, notice));
    const Welcome welcome = running.client.welcome();
    CHECK(welcome.skeleton.size() == 22 && welcome.skeleton.index("left_knee") == 4 && !welcome.models.empty() && welcome.models[0].acts);
    for (int i = 0; i < 120; ++i) CHECK(step(running.client, frame, i % 2 == 0));
    CHECK(close_to(frame.root[0], 3, 0.5) && frame.root[1] > -1 && frame.predicted.empty());
    CHECK(step(running.client, frame, true) && frame.desired.size() == 48 && frame.predicted.size() == 24);
    std::vector<unreal::Transform> local, world;
    unreal::local_transforms(welcome.skeleton, frame.pose(0), local);
    unreal::world_transforms(welcome.skeleton, local, world);
    CHECK(close_to(world[0].translation.x, 100.0 * static_cast<double>(frame.root[0]), 0.1));
    for (const unreal::Transform& joint : world) CHECK(joint.translation.z > -20 && joint.translation.z < 220);
    Sentence sentence;
    sentence.text = "a person waves with the right hand";
    sentence.seconds = 1;
    const std::uint32_t ref = running.client.act(7, sentence);
    bool began = false, ended = false;
    for (int i = 0; i < 1200 && !ended; ++i) {
        CHECK(step(running.client, frame));
        while (running.client.take_notice(notice)) {
            began = began || (notice.kind == NoticeKind::act_begin && notice.ref == ref);
            ended = ended || (notice.kind == NoticeKind::act_end && notice.ref == ref);
        }
        if (!began) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    CHECK(ref != 0 && began && ended);
    bool foot[2] = {};
    for (int i = 0; i < 240; ++i) {
        CHECK(step(running.client, frame));
        while (running.client.take_notice(notice))
            if (notice.kind == NoticeKind::footstep && notice.foot < 2) foot[notice.foot] = true;
    }
    CHECK(foot[0] && foot[1]);
    CHECK(running.client.dropped_poses() == 0);
}

TEST(is_teleported_in_mid_stride) {
    Running running;
    Notice notice;
    PoseFrame frame;
    running.client.spawn(somewhere());
    CHECK(running.told(NoticeKind::connected, notice));
    for (int i = 0; i < 90; ++i) CHECK(step(running.client, frame));
    const float before = frame.root_delta[1], place[] = {-40, 300};
    CHECK(running.client.teleport(7, {-40, 2, 300, static_cast<double>(frame.root[2])}) == 1 && running.client.teleport(8, {0, 0, 0, 0}) == 0);
    CHECK(step(running.client, frame) && frame.teleports[0] == 1);
    CHECK(close_to(frame.root[0], place[0], 0.05) && close_to(frame.root[1], place[1], 0.05) && close_to(frame.root_delta[1], before, 0.01));
    CHECK(frame.data[1] > 2.7f && before > 0.01f);
}

TEST(refusals_are_told) {
    Running running;
    Notice notice;
    CHECK(running.told(NoticeKind::connected, notice));
    running.client.step(walk(), 1.0 / 60);
    CHECK(running.told(NoticeKind::refused, notice) && notice.code == "unknown_character");
    Spawn spawn = somewhere();
    spawn.model = "nobody's";
    running.client.spawn(spawn);
    CHECK(running.told(NoticeKind::refused, notice) && notice.code == "unknown_model");
}

TEST(streams_through_the_jitter_buffer) {
    Running running;
    Notice notice;
    PoseFrame frame, shown;
    running.client.spawn(somewhere());
    running.client.subscribe(60, 4);
    CHECK(running.told(NoticeKind::connected, notice));
    CHECK(running.client.set_input(walk()));
    JitterBuffer buffer(60);
    unsigned frames = 0, shows = 0;
    double travelled = 0;
    float last = -2;
    for (const double until = steady_seconds() + 2; steady_seconds() < until; std::this_thread::sleep_for(std::chrono::milliseconds(8))) {
        while (running.client.take_pose(frame)) {
            CHECK(frame.stream);
            buffer.push(frame);
            ++frames;
        }
        if (!buffer.sample(steady_seconds(), shown)) continue;
        ++shows;
        travelled += std::fabs(static_cast<double>(shown.root[1] - last));
        last = shown.root[1];
    }
    CHECK(frames > 30 && shows > 60);  // at most 4 at a time have credit, each is given back
    CHECK(travelled > 0.5 && close_to(last + 2, travelled, 0.2));  // forward, never back
    running.client.unsubscribe();
    CHECK(running.told(NoticeKind::connected, notice, 0.1) == false);
}

TEST(makes_and_cancels_clips) {
    Running running;
    Notice notice;
    CHECK(running.told(NoticeKind::connected, notice));
    const std::uint32_t number = running.client.generate("a person walks forward", 45, 3);
    CHECK(running.told(NoticeKind::clip_done, notice) && notice.ref == number);
    Clip clip;
    CHECK(running.client.take_clip(number, clip) && clip.frames == 45 && clip.joints == 22 && clip.data.size() == 45 * 91 && clip.offsets.size() == 66);
    running.client.cancel(running.client.generate("a person walks forward", 300, 3));
    const std::uint32_t too_long = running.client.generate("a person walks forward", 1800, 3);
    const bool told = running.told(NoticeKind::clip_failed, notice) || running.client.take_clip(too_long, clip);
    CHECK(told);
}

TEST(closing_is_quick_whatever_stands_open) {
    const double began = steady_seconds();
    {
        Running running;
        PoseFrame frame;
        running.client.spawn(somewhere());
        std::thread waiting([&] { running.client.wait_pose(frame, 5'000'000); });
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        running.client.stop();
        waiting.join();
    }
    CHECK(steady_seconds() - began < 2);
}

TEST(a_wrong_token_is_said) {
    Options wrong = options();
    if (wrong.token.empty()) return;  // this server asks for none
    wrong.token = "not the token";
    Running running(wrong);
    Notice notice;
    CHECK(running.told(NoticeKind::lost, notice) && notice.text.find("unauthorised") != std::string::npos);
}
