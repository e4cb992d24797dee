// The client: run() is the body of one background thread that the owner provides; everything else is for the game's thread, never waits
// for the network and returns at once (wait_pose: after the time that it is given).
//
//     Client client(options);
//     std::thread network([&] { client.run(); });
//     client.spawn({7});                               // now, or as soon as there is a server
//     ... each frame:  client.step(input, dt);  if (client.take_pose(frame)) ...;  while (client.take_notice(notice)) ...
//     client.stop(); network.join();
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "MotionwireCore/bytes.h"
#include "MotionwireCore/pose_frame.h"
#include "MotionwireCore/replies.h"
#include "MotionwireCore/session.h"
#include "MotionwireCore/socket.h"
#include "MotionwireCore/turn.h"
#include "MotionwireCore/zmtp.h"

namespace motionwire {

// This machine's steady clock, s.
inline double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class Client {
public:
    static constexpr std::size_t most_poses = 8;  // that wait to be taken; beyond it the oldest is dropped
    static constexpr double first_pause_s = 0.05, last_pause_s = 0.5;  // between two tries to connect
    static constexpr double rejected_pause_s = 2.0;   // after the server said that it will not have us
    static constexpr double handshake_s = 1.0;        // for TCP to connect and for the peer to say that it speaks ZMTP
    static constexpr double farewell_s = 0.05;
    static constexpr std::size_t receive_room = 65536;  // bytes asked of the system at a time
    static constexpr double longest_read_s = 0.02;  // of a waiting thread, before it looks whether the client stops

    explicit Client(Options options) : session_(std::move(options)) {}
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Keeps a connection up until stop(). It returns within moments, unless the system is looking up a host's name.
    void run() {
        double pause = first_pause_s;
        while (!stopping_) {
            const bool was_open = serve_connection();
            if (stopping_) break;
            pause = was_open ? first_pause_s : std::min(2 * pause, last_pause_s);
            sleep(rejected_ ? rejected_pause_s : pause);
        }
    }

    // Ends run(); from any thread.
    void stop() {
        stopping_ = true;
        waker_.wake();
        arrived_.notify_all();
    }

    // What there is

    State state() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return session_.state();
    }

    // Counts the welcomes that came; another number than before: the server's models or skeleton may be other ones.
    std::uint32_t welcomes() const { return welcomes_; }

    Welcome welcome() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return session_.welcome();
    }

    // Poses that nobody took in time.
    std::uint64_t dropped_poses() const { return dropped_; }

    // The oldest pose that was not taken yet; its memory is swapped with that of `frame`.
    bool take_pose(PoseFrame& frame) {
        Held held(*this);
        if (poses_.size() == 0 && may_read() && turn_.game_has_waited(steady_seconds())) read_here(held.lock, 0);
        return pop(frame);
    }

    // The same, waiting for one; from the game's thread 2,000 us at most. For one thread at a time. Systems other than Linux wait for the
    // nearest number of whole ms.
    bool wait_pose(PoseFrame& frame, std::uint32_t microseconds) {
        const double until = steady_seconds() + 1e-6 * microseconds;
        std::unique_lock<std::mutex> lock = lock_first();
        turn_.game_waits(steady_seconds());
        while (poses_.size() == 0 && !stopping_) {
            const double left = until - steady_seconds();
            if (left <= shortest_wait_s) break;
            if (may_read()) read_here(lock, left);
            else arrived_.wait_for(lock, std::chrono::duration<double>(left), [this] { return poses_.size() != 0 || stopping_ || may_read(); });
        }
        const bool got = pop(frame);
        flush();
        return got;
    }

    bool take_notice(Notice& notice) {
        const std::lock_guard<std::mutex> lock(mutex_);
        return session_.notices.pop(notice);
    }

    bool take_clip(std::uint32_t number, Clip& clip) {
        const std::lock_guard<std::mutex> lock(mutex_);
        return session_.take_clip(number, clip);
    }

    // Requests: see Session.

    void spawn(const Spawn& wanted) {
        const Held held(*this);
        session_.spawn(wanted, steady_seconds());
    }

    void despawn(std::uint32_t character) {
        const Held held(*this);
        session_.despawn(character, steady_seconds());
    }

    std::uint32_t teleport(std::uint32_t character, const double (&to)[4]) {
        const Held held(*this);
        return session_.teleport(character, to, steady_seconds());
    }

    std::uint64_t step(const Input& input, double dt, bool debug = false) {
        const Held held(*this);
        return session_.step(input, dt, debug, steady_seconds());
    }

    bool set_input(const Input& input) {
        const Held held(*this);
        return session_.set_input(input, steady_seconds());
    }

    void set_ground(std::uint32_t character, double height) {
        const Held held(*this);
        session_.set_ground(character, height);
    }

    void subscribe(double fps, std::uint32_t credit) {
        const Held held(*this);
        session_.subscribe(fps, credit, steady_seconds());
    }

    void unsubscribe() {
        const Held held(*this);
        session_.unsubscribe(steady_seconds());
    }

    std::uint32_t act(std::uint32_t character, const Sentence& sentence) {
        const Held held(*this);
        return session_.act(character, sentence, steady_seconds());
    }

    bool stop_acting(std::uint32_t character) {
        const Held held(*this);
        return session_.stop_acting(character, steady_seconds());
    }

    std::uint32_t generate(std::string_view text, std::uint32_t frames, std::uint32_t seed) {
        const Held held(*this);
        return session_.generate(text, frames, seed, steady_seconds());
    }

    void cancel(std::uint32_t number) {
        const Held held(*this);
        session_.cancel(number, steady_seconds());
    }

private:
    // Holds the lock for the game's thread, and sends at the end what was said under it, unless the system has just refused to take more.
    struct Held {
        explicit Held(Client& owner) : client(owner), lock(owner.lock_first()) {}
        ~Held() {
            if (!client.blocked_) client.flush();
        }
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;
        Client& client;
        std::unique_lock<std::mutex> lock;
    };

    // The network's thread lets the game's go first: a mutex alone would let it come back before who waits has woken up.
    std::unique_lock<std::mutex> lock_first() {
        ++waiting_;
        std::unique_lock<std::mutex> lock(mutex_);
        --waiting_;
        return lock;
    }

    std::unique_lock<std::mutex> lock_last() {
        for (int i = 0; i < 100 && waiting_ != 0; ++i) std::this_thread::yield();
        return std::unique_lock<std::mutex>(mutex_);
    }

    bool pop(PoseFrame& frame) {
        if (!poses_.pop(frame)) return false;
        if (frame.stream) session_.credit(steady_seconds());
        return true;
    }

    // Under the lock: hands the system what it takes; the network thread sees to the rest. What goes wrong shows in reading.
    void flush() {
        if (!ready_) return;
        Bytes& out = session_.outgoing;
        std::size_t sent = 0;
        while (sent < out.size()) {
            std::size_t count = 0;
            if (socket_.send(out.data() + sent, out.size() - sent, count) != Socket::Result::some) break;
            sent += count;
        }
        out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(sent));
        if (!out.empty() && !blocked_) {
            blocked_ = true;
            waker_.wake();
        } else if (out.empty()) {
            blocked_ = false;
        }
    }

    // Whether the game's thread may read: in an open session, where the network's stands back.
    bool may_read() const { return ready_ && broken_.empty() && session_.state() == State::open && turn_.game_may_read(); }

    // For the game's thread: takes what comes within this time (0: what is there). What went wrong is told by the network's thread.
    void read_here(std::unique_lock<std::mutex>& lock, double seconds) {
        std::string why;
        turn_.game_begins();
        lock.unlock();
        const bool sound = !wait_readable(socket_, std::min(seconds, longest_read_s)) || receive(why);
        lock.lock();
        turn_.game_ends();
        arrived_.notify_all();
        if (sound) return;
        broken_ = std::move(why);
        waker_.wake();
    }

    void sleep(double seconds) {
        const double until = steady_seconds() + seconds;
        const Socket none;
        while (!stopping_) {
            const double left = until - steady_seconds();
            if (left <= 0) return;
            wait_for(none, waker_, false, milliseconds(left));
        }
    }

    static int milliseconds(double seconds) { return static_cast<int>(seconds * 1000) + 1; }

    // One connection from its beginning to its end; whether a session opened on it.
    bool serve_connection() {
        std::string why;
        const std::uint32_t before = welcomes_;
        rejected_ = false;
        Socket fresh = start_connecting(session_.options().host, session_.options().port, tries_++, why);
        if (!waker_.usable()) why = "no UDP socket on loopback";
        if (why.empty()) {
            {
                const std::lock_guard<std::mutex> lock(mutex_);
                socket_ = std::move(fresh);
            }
            if (connect_and_greet(why)) converse(why);
            read_alone();
        }
        if (stopping_) say_farewell();
        const std::lock_guard<std::mutex> lock(mutex_);
        ready_ = blocked_ = false;
        broken_.clear();
        socket_.close();
        if (!session_.rejected().empty()) {
            rejected_ = true;
            why = session_.rejected();
        }
        if (!stopping_) session_.disconnected(session_.options().host + ":" + std::to_string(session_.options().port) + ": " + why);
        return welcomes_ != before;
    }

    // TCP and the ZMTP handshake.
    bool connect_and_greet(std::string& why) {
        const double until = steady_seconds() + handshake_s;
        Bytes hello;
        append_greeting(hello);
        append_ready(hello);
        reader_ = ZmtpReader();
        pongs_.clear();
        filled_ = 0;
        incoming_.reserve(2 * receive_room);  // not to grow in the middle of a game, at the first message that comes in two pieces
        bool connected = false;
        std::size_t sent = 0;
        while (!stopping_) {
            const double left = until - steady_seconds();
            if (left <= 0) {
                why = connected ? "the peer does not answer" : "no connection in time";
                return false;
            }
            const Readiness ready = wait_for(socket_, waker_, sent < hello.size(), milliseconds(left));
            if (ready.writable && !connected) {
                why = connect_error(socket_);
                if (!why.empty()) return false;
                connected = true;
            }
            if (ready.writable && sent < hello.size()) {
                std::size_t count = 0;
                if (socket_.send(hello.data() + sent, hello.size() - sent, count) == Socket::Result::failed) {
                    why = error_text(last_error());
                    return false;
                }
                sent += count;
            }
            if (ready.readable && connected && !receive(why)) return false;
            if (ready_) return true;
        }
        return false;
    }

    // Reads, answers and ticks until the connection ends.
    void converse(std::string& why) {
        const Socket none;
        while (!stopping_) {
            double pause = 0;
            bool urgent = false, write = false, watch = false;
            {
                const std::unique_lock<std::mutex> lock = lock_last();
                const double now = steady_seconds();
                if (!broken_.empty()) {
                    why = broken_;
                    return;
                }
                session_.tick(now);
                flush();
                if (session_.silent(now)) {
                    why = "the server does not answer";
                    return;
                }
                if (session_.outgoing.size() > 2 * Session::most_outgoing) {  // of pongs, say
                    why = "the peer does not read";
                    return;
                }
                write = blocked_;
                urgent = write || session_.state() != State::open;
                watch = turn_.network_watches(now, urgent);
                pause = watch ? session_.pause() : std::min(session_.pause(), Turn::look_s);
            }
            const Readiness ready = wait_for(watch ? socket_ : none, waker_, write, milliseconds(pause));
            if (ready.readable && !read_watched(urgent, why)) return;
        }
    }

    // For the network's thread: takes what came while it watched, unless the game's thread does.
    bool read_watched(bool urgent, std::string& why) {
        {
            const std::unique_lock<std::mutex> lock = lock_last();
            if (!turn_.network_begins(steady_seconds(), urgent)) return true;
        }
        const bool sound = receive(why);
        {
            const std::unique_lock<std::mutex> lock = lock_last();
            turn_.network_ends();
        }
        arrived_.notify_all();  // who waits for poses may read them now
        return sound;
    }

    // Waits until the game's thread has read what it is about to read; it begins no more.
    void read_alone() {
        std::unique_lock<std::mutex> lock = lock_last();
        arrived_.wait(lock, [this] { return !turn_.game_reads(); });
        turn_.network_alone();
    }

    // Takes what the peer sent; false: the connection is over, and `why` says so.
    bool receive(std::string& why) {
        const std::size_t room = std::max(filled_ + receive_room, reader_.wanted);
        if (incoming_.size() < room) incoming_.resize(room);
        std::size_t count = 0;
        const Socket::Result got = socket_.receive(incoming_.data() + filled_, incoming_.size() - filled_, count);
        if (got == Socket::Result::none) return true;
        if (got != Socket::Result::some) {
            why = got == Socket::Result::ended ? "the server closed the connection" : error_text(last_error());
            return false;
        }
        filled_ += count;
        const double now = steady_seconds();
        std::size_t used = 0;
        bool sound = true;
        for (;;) {
            const ZmtpReader::Event event = reader_.next({incoming_.data() + used, filled_ - used});
            used += reader_.used;
            if (event == ZmtpReader::Event::more) break;
            sound = handle(event, now, why);
            if (!sound) break;
        }
        if (ready_) {
            const std::unique_lock<std::mutex> lock = lock_last();
            session_.heard(now);
            append(session_.outgoing, pongs_.data(), pongs_.size());
            pongs_.clear();
        }
        filled_ -= used;
        if (filled_ != 0 && used != 0) std::memmove(incoming_.data(), incoming_.data() + used, filled_);
        return sound;
    }

    bool handle(ZmtpReader::Event event, double now, std::string& why) {
        switch (event) {
            case ZmtpReader::Event::bad:
                why = reader_.reason;
                return false;
            case ZmtpReader::Event::ready: {
                const std::lock_guard<std::mutex> lock(mutex_);
                session_.connected(now);
                ready_ = true;
                return true;
            }
            case ZmtpReader::Event::ping: append_pong(pongs_, reader_.body); return true;
            case ZmtpReader::Event::message: return take(reader_.body, now, why);
            default: return true;
        }
    }

    bool take(View message, double now, std::string& why) {
        const std::string_view type = reply::type_of(message);
        bool sound = !type.empty();
        if (type == "pose") {
            sound = reply::read(message, fresh_, events_);
            fresh_.received = now;
            sound = sound && deliver();
        } else if (sound) {
            const std::unique_lock<std::mutex> lock = lock_last();
            const std::uint32_t ref = session_.welcome().ref;
            sound = session_.receive(type, message, now);
            if (session_.welcome().ref != ref) ++welcomes_;
            flush();
        }
        events_.clear();  // those of a pose that turned out unreadable
        if (!sound) why = "the peer sent what is no message of this protocol";
        return sound;
    }

    // The pose in `fresh_` and its events go to the game; false: its joints are not those of the welcome.
    bool deliver() {
        {
            const std::unique_lock<std::mutex> lock = lock_last();
            if (session_.welcome().skeleton.size() != fresh_.joints) return false;
            Notice event;
            while (events_.pop(event)) session_.happened(event);
            session_.remember(fresh_);
            const bool stream = fresh_.stream;
            if (poses_.push(fresh_)) {
                ++dropped_;
                if (stream) session_.credit(steady_seconds());
            }
        }
        arrived_.notify_one();
        return true;
    }

    // Bye, and a moment for it to arrive, which closing a socket with unread data would cut short.
    void say_farewell() {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (!ready_) return;
            session_.say_bye(steady_seconds());
            flush();
            ready_ = false;
            socket_.finish_sending();
        }
        const double until = steady_seconds() + farewell_s;
        for (;;) {
            const double left = until - steady_seconds();
            std::size_t count = 0;
            if (left <= 0 || !wait_for(socket_, waker_, false, milliseconds(left)).readable) return;
            const Socket::Result got = socket_.receive(incoming_.data(), incoming_.size(), count);
            if (got == Socket::Result::ended || got == Socket::Result::failed) return;
        }
    }

    // Guards session_, poses_, ready_, blocked_, turn_, broken_ and the socket's life; never held while something is waited for.
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::atomic<int> waiting_{0};  // callers of the game who wait for the lock
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint32_t> welcomes_{0};
    std::atomic<std::uint64_t> dropped_{0};
    Waker waker_;
    Session session_;
    Ring<PoseFrame> poses_{most_poses};
    Socket socket_;
    bool ready_ = false;    // ZMTP's handshake is done
    bool blocked_ = false;  // the system took not all; the network thread waits until it can write
    Turn turn_;
    std::string broken_;  // what the game's thread met in reading

    bool rejected_ = false;  // of the network thread alone, as the next one
    unsigned tries_ = 0;     // to connect

    // Of who reads
    Bytes incoming_;
    std::size_t filled_ = 0;
    ZmtpReader reader_;
    Bytes pongs_;  // that a piece of what came asks for
    PoseFrame fresh_;
    Notices events_{4096};
};

}  // namespace motionwire
