// Whose turn it is to read a connection. A game's thread that waits for poses reads them itself, also those that came later than it
// waited, and the network's stands back: on its way a pose wakes one thread instead of two. The network's thread watches the connection
// where the game has not waited for a while; the game may wait beside it, and has what comes. No lock of its own: the client's guards it.
#pragma once

#include <cstdint>

namespace motionwire {

class Turn {
public:
    static constexpr double stand_back_s = 0.1;  // after the game's last wait
    static constexpr double look_s = 0.05;       // between two looks meanwhile

    bool game_may_read() const { return reader_ == Reader::nobody; }
    bool game_reads() const { return reader_ == Reader::game; }
    void game_begins() { reader_ = Reader::game; }
    void game_ends() { reader_ = Reader::nobody; }

    void game_waits(double now) { waited_ = now; }

    // Whether the game has waited of late: then the network's thread does not read for it.
    bool game_has_waited(double now) const { return now - waited_ < stand_back_s; }

    // Whether the network's thread shall wait for the connection now; `urgent`: it has more to do than to wait for poses.
    bool network_watches(double now, bool urgent) {
        if (reader_ == Reader::network) reader_ = Reader::nobody;
        return reader_ == Reader::nobody && (urgent || !game_has_waited(now));
    }

    // Something came while the network's thread watched: whether it may read that.
    bool network_begins(double now, bool urgent) {
        if (reader_ == Reader::game || (!urgent && game_has_waited(now))) return false;
        reader_ = Reader::network;
        return true;
    }

    void network_ends() { reader_ = Reader::nobody; }

    // Nobody else's, where game_reads() does not hold: a connection begins or ends.
    void network_alone() { reader_ = Reader::network; }

private:
    enum class Reader : std::uint8_t { nobody, network, game };

    Reader reader_ = Reader::network;
    double waited_ = -1e9;  // never
};

}  // namespace motionwire
