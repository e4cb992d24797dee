// ZMTP 3.1 with the NULL mechanism, one DEALER's side, as bytes: https://rfc.zeromq.org/spec/37/. No sockets here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "MotionwireCore/bytes.h"

namespace motionwire {

constexpr std::size_t zmtp_greeting_size = 64;
constexpr std::size_t zmtp_largest_frame = 16u << 20;  // a pose of 4,096 characters with debug takes 4 MiB

inline void append_greeting(Bytes& out) {
    const std::size_t start = out.size();
    out.resize(start + zmtp_greeting_size, 0);
    std::uint8_t* greeting = out.data() + start;
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[11] = 1;
    std::memcpy(greeting + 12, "NULL", 4);
}

// One frame; flags: 0 a message's only part, 4 a command.
inline void append_frame(Bytes& out, std::uint8_t flags, View body) {
    if (body.size <= 0xff) {
        out.push_back(flags);
        out.push_back(static_cast<std::uint8_t>(body.size));
    } else {
        out.push_back(static_cast<std::uint8_t>(flags | 2));
        append_big(out, static_cast<std::uint64_t>(body.size));
    }
    append(out, body.data, body.size);
}

inline void append_message(Bytes& out, View body) {
    append_frame(out, 0, body);
}

inline void append_ready(Bytes& out) {
    static constexpr char ready[] = "\5READY\13Socket-Type\0\0\0\6DEALER";
    append_frame(out, 4, {reinterpret_cast<const std::uint8_t*>(ready), sizeof ready - 1});
}

// Cuts what the peer sends into messages. After `bad`, `reason` says why, and the connection must be closed.
class ZmtpReader {
public:
    enum class Event { more, greeting, ready, message, ping, ignored, bad };

    // What stands at the front of `from`. `used` bytes of it are done with; they hold `body` (a message, or a ping's context) as long
    // as the caller keeps them. `more`: an event needs more bytes than there are, `wanted` in all.
    Event next(View from) {
        used = 0;
        body = {};
        return greeted_ ? frame(from) : greeting(from);
    }

    std::size_t used = 0;
    std::size_t wanted = 0;
    View body;
    std::string reason;

private:
    Event bad(std::string why) {
        reason = std::move(why);
        return Event::bad;
    }

    Event greeting(View from) {
        // Each byte is looked at as soon as it is there: who talks another protocol may never send 64 of them.
        if (from.size > 0 && from.data[0] != 0xff) return bad("the peer does not speak ZMTP");
        if (from.size > 9 && from.data[9] != 0x7f) return bad("the peer does not speak ZMTP");
        if (from.size > 10 && from.data[10] < 3) return bad("the peer speaks ZMTP " + std::to_string(from.data[10]) + ", not 3");
        wanted = zmtp_greeting_size;
        if (from.size < wanted) return Event::more;
        static constexpr char null[20] = "NULL";
        if (std::memcmp(from.data + 12, null, sizeof null) != 0)
            return bad("the server asks for the mechanism " + name(View{from.data + 12, 20}) + "; this client speaks NULL");
        greeted_ = true;
        used = wanted;
        return Event::greeting;
    }

    Event frame(View from) {
        wanted = 2;
        if (from.size < wanted) return Event::more;
        const std::uint8_t flags = from.data[0];
        if ((flags & ~7) != 0) return bad("a frame with unknown flags");
        if ((flags & 1) != 0) return bad("a message of more than one part");
        std::size_t head = 2;
        std::uint64_t size = from.data[1];
        if ((flags & 2) != 0) {
            head = wanted = 9;
            if (from.size < wanted) return Event::more;
            size = load_big<std::uint64_t>(from.data + 1);
        }
        if (size > zmtp_largest_frame) return bad("a frame of " + std::to_string(size) + " bytes");
        wanted = head + static_cast<std::size_t>(size);
        if (from.size < wanted) return Event::more;
        used = wanted;
        const View content{from.data + head, static_cast<std::size_t>(size)};
        if ((flags & 4) != 0) return command(content);
        if (!ready_) return bad("a message before READY");
        body = content;
        return Event::message;
    }

    Event command(View content) {
        const std::size_t length = content.size > 0 ? content.data[0] : 0;
        if (length == 0 || 1 + length > content.size) return bad("a command without a name");
        const std::string_view what = content.text().substr(1, length);
        const View rest{content.data + 1 + length, content.size - 1 - length};
        if (what == "ERROR") return bad("the peer refused the connection: " + (rest.size > 1 ? name(View{rest.data + 1, rest.size - 1}) : "no reason given"));
        if (!ready_) return what == "READY" ? read_ready(rest) : bad("a command before READY");
        if (what != "PING") return Event::ignored;
        if (rest.size < 2 || rest.size > 18) return bad("a PING of the wrong size");
        body = {rest.data + 2, rest.size - 2};  // behind the time to live
        return Event::ping;
    }

    Event read_ready(View properties) {
        std::string_view type;
        for (std::size_t at = 0; at < properties.size;) {
            const std::size_t name_size = properties.data[at++];
            if (properties.size - at < name_size + 4) return bad("a broken READY");
            const std::string_view key = properties.text().substr(at, name_size);
            at += name_size;
            const std::size_t value_size = load_big<std::uint32_t>(properties.data + at);
            at += 4;
            if (properties.size - at < value_size) return bad("a broken READY");
            if (key == "Socket-Type") type = properties.text().substr(at, value_size);
            at += value_size;
        }
        if (type != "ROUTER") return bad("the peer is no ROUTER socket but " + name({reinterpret_cast<const std::uint8_t*>(type.data()), type.size()}));
        ready_ = true;
        return Event::ready;
    }

    // What a stranger calls himself, as printable text of bounded length.
    static std::string name(View said) {
        std::string clean;
        for (std::size_t i = 0; i < said.size && i < 64 && said.data[i] != 0; ++i)
            clean += said.data[i] >= 0x20 && said.data[i] < 0x7f ? static_cast<char>(said.data[i]) : '?';
        return clean.empty() ? "nothing" : clean;
    }

    bool greeted_ = false;
    bool ready_ = false;
};

inline void append_pong(Bytes& out, View context) {
    out.push_back(4);
    out.push_back(static_cast<std::uint8_t>(5 + context.size));  // a ping's context has 16 bytes at most
    append(out, "\4PONG", 5);
    append(out, context.data, context.size);
}

}  // namespace motionwire
