// The messages of a client as MessagePack (SPEC.md sections 4 to 7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "MotionwireCore/bytes.h"
#include "MotionwireCore/msgpack_writer.h"
#include "MotionwireCore/version.h"

namespace motionwire {

// Characters side by side; rows in canonical axes. Empty: what was told before holds.
struct Input {
    const std::uint32_t* characters = nullptr;
    std::uint32_t count = 0;
    const float* rows = nullptr;     // [count, 4]: velocity x, z in m/s, facing in rad (NaN: where it moves), style
    const float* heights = nullptr;  // [count, 12]
    const float* path = nullptr;     // [count, 6, 2]
};

struct Spawn {
    std::uint32_t character = 0;
    std::string model;
    double transform[4] = {0, 0, 0, 0};  // x, y, z in m of the ground below it, heading in rad
    std::uint32_t seed = 0;
};

struct Sentence {
    std::string text;
    std::uint32_t seed = 0;
    double seconds = 0;  // 0: the model decides
    bool queue = false;
};

namespace request {

// Starts a message of type `t` with this many keys besides `t` and `v`.
inline MsgpackWriter begin(Bytes& out, std::string_view t, std::uint32_t keys) {
    out.clear();
    MsgpackWriter writer(out);
    writer.map(keys + 2);
    writer.text("t");
    writer.text(t);
    writer.text("v");
    writer.number(protocol_version);
    return writer;
}

inline void number(MsgpackWriter& writer, std::string_view key, std::uint64_t value) {
    writer.text(key);
    writer.number(value);
}

inline void text(MsgpackWriter& writer, std::string_view key, std::string_view value) {
    writer.text(key);
    writer.text(value);
}

inline void blob(MsgpackWriter& writer, std::string_view key, View value) {
    writer.text(key);
    writer.blob(value.data, value.size);
}

inline void transform(MsgpackWriter& writer, const double (&values)[4]) {
    writer.text("transform");
    writer.array(4);
    for (const double value : values) writer.real(value);
}

inline void input(MsgpackWriter& writer, const Input& input) {
    writer.text("characters");
    writer.array(input.count);
    for (std::uint32_t i = 0; i < input.count; ++i) writer.number(input.characters[i]);
    const auto floats = [&](std::string_view key, const float* values, std::size_t width) {
        writer.text(key);
        writer.blob(values, values == nullptr ? 0 : input.count * width * sizeof(float));
    };
    floats("input", input.rows, 4);
    floats("heights", input.heights, 12);
    floats("path", input.path, 12);
}

struct Hello {
    std::string_view client, engine, session;
    View nonce, proof;
    std::uint32_t ref = 0;
};

inline void hello(Bytes& out, const Hello& fields) {
    MsgpackWriter writer = begin(out, "hello", 8);
    number(writer, "proto", protocol_version);
    number(writer, "minor", protocol_minor);
    text(writer, "client", fields.client);
    text(writer, "engine", fields.engine);
    text(writer, "session", fields.session);
    blob(writer, "nonce", fields.nonce);
    blob(writer, "proof", fields.proof);
    number(writer, "ref", fields.ref);
}

inline void ping(Bytes& out, double time) {
    MsgpackWriter writer = begin(out, "ping", 1);
    writer.text("time");
    writer.real(time);
}

inline void bye(Bytes& out) {
    begin(out, "bye", 0);
}

inline void spawn(Bytes& out, const Spawn& fields, std::uint32_t ref) {
    MsgpackWriter writer = begin(out, "spawn", 5);
    number(writer, "character", fields.character);
    text(writer, "model", fields.model);
    transform(writer, fields.transform);
    number(writer, "seed", fields.seed);
    number(writer, "ref", ref);
}

inline void teleport(Bytes& out, std::uint32_t character, const double (&to)[4], std::uint32_t ref) {
    MsgpackWriter writer = begin(out, "teleport", 3);
    number(writer, "character", character);
    transform(writer, to);
    number(writer, "ref", ref);
}

// Of a character: `despawn`, `stop`.
inline void of_character(Bytes& out, std::string_view t, std::uint32_t character, std::uint32_t ref) {
    MsgpackWriter writer = begin(out, t, 2);
    number(writer, "character", character);
    number(writer, "ref", ref);
}

inline void step(Bytes& out, std::uint64_t seq, const Input& fields, double dt, bool debug) {
    MsgpackWriter writer = begin(out, "step", 7);
    number(writer, "seq", seq);
    input(writer, fields);
    writer.text("dt");
    writer.real(dt);
    writer.text("debug");
    writer.boolean(debug);
}

inline void set_input(Bytes& out, const Input& fields) {
    MsgpackWriter writer = begin(out, "input", 4);
    input(writer, fields);
}

inline void subscribe(Bytes& out, double fps, std::uint32_t credit, std::uint32_t ref) {
    MsgpackWriter writer = begin(out, "subscribe", 3);
    writer.text("fps");
    writer.real(fps);
    number(writer, "credit", credit);
    number(writer, "ref", ref);
}

inline void unsubscribe(Bytes& out, std::uint32_t ref) {
    MsgpackWriter writer = begin(out, "unsubscribe", 1);
    number(writer, "ref", ref);
}

inline void credit(Bytes& out, std::uint32_t n) {
    MsgpackWriter writer = begin(out, "credit", 1);
    number(writer, "n", n);
}

inline void act(Bytes& out, std::uint32_t character, const Sentence& sentence, std::uint32_t ref) {
    MsgpackWriter writer = begin(out, "act", 6);
    number(writer, "character", character);
    text(writer, "text", sentence.text);
    number(writer, "seed", sentence.seed);
    writer.text("seconds");
    writer.real(sentence.seconds);
    writer.text("queue");
    writer.boolean(sentence.queue);
    number(writer, "ref", ref);
}

inline void generate(Bytes& out, std::uint32_t request, std::string_view sentence, std::uint32_t frames, std::uint32_t seed) {
    MsgpackWriter writer = begin(out, "generate", 4);
    number(writer, "request", request);
    text(writer, "text", sentence);
    number(writer, "frames", frames);
    number(writer, "seed", seed);
}

inline void cancel(Bytes& out, std::uint32_t request) {
    MsgpackWriter writer = begin(out, "cancel", 1);
    number(writer, "request", request);
}

}  // namespace request
}  // namespace motionwire
