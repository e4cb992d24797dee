// Golden vectors in and out as text, so that Python compares them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "MotionwireCore/axes.h"
#include "MotionwireCore/kinematics.h"
#include "MotionwireCore/replies.h"
#include "MotionwireCore/requests.h"
#include "MotionwireCore/trajectory.h"
#include "programs/drive.h"
#include "programs/json.h"

namespace vectors {

using namespace motionwire;

inline Bytes from_hex(const std::string& hex) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

inline std::string hex(View bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size; ++i) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", bytes.data[i]);
        out += two;
    }
    return out;
}

template <class T>
View raw(const std::vector<T>& values) {
    return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)};
}

template <class T>
std::string list(const std::vector<T>& values) {
    std::string out;
    for (const T& value : values) out += (out.empty() ? "" : ", ") + std::to_string(value);
    return "[" + out + "]";
}

inline std::string list(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) out += (out.empty() ? "" : ", ") + quoted(value);
    return "[" + out + "]";
}

inline std::string blob(View bytes) { return "{\"bin\": \"" + hex(bytes) + "\"}"; }

// What the typed readers find in a server's message, under the protocol's names.
inline std::string decoded(const Bytes& bytes) {
    const View view = view_of(bytes);
    const std::string type(reply::type_of(view));
    std::ostringstream out;
    out.precision(17);
    out << "{\"t\": " << quoted(type);
    const auto truth = [](bool value) { return value ? "true" : "false"; };
    if (type == "pose") {
        PoseFrame pose;
        Notices notices(64);
        if (!reply::read(view, pose, notices)) return "null";
        out << ", \"seq\": " << pose.seq << ", \"stream\": " << truth(pose.stream) << ", \"ts\": " << pose.ts << ", \"joints\": " << pose.joints
            << ", \"count\": " << pose.characters.size() << ", \"characters\": " << list(pose.characters) << ", \"data\": " << blob(raw(pose.data))
            << ", \"phase\": " << blob(raw(pose.phase)) << ", \"contacts\": " << blob(raw(pose.contacts)) << ", \"root_delta\": " << blob(raw(pose.root_delta))
            << ", \"root\": " << blob(raw(pose.root)) << ", \"acting\": " << blob(raw(pose.acting));
        if (!pose.desired.empty()) out << ", \"desired\": " << blob(raw(pose.desired)) << ", \"predicted\": " << blob(raw(pose.predicted));
        out << ", \"events\": [";
        Notice event;
        for (const char* comma = ""; notices.pop(event); comma = ", ") {
            out << comma << "{\"kind\": \"" << name_of(event.kind) << "\", \"character\": " << event.character;
            if (event.kind == NoticeKind::footstep) out << ", \"foot\": " << event.foot;
            if (event.ago > 0) out << ", \"ago\": " << event.ago;
            if (event.ref != 0) out << ", \"ref\": " << event.ref;
            if (!event.text.empty()) out << ", \"message\": " << quoted(event.text);
            out << "}";
        }
        out << "]";
    } else if (type == "welcome") {
        Welcome welcome;
        if (!reply::read(view, welcome)) return "null";
        out << ", \"proto\": " << welcome.proto << ", \"minor\": " << welcome.minor << ", \"session\": " << quoted(welcome.session)
            << ", \"resumed\": " << truth(welcome.resumed) << ", \"heartbeat_ms\": " << welcome.heartbeat_ms << ", \"expiry_ms\": " << welcome.expiry_ms
            << ", \"server\": " << quoted(welcome.server) << ", \"characters\": " << list(welcome.characters) << ", \"ref\": " << welcome.ref << ", \"models\": [";
        const char* comma = "";
        for (const Model& model : welcome.models) {
            out << comma << "{\"name\": " << quoted(model.name) << ", \"version\": " << quoted(model.version) << ", \"licence\": " << quoted(model.licence)
                << ", \"commercial_use\": " << truth(model.commercial_use) << ", \"styles\": " << list(model.styles) << ", \"fps\": " << model.fps
                << ", \"acts\": " << truth(model.acts) << "}";
            comma = ", ";
        }
        out << "], \"skeleton\": {\"names\": " << list(welcome.skeleton.names) << ", \"parents\": " << list(welcome.skeleton.parents)
            << ", \"offsets\": " << blob(raw(welcome.skeleton.offsets)) << "}";
    } else {
        reply::Small small;
        if (type.empty() || !reply::read(view, small)) return "null";
        out << ", \"ref\": " << small.ref << ", \"of\": " << quoted(small.of) << ", \"code\": " << quoted(small.code) << ", \"text\": " << quoted(small.text)
            << ", \"nonce\": " << blob(small.nonce) << ", \"fps\": " << small.fps
            << ", \"joints\": " << small.joints << ", \"first\": " << small.first << ", \"frames\": " << small.frames << ", \"cancelled\": " << truth(small.cancelled)
            << ", \"offsets\": " << blob(small.offsets) << ", \"data\": " << blob(small.data);
    }
    out << "}";
    return out.str();
}

// One line of hex in, one line of JSON out; null: refused.
inline void decode() {
    for (std::string line; std::getline(std::cin, line);) std::cout << decoded(from_hex(line)) << "\n";
}

// The client's messages with the values of golden/messages.json: a name and hex a line.
inline void encode() {
    Bytes out;
    const auto say = [&](const char* name) { std::cout << name << " " << hex(view_of(out)) << "\n"; };
    Bytes nonce;
    for (std::uint8_t i = 0; i < 32; ++i) nonce.push_back(i);
    const Digest proof = proof_of("schwertfisch \xc3\xbc", view_of(nonce));
    request::Hello hello;
    hello.client = "golden";
    hello.nonce = view_of(nonce);
    hello.proof = {proof.data(), proof.size()};
    hello.ref = 1;
    request::hello(out, hello), say("hello_proof");
    request::ping(out, 12.5), say("ping");
    request::bye(out), say("bye");
    Spawn spawn;
    spawn.character = 7, spawn.model = "free", spawn.seed = 3;
    spawn.transform[0] = 1, spawn.transform[2] = -2.5, spawn.transform[3] = 1.5;
    request::spawn(out, spawn, 4), say("spawn");
    request::of_character(out, "despawn", 7, 5), say("despawn");
    request::teleport(out, 7, {-40.5, 1.25, 300, -3}, 13), say("teleport");
    request::of_character(out, "stop", 7, 10), say("stop");
    const float nan = std::nanf("");
    const std::uint32_t two[] = {7, 2147483647};
    const float rows[] = {0, 1.4f, nan, 0, -0.5f, 0.25f, 3, 1};
    const float heights[] = {nan, nan, nan, nan, nan, nan, 0, 0.125f, 0.25f, 0.375f, 0.5f, 0.5f};
    const float path[] = {nan, nan, nan, nan, nan, nan, nan, nan, 0.5f, 1.75f, 0.625f, 1.75f};
    Input input;
    input.characters = two, input.count = 2, input.rows = rows;
    request::step(out, 70000, input, 0.02, false), say("step_two");
    input.count = 1, input.heights = heights, input.path = path;
    request::step(out, 4, input, 1.0 / 60, true), say("step_ground_and_walls");
    request::set_input(out, input), say("input_ground_and_walls");
    input.rows = input.heights = input.path = nullptr;
    request::step(out, 3, input, 1.0 / 60, false), say("step_same_input");
    request::credit(out, 1), say("credit");
    request::unsubscribe(out, 7), say("unsubscribe");
    Sentence sentence;
    sentence.text = "a person waves with the right hand", sentence.seed = 11, sentence.seconds = 4, sentence.queue = true;
    request::act(out, 7, sentence, 8), say("act");
    sentence = Sentence();
    sentence.text = "verbeugt sich h\xc3\xb6" "flich \xf0\x9f\x99\x87";
    request::act(out, 7, sentence, 9), say("act_unicode");
    request::generate(out, 12, "someone jogs in a circle", 120, 4294967295u), say("generate");
    request::cancel(out, 12), say("cancel");
}

// Lines "p x y z" and "q x y z w" in canonical axes in; the same in Unreal's out, and mapped back.
inline void axes() {
    std::cout.precision(9);
    std::string what;
    while (std::cin >> what) {
        if (what == "p") {
            Vec3 p;
            std::cin >> p.x >> p.y >> p.z;
            const Vec3 to = unreal::position(p), back = unreal::canonical_position(to);
            std::cout << to.x << " " << to.y << " " << to.z << " " << back.x << " " << back.y << " " << back.z << "\n";
        } else {
            Quat q;
            std::cin >> q.x >> q.y >> q.z >> q.w;
            const Quat to = unreal::rotation(q), back = unreal::canonical_rotation(to);
            std::cout << to.x << " " << to.y << " " << to.z << " " << to.w << " " << back.x << " " << back.y << " " << back.z << " " << back.w << "\n";
        }
    }
}

// Frames per second, a number of frames, and each one's place and turn of the pelvis in; x, z and heading of the root out.
inline void trajectory() {
    std::cout.precision(9);
    Clip clip;
    clip.joints = 1;
    std::cin >> clip.fps >> clip.frames;
    clip.data.resize(std::size_t{7} * clip.frames);
    for (float& value : clip.data) std::cin >> value;
    const std::vector<float> roots = motionwire::trajectory(clip);
    for (std::size_t at = 0; at < roots.size(); at += 3) std::cout << roots[at] << " " << roots[at + 1] << " " << roots[at + 2] << "\n";
}

// A recorded session: forward kinematics in Unreal's axes, mapped back to canonical ones; float32 [poses, joints, 3] to a file.
inline int session(const char* recorded, const char* result) {
    std::FILE* const in = std::fopen(recorded, "rb");
    std::FILE* const out = std::fopen(result, "wb");
    if (in == nullptr || out == nullptr) return 2;
    Welcome welcome;
    PoseFrame pose;
    Notices notices(64);
    std::vector<unreal::Transform> local, world;
    Bytes message;
    unsigned poses = 0, messages = 0;
    for (std::uint32_t size = 0; std::fread(&size, sizeof size, 1, in) == 1; ++messages) {
        message.resize(size);
        if (std::fread(message.data(), 1, size, in) != size) return 1;
        const std::string_view type = reply::type_of(view_of(message));
        if (type.empty()) return 1;
        if (type == "welcome" && !reply::read(view_of(message), welcome)) return 1;
        if (type != "pose") continue;
        if (!reply::read(view_of(message), pose, notices) || pose.joints != welcome.skeleton.size()) return 1;
        ++poses;
        unreal::local_transforms(welcome.skeleton, pose.pose(0), local);
        unreal::world_transforms(welcome.skeleton, local, world);
        for (const unreal::Transform& joint : world) {
            const Vec3 at = unreal::canonical_position(joint.translation);
            std::fwrite(&at, sizeof(float), 3, out);
        }
    }
    std::fclose(in);
    std::fclose(out);
    std::printf("{\"messages\": %u, \"poses\": %u, \"notices\": %zu}\n", messages, poses, notices.size());
    return 0;
}

}  // namespace vectors
