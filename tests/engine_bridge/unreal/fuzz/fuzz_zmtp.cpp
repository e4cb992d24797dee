// Any bytes as what a peer sends over TCP, arriving in pieces of any size: the same events must come as in one piece.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "MotionwireCore/zmtp.h"

namespace {

using namespace motionwire;

// The events of a whole conversation; each step sees `piece` bytes more.
std::vector<int> events(const Bytes& from, std::size_t piece) {
    ZmtpReader reader;
    std::vector<int> found;
    std::size_t used = 0;
    for (std::size_t there = 0; there < from.size();) {
        there += piece < from.size() - there ? piece : from.size() - there;
        for (;;) {
            const ZmtpReader::Event event = reader.next({from.data() + used, there - used});
            if (reader.used > there - used) __builtin_trap();
            used += reader.used;
            if (event == ZmtpReader::Event::more) break;
            found.push_back(static_cast<int>(event));
            found.push_back(static_cast<int>(reader.body.size));
            for (std::size_t i = 0; i < reader.body.size; ++i) found.back() += reader.body.data[i];
            if (event == ZmtpReader::Event::bad) return found;
        }
    }
    return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    Bytes conversation;
    if ((data[0] & 1) != 0) append_greeting(conversation);  // half of the time the greeting is right
    if ((data[0] & 2) != 0) {
        static constexpr char ready[] = "\5READY\13Socket-Type\0\0\0\6ROUTER";
        append_frame(conversation, 4, {reinterpret_cast<const std::uint8_t*>(ready), sizeof ready - 1});
    }
    append(conversation, data + 1, size - 1);
    if (events(conversation, conversation.size()) != events(conversation, 1 + data[0] / 16)) __builtin_trap();
    return 0;
}
