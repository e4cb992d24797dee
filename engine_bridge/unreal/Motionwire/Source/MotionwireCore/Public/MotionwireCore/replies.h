// The messages of the server, read and checked (SPEC.md sections 4 to 7). Unknown keys are passed over; a key of the wrong type, a
// missing one, arrays whose sizes contradict each other and numbers that are not finite make a message unreadable: false.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "MotionwireCore/bytes.h"
#include "MotionwireCore/msgpack_reader.h"
#include "MotionwireCore/pose_frame.h"
#include "MotionwireCore/version.h"
#include "MotionwireCore/welcome.h"

namespace motionwire::reply {

constexpr std::uint32_t most_clip_frames = 1800;

enum class Key { taken, broken, unknown };

inline Key key(bool read) {
    return read ? Key::taken : Key::broken;
}

// Calls take(key) for every pair of a map; it reads the value and says Key::taken, or leaves it and says Key::unknown.
template <class Take>
bool each_pair(MsgpackReader& reader, Take take) {
    std::uint32_t pairs = 0;
    if (!reader.read_map(pairs)) return false;
    while (pairs-- > 0) {
        std::string_view name;
        if (!reader.read(name)) return false;
        const Key done = take(name);
        if (done == Key::broken || (done == Key::unknown && !reader.skip())) return false;
    }
    return true;
}

// A whole message: one map and nothing behind it.
template <class Take>
bool message(View from, Take take) {
    MsgpackReader reader(from);
    return each_pair(reader, [&](std::string_view name) { return take(name, reader); }) && reader.at_end();
}

// Calls take() for each item of an array.
template <class Take>
bool each_item(MsgpackReader& reader, Take take) {
    std::uint32_t items = 0;
    if (!reader.read_array(items)) return false;
    while (items-- > 0)
        if (!take()) return false;
    return true;
}

inline bool read_text(MsgpackReader& reader, std::string& to, std::size_t most = 4096) {
    std::string_view text;
    if (!reader.read(text) || text.size() > most) return false;
    to.assign(text.data(), text.size());
    return true;
}

inline bool read_finite(MsgpackReader& reader, double& to) {
    return reader.read(to) && std::isfinite(to);
}

inline bool read_floats(MsgpackReader& reader, std::vector<float>& to) {
    View blob;
    return reader.read(blob) && load_floats(blob, to);
}

// The type of a message; empty: it has none, or is no map. Its version must be ours where it states one.
inline std::string_view type_of(View from) {
    std::string_view type;
    std::uint64_t version = protocol_version;
    const bool read = message(from, [&](std::string_view name, MsgpackReader& reader) {
        if (name == "t") return key(reader.read(type));
        if (name == "v") return key(reader.read(version));
        return Key::unknown;
    });
    return read && version == protocol_version ? type : std::string_view();
}

inline bool read(View from, Welcome& to) {
    to = Welcome();
    const auto read_model = [](MsgpackReader& reader, Model& model) {
        return each_pair(reader, [&](std::string_view name) {
            if (name == "name") return key(read_text(reader, model.name));
            if (name == "version") return key(read_text(reader, model.version));
            if (name == "licence") return key(read_text(reader, model.licence));
            if (name == "commercial_use") return key(reader.read(model.commercial_use));
            if (name == "fps") return key(read_finite(reader, model.fps));
            if (name == "acts") return key(reader.read(model.acts));
            if (name == "styles")
                return key(each_item(reader, [&] {
                    model.styles.emplace_back();
                    return model.styles.size() <= most_styles && read_text(reader, model.styles.back());
                }));
            return Key::unknown;
        });
    };
    const auto read_skeleton = [](MsgpackReader& reader, Skeleton& bones) {
        return each_pair(reader, [&](std::string_view name) {
            if (name == "names")
                return key(each_item(reader, [&] {
                    bones.names.emplace_back();
                    return bones.names.size() <= most_joints && read_text(reader, bones.names.back(), 128);
                }));
            if (name == "parents")
                return key(each_item(reader, [&] {
                    const Token token = reader.next();
                    const bool root = token.kind == Kind::negative && token.negative == -1;
                    bones.parents.push_back(root ? -1 : static_cast<std::int32_t>(token.number));
                    return bones.parents.size() <= most_joints && (root || (token.kind == Kind::number && token.number < most_joints));
                }));
            if (name == "offsets") return key(read_floats(reader, bones.offsets));
            return Key::unknown;
        });
    };
    const bool read = message(from, [&](std::string_view name, MsgpackReader& reader) {
        if (name == "proto") return key(reader.read(to.proto));
        if (name == "minor") return key(reader.read(to.minor));
        if (name == "session") return key(read_text(reader, to.session, 128));
        if (name == "resumed") return key(reader.read(to.resumed));
        if (name == "heartbeat_ms") return key(reader.read(to.heartbeat_ms));
        if (name == "expiry_ms") return key(reader.read(to.expiry_ms));
        if (name == "server") return key(read_text(reader, to.server));
        if (name == "ref") return key(reader.read(to.ref));
        if (name == "characters")
            return key(each_item(reader, [&] {
                to.characters.push_back(0);
                return to.characters.size() <= most_characters && reader.read(to.characters.back());
            }));
        if (name == "models")
            return key(each_item(reader, [&] {
                to.models.emplace_back();
                return to.models.size() <= most_models && read_model(reader, to.models.back());
            }));
        if (name == "skeleton") return key(read_skeleton(reader, to.skeleton));
        return Key::unknown;
    });
    return read && to.proto == protocol_version && !to.session.empty() && to.heartbeat_ms > 0 && to.skeleton.sound() &&
           all_finite(to.skeleton.offsets);
}

// Events are pushed into `notices`, those of kinds unknown to this version are passed over.
inline bool read(View from, PoseFrame& to, Notices& notices) {
    to.stream = false;
    to.joints = 0;
    to.characters.clear();
    View data, phase, contacts, root_delta, root, acting, desired, predicted;  // in the message; copied once, into memory that is there
    std::uint32_t count = 0;
    Notice event;
    const auto read_event = [&](MsgpackReader& reader) {
        std::string_view kind;
        event.of.clear();
        event.code.clear();
        event.text.clear();
        event.character = event.ref = event.foot = event.frames = 0;
        event.ago = 0;
        const bool read = each_pair(reader, [&](std::string_view name) {
            if (name == "kind") return key(reader.read(kind));
            if (name == "character") return key(reader.read(event.character));
            if (name == "foot") return key(reader.read(event.foot));
            if (name == "ref") return key(reader.read(event.ref));
            if (name == "ago") return key(read_finite(reader, event.ago));
            if (name == "message") return key(read_text(reader, event.text));
            return Key::unknown;
        });
        if (!read) return false;
        bool known = true;
        if (kind == "footstep") event.kind = NoticeKind::footstep;
        else if (kind == "act_begin") event.kind = NoticeKind::act_begin;
        else if (kind == "act_end") event.kind = NoticeKind::act_end;
        else if (kind == "act_failed") event.kind = NoticeKind::act_failed;
        else if (kind == "fault") event.kind = NoticeKind::fault;
        else known = false;
        if (known) notices.push(event);
        return true;
    };
    const bool read = message(from, [&](std::string_view name, MsgpackReader& reader) {
        if (name == "seq") return key(reader.read(to.seq));
        if (name == "stream") return key(reader.read(to.stream));
        if (name == "ts") return key(read_finite(reader, to.ts));
        if (name == "characters")
            return key(each_item(reader, [&] {
                to.characters.push_back(0);
                return to.characters.size() <= most_characters && reader.read(to.characters.back());
            }));
        if (name == "count") return key(reader.read(count));
        if (name == "joints") return key(reader.read(to.joints));
        if (name == "data") return key(reader.read(data));
        if (name == "phase") return key(reader.read(phase));
        if (name == "contacts") return key(reader.read(contacts));
        if (name == "root_delta") return key(reader.read(root_delta));
        if (name == "root") return key(reader.read(root));
        if (name == "acting") return key(reader.read(acting));
        if (name == "desired") return key(reader.read(desired));
        if (name == "predicted") return key(reader.read(predicted));
        if (name == "events") return key(each_item(reader, [&] { return read_event(reader); }));
        return Key::unknown;
    });
    const std::size_t n = to.characters.size();
    if (!read || count != n || to.joints == 0 || to.joints > most_joints || acting.size != n) return false;
    const auto take = [n](View blob, std::vector<float>& values, std::size_t width) {
        return blob.size == n * width * sizeof(float) && load_floats(blob, values) && all_finite(values);
    };
    const auto take_if_there = [&](View blob, std::vector<float>& values, std::size_t width) {
        return blob.size == 0 ? load_floats(blob, values) : take(blob, values, width);
    };
    to.acting.assign(acting.data, acting.data + acting.size);
    to.teleports.assign(n, 0);
    return take(data, to.data, to.width()) && take(phase, to.phase, 1) && take(contacts, to.contacts, 4) && take(root_delta, to.root_delta, 3) &&
           take(root, to.root, 3) && take_if_there(desired, to.desired, path_places * 4) && take_if_there(predicted, to.predicted, future_places * 4);
}

// Of the smaller messages, those fields that a client uses.
struct Small {
    std::uint32_t ref = 0;      // or `request`
    std::string of, code, text; // text: `message` or `reason`
    View nonce;
    double fps = 0;
    std::uint32_t joints = 0, first = 0, frames = 0;
    bool cancelled = false;
    View offsets, data;
};

inline bool read(View from, Small& to) {
    to = Small();
    return message(from, [&](std::string_view name, MsgpackReader& reader) {
        if (name == "ref" || name == "request") {
            std::uint64_t wide = 0;  // of an error it may be a step's seq
            const bool got = reader.read(wide);
            to.ref = static_cast<std::uint32_t>(wide);
            return key(got);
        }
        if (name == "of") return key(read_text(reader, to.of));
        if (name == "code") return key(read_text(reader, to.code));
        if (name == "message" || name == "reason") return key(read_text(reader, to.text));
        if (name == "nonce") return key(reader.read(to.nonce));
        if (name == "fps") return key(read_finite(reader, to.fps));
        if (name == "joints") return key(reader.read(to.joints));
        if (name == "first") return key(reader.read(to.first));
        if (name == "frames") return key(reader.read(to.frames));
        if (name == "cancelled") return key(reader.read(to.cancelled));
        if (name == "offsets") return key(reader.read(to.offsets));
        if (name == "data") return key(reader.read(to.data));
        return Key::unknown;
    });
}

// Begins a clip; its announced shape must hold.
inline bool begin(const Small& from, Clip& clip) {
    clip.request = from.ref;
    clip.fps = from.fps;
    clip.joints = from.joints;
    clip.frames = 0;
    clip.data.clear();
    return from.joints > 0 && from.joints <= most_joints && from.fps > 0 && from.fps <= 1000 && load_floats(from.offsets, clip.offsets) &&
           clip.offsets.size() == std::size_t{3} * from.joints && all_finite(clip.offsets);
}

// Adds the frames of a chunk, which must follow those that are there.
inline bool extend(const Small& from, Clip& clip) {
    const std::size_t width = 3 + std::size_t{4} * clip.joints;
    std::vector<float> frames;
    if (clip.joints == 0 || from.first != clip.frames || from.frames > most_clip_frames - clip.frames || !load_floats(from.data, frames) ||
        frames.size() != width * from.frames || !all_finite(frames))
        return false;
    clip.data.insert(clip.data.end(), frames.begin(), frames.end());
    clip.frames += from.frames;
    return true;
}

}  // namespace motionwire::reply
