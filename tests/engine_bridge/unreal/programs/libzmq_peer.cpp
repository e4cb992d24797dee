// The floor of the benchmark: the same messages, decoded by the same code, over libzmq.
// `libzmq_peer bench HOST PORT CHARACTERS BEGIN TURNS`.
#include <zmq.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "MotionwireCore/replies.h"
#include "MotionwireCore/requests.h"
#include "programs/bench_loop.h"

namespace {

using namespace motionwire;

class Peer {
public:
    explicit Peer(const std::string& endpoint) : context_(zmq_ctx_new()), socket_(zmq_socket(context_, ZMQ_DEALER)) {
        const int none = 0;
        zmq_setsockopt(socket_, ZMQ_LINGER, &none, sizeof none);
        zmq_connect(socket_, endpoint.c_str());
        zmq_msg_init(&message_);
    }
    ~Peer() {
        zmq_msg_close(&message_);
        zmq_close(socket_);
        zmq_ctx_term(context_);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    Bytes out;

    void wait_at_most(int milliseconds) { zmq_setsockopt(socket_, ZMQ_RCVTIMEO, &milliseconds, sizeof milliseconds); }

    void send() { zmq_send(socket_, out.data(), out.size(), 0); }

    // The next message of this type; others are passed over.
    bool receive(std::string_view type) {
        while (zmq_msg_recv(&message_, socket_, 0) >= 0)
            if (reply::type_of(view()) == type) return true;
        return false;
    }

    View view() { return {static_cast<const std::uint8_t*>(zmq_msg_data(&message_)), zmq_msg_size(&message_)}; }

private:
    void* context_;
    void* socket_;
    zmq_msg_t message_;
};

int bench(const std::string& endpoint, std::uint32_t characters, const Turns& turns) {
    Peer peer(endpoint);
    peer.wait_at_most(30'000);
    request::Hello hello;
    hello.client = "libzmq peer";
    request::hello(peer.out, hello);
    peer.send();
    if (!peer.receive("welcome")) return 1;
    const Crowd crowd(characters);
    for (std::uint32_t first = 0; first < characters; first += 256) {
        const std::uint32_t last = std::min(first + 256, characters);
        for (std::uint32_t i = first; i < last; ++i) {
            request::spawn(peer.out, crowd.spawn(i), i + 1);
            peer.send();
        }
        for (std::uint32_t i = first; i < last; ++i)
            if (!peer.receive("accepted")) return 1;
    }
    PoseFrame frame;
    Notices notices(4096);
    Notice notice;
    std::uint64_t seq = 0;
    peer.wait_at_most(1000);  // as the other clients: then a step is lost
    run_bench(characters, turns, false, [&](const Input& input) {  // libzmq allocates by malloc, which is not counted
        request::step(peer.out, ++seq, input, 1.0 / 60, false);
        peer.send();
        while (notices.pop(notice)) {}
        return peer.receive("pose") && reply::read(peer.view(), frame, notices) && frame.seq == seq;
    }, [&] {
        request::ping(peer.out, steady_seconds());
        peer.send();
    });
    request::bye(peer.out);
    peer.send();
    peer.receive("bye");
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 7 || std::string(arguments[1]) != "bench") {
        std::fprintf(stderr, "usage: libzmq_peer bench HOST PORT CHARACTERS BEGIN TURNS\n");
        return 2;
    }
    return bench("tcp://" + std::string(arguments[2]) + ":" + arguments[3], static_cast<std::uint32_t>(std::atoi(arguments[4])), turns_of(arguments));
}
