// Whose turn it is to read a connection. A game's thread that waits for poses reads them itself, and the network's stands back: on its
// way a pose wakes one thread instead of two. Who waited in vain leaves what may still come to the network's thread, which also takes over
// when nobody has waited for a while. No lock of its own: the client's guards it.
#pragma once

#include <cstdint>

namespace motionwire {

class Turn {
public:
    static constexpr double stand_back_s = 0.1;  // after the game's last wait
    static constexpr double look_s = 0.05;       // between two looks meanwhile

    bool game_may_read() const { return holder_ == Holder::nobody; }
    bool game_reads() const { return holder_ == Holder::game; }
    void game_begins() { holder_ = Holder::game; }
    void game_ends() { holder_ = Holder::nobody; }

    void game_waits(double now) { waited_ = now; }

    // Whether the network's thread has stood back meanwhile, and must be told.
    bool game_waited_in_vain() {
        waited_ = never;
        return holder_ == Holder::nobody;
    }

    // Whether it is the network's turn from now on; `urgent`: it has more to do than to wait for poses.
    bool network_may_read(double now, bool urgent) {
        if (holder_ != Holder::game) holder_ = urgent || now - waited_ >= stand_back_s ? Holder::network : Holder::nobody;
        return holder_ == Holder::network;
    }

    // Nobody else's, where game_reads() does not hold: a connection begins or ends.
    void network_alone() { holder_ = Holder::network; }

private:
    enum class Holder : std::uint8_t { nobody, network, game };
    static constexpr double never = -1e9;

    Holder holder_ = Holder::network;
    double waited_ = never;
};

}  // namespace motionwire
