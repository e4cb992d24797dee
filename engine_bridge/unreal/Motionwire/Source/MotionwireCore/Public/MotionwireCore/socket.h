// TCP without blocking, on POSIX and Winsock: the only file that knows the operating system.
#pragma once

#if defined(_WIN32)
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace motionwire {

#if defined(_WIN32)
using Handle = SOCKET;
constexpr Handle no_handle = INVALID_SOCKET;
inline int last_error() { return WSAGetLastError(); }
inline bool would_block(int error) { return error == WSAEWOULDBLOCK; }
inline bool in_progress(int error) { return error == WSAEWOULDBLOCK; }
inline void close_handle(Handle handle) { closesocket(handle); }
inline int poll_handles(WSAPOLLFD* handles, unsigned count, int timeout_ms) { return WSAPoll(handles, count, timeout_ms); }
using PollHandle = WSAPOLLFD;
inline bool set_non_blocking(Handle handle) {
    u_long on = 1;
    return ioctlsocket(handle, FIONBIO, &on) == 0;
}
inline std::string error_text(int error) {
    switch (error) {
        case WSAECONNREFUSED: return "connection refused";
        case WSAECONNRESET: return "connection reset by peer";
        case WSAEHOSTUNREACH: return "no route to host";
        default: return "Winsock error " + std::to_string(error);
    }
}
// Winsock must be started before its first use, as often as it is stopped.
struct SocketLibrary {
    SocketLibrary() {
        WSADATA data;
        WSAStartup(MAKEWORD(2, 2), &data);
    }
    ~SocketLibrary() { WSACleanup(); }
    SocketLibrary(const SocketLibrary&) = delete;
    SocketLibrary& operator=(const SocketLibrary&) = delete;
};
constexpr int send_flags = 0;
#else
using Handle = int;
constexpr Handle no_handle = -1;
inline int last_error() { return errno; }
inline bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }
inline bool in_progress(int error) { return error == EINPROGRESS || error == EINTR; }
inline void close_handle(Handle handle) { ::close(handle); }
using PollHandle = pollfd;
inline int poll_handles(pollfd* handles, unsigned count, int timeout_ms) { return ::poll(handles, count, timeout_ms); }
#if defined(__linux__)
constexpr double shortest_wait_s = 0;
inline int poll_precisely(pollfd& handle, double seconds) {
    timespec time{};
    time.tv_sec = static_cast<time_t>(seconds);
    time.tv_nsec = static_cast<long>(1e9 * (seconds - static_cast<double>(time.tv_sec)));
    return ::ppoll(&handle, 1, &time, nullptr);
}
#endif
inline bool set_non_blocking(Handle handle) {
    const int flags = fcntl(handle, F_GETFL, 0);
    return flags >= 0 && fcntl(handle, F_SETFL, flags | O_NONBLOCK) == 0 && fcntl(handle, F_SETFD, FD_CLOEXEC) == 0;
}
inline std::string error_text(int error) {
    return std::strerror(error);
}
struct SocketLibrary {
    SocketLibrary() {}  // nothing to start
};
#if defined(MSG_NOSIGNAL)
constexpr int send_flags = MSG_NOSIGNAL;
#else
constexpr int send_flags = 0;  // Apple: SO_NOSIGPIPE instead
#endif
#endif

#if !defined(__linux__)
constexpr double shortest_wait_s = 0.0005;  // the wait is counted in whole ms: the nearest
inline int poll_precisely(PollHandle& handle, double seconds) { return poll_handles(&handle, 1, static_cast<int>(1000 * seconds + 0.5)); }
#endif

// Owns one handle.
class Socket {
public:
    Socket() = default;
    explicit Socket(Handle handle) : handle_(handle) {}
    Socket(Socket&& other) noexcept : handle_(other.handle_) { other.handle_ = no_handle; }
    Socket& operator=(Socket&& other) noexcept {
        if (this != &other) {
            close();
            handle_ = other.handle_;
            other.handle_ = no_handle;
        }
        return *this;
    }
    ~Socket() { close(); }

    bool open() const { return handle_ != no_handle; }
    Handle handle() const { return handle_; }

    void close() {
        if (open()) close_handle(handle_);
        handle_ = no_handle;
    }

    // No more will be sent; the peer sees an end, and what was sent before it arrives.
    void finish_sending() {
        ::shutdown(handle_, 1);  // SHUT_WR, SD_SEND
    }

    enum class Result { some, none, ended, failed };

    // As many bytes as the system takes or has now. One thread may send while another receives.
    Result send(const std::uint8_t* from, std::size_t size, std::size_t& done) const {
        return result(::send(handle_, reinterpret_cast<const char*>(from), length(size), send_flags), done);
    }
    // After `failed`, last_error() says why.
    Result receive(std::uint8_t* to, std::size_t size, std::size_t& done) const {
        const Result got = result(::recv(handle_, reinterpret_cast<char*>(to), length(size), 0), done);
        return got == Result::some && done == 0 ? Result::ended : got;
    }

private:
#if defined(_WIN32)
    static int length(std::size_t size) { return static_cast<int>(size); }
#else
    static std::size_t length(std::size_t size) { return size; }
#endif

    template <class Count>
    static Result result(Count count, std::size_t& done) {
        done = count > 0 ? static_cast<std::size_t>(count) : 0;
        if (count >= 0) return Result::some;
        return would_block(last_error()) ? Result::none : Result::failed;
    }

    Handle handle_ = no_handle;
};

// Lets one thread wake another that waits for a socket: a UDP socket that sends to itself, which every system has.
class Waker {
public:
    Waker() : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        usable_ = socket_.open() && ::bind(socket_.handle(), generic, size) == 0 && ::getsockname(socket_.handle(), generic, &size) == 0 &&
                  ::connect(socket_.handle(), generic, size) == 0 && set_non_blocking(socket_.handle());
    }

    bool usable() const { return usable_; }
    Handle handle() const { return socket_.handle(); }

    void wake() {
        const std::uint8_t byte = 1;
        std::size_t sent = 0;
        socket_.send(&byte, 1, sent);  // a full buffer holds wake-ups enough
    }

    void clear() {
        std::uint8_t bytes[64];
        std::size_t got = 0;
        while (socket_.receive(bytes, sizeof bytes, got) == Socket::Result::some) {}
    }

private:
    SocketLibrary library_;
    Socket socket_;
    bool usable_ = false;
};

struct Readiness {
    bool woken = false;
    bool readable = false;  // or ended, or broken: reading tells
    bool writable = false;
};

// Waits until the socket can be read (or written, where `write`), the waker woke or the time is over.
inline Readiness wait_for(const Socket& socket, Waker& waker, bool write, int timeout_ms) {
    PollHandle handles[2] = {};
    handles[0].fd = waker.handle();
    handles[0].events = POLLIN;
    handles[1].fd = socket.handle();
    handles[1].events = static_cast<short>(write ? POLLIN | POLLOUT : POLLIN);
    Readiness ready;
    if (poll_handles(handles, socket.open() ? 2 : 1, timeout_ms) <= 0) return ready;
    ready.woken = handles[0].revents != 0;
    ready.readable = (handles[1].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
    ready.writable = (handles[1].revents & (POLLOUT | POLLERR | POLLHUP)) != 0;
    if (ready.woken) waker.clear();
    return ready;
}

// Waits so long, at least shortest_wait_s, until the socket can be read, or ended, or broke.
inline bool wait_readable(const Socket& socket, double seconds) {
    PollHandle handle{};
    handle.fd = socket.handle();
    handle.events = POLLIN;
    return poll_precisely(handle, seconds) > 0;
}

// Begins to connect to one of a host's addresses, the next one with each try: a name may stand for several, of which the server listens at
// one. An unopened socket: `error` says why. Looking up a name may take as long as the system's resolver does.
inline Socket start_connecting(const std::string& host, std::uint16_t port, unsigned tries, std::string& error) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    // The server binds 127.0.0.1; "localhost" may stand for ::1 first.
    const std::string place = host == "localhost" ? "127.0.0.1" : host;
    if (::getaddrinfo(place.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0 || found == nullptr) {
        error = "no such host";
        return Socket();
    }
    unsigned addresses = 0;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) ++addresses;
    const addrinfo* chosen = found;
    for (unsigned skip = tries % addresses; skip != 0; --skip) chosen = chosen->ai_next;
    Socket socket(::socket(chosen->ai_family, chosen->ai_socktype, chosen->ai_protocol));
    int on = 1;
    bool began = socket.open() && set_non_blocking(socket.handle());
    if (began) {
        ::setsockopt(socket.handle(), IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on), sizeof on);
#if defined(SO_NOSIGPIPE)
        ::setsockopt(socket.handle(), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
        began = ::connect(socket.handle(), chosen->ai_addr, static_cast<socklen_t>(chosen->ai_addrlen)) == 0 || in_progress(last_error());
    }
    if (!began) {
        error = error_text(last_error());
        socket.close();
    }
    ::freeaddrinfo(found);
    return socket;
}

// How connecting went, once the socket is writable; empty: well.
inline std::string connect_error(const Socket& socket) {
    int code = 0;
    socklen_t size = sizeof code;
    if (::getsockopt(socket.handle(), SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&code), &size) != 0) code = last_error();
    return code == 0 ? std::string() : error_text(code);
}

}  // namespace motionwire
