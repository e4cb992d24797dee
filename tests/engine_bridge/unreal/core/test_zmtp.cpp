// A conversation byte by byte, and peers that are none.
#include <string>

#include "MotionwireCore/zmtp.h"
#include "core/check.h"

using namespace motionwire;
using Event = ZmtpReader::Event;

static Bytes ready(const char* type) {
    const std::string text = std::string("\5READY\13Socket-Type\0\0\0", 21) + static_cast<char>(std::string(type).size()) + type;
    Bytes frame;
    append_frame(frame, 4, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    return frame;
}

static Bytes server_begins() {
    Bytes bytes;
    append_greeting(bytes);
    const Bytes said = ready("ROUTER");
    append(bytes, said.data(), said.size());
    return bytes;
}

// The reason for which a peer is turned away after these bytes; empty: it is not.
static std::string reason_of(const Bytes& bytes) {
    ZmtpReader reader;
    for (std::size_t used = 0;;) {
        const Event event = reader.next({bytes.data() + used, bytes.size() - used});
        used += reader.used;
        if (event == Event::bad) return reader.reason;
        if (event == Event::more) return {};
    }
}

static bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

TEST(byte_by_byte) {
    Bytes bytes = server_begins();
    const Bytes large(100'000, 'x'), small(3, 'y');
    append_message(bytes, view_of(small));
    append_message(bytes, view_of(large));
    static constexpr char ping[] = "\4PING\0\144context";
    append_frame(bytes, 4, {reinterpret_cast<const std::uint8_t*>(ping), sizeof ping - 1});
    static constexpr char unknown[] = "\4WHAT?";
    append_frame(bytes, 4, {reinterpret_cast<const std::uint8_t*>(unknown), sizeof unknown - 1});
    ZmtpReader reader;
    std::vector<Event> events;
    std::size_t used = 0;
    for (std::size_t there = 1; there <= bytes.size(); ++there) {
        const Event event = reader.next({bytes.data() + used, there - used});
        used += reader.used;
        if (event == Event::more) continue;
        events.push_back(event);
        if (events.size() == 3) CHECK(reader.body.text() == "yyy");
        if (events.size() == 4) CHECK(reader.body.size == large.size());
        if (event == Event::ping) {
            CHECK(reader.body.text() == "context");
            Bytes pong;
            append_pong(pong, reader.body);
            CHECK(view_of(pong).text() == "\4\14\4PONGcontext");
        }
    }
    CHECK((events == std::vector<Event>{Event::greeting, Event::ready, Event::message, Event::message, Event::ping, Event::ignored}));
    CHECK(used == bytes.size());
}

TEST(strangers_are_named) {
    const std::string http = "HTTP/1.1 400 Bad Request\r\n";
    CHECK(says(reason_of(Bytes(http.begin(), http.end())), "does not speak ZMTP"));
    Bytes curve;
    append_greeting(curve);
    curve[12] = 'C', curve[13] = 'U', curve[14] = 'R', curve[15] = 'V', curve[16] = 'E';
    CHECK(says(reason_of(curve), "CURVE"));
    Bytes old = server_begins();
    old[10] = 1;
    CHECK(says(reason_of(old), "ZMTP 1"));
    Bytes publisher;
    append_greeting(publisher);
    const Bytes said = ready("PUB");
    append(publisher, said.data(), said.size());
    CHECK(says(reason_of(publisher), "PUB"));
    CHECK(reason_of(server_begins()).empty());
}

TEST(broken_frames) {
    const auto after = [](const Bytes& more) {
        Bytes bytes = server_begins();
        append(bytes, more.data(), more.size());
        return reason_of(bytes);
    };
    CHECK(says(after({0x80, 0}), "flags"));
    CHECK(says(after({1, 1, 'x', 0, 1, 'y'}), "one part"));
    CHECK(says(after({2, 0x7f, 0, 0, 0, 0, 0, 0, 0}), "bytes"));
    CHECK(says(after({4, 1, 9}), "name"));
    CHECK(says(after({4, 5, 4, 'P', 'I', 'N', 'G'}), "PING"));
    CHECK(says(after({4, 11, 5, 'E', 'R', 'R', 'O', 'R', 4, 'o', 'h', '!', '\n'}), "oh!"));
    Bytes early;
    append_greeting(early);
    append_frame(early, 0, {early.data() + 1, 0});
    CHECK(says(reason_of(early), "before READY"));
}
