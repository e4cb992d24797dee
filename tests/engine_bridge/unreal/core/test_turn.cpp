// Who reads the connection: the network's thread, or the game's while it waits.
#include "MotionwireCore/turn.h"
#include "core/check.h"

using namespace motionwire;

namespace {

// After a handshake, with the network's thread about to look at the connection.
Turn opened() {
    Turn turn;
    CHECK(!turn.game_may_read() && turn.network_watches(0, true));
    return turn;
}

}  // namespace

TEST(network_reads_where_nobody_waits) {
    Turn turn = opened();
    CHECK(turn.network_watches(10, false) && turn.network_begins(10, false));
    CHECK(!turn.game_may_read());  // two would read at once
    turn.network_ends();
    CHECK(turn.game_may_read());
}

TEST(who_waits_has_what_comes_while_the_network_watches) {
    Turn turn = opened();
    CHECK(turn.network_watches(10, false));
    turn.game_waits(10.001);
    CHECK(turn.game_may_read());
    turn.game_begins();
    CHECK(turn.game_reads() && !turn.network_begins(10.002, true));
    turn.game_ends();
    CHECK(!turn.network_begins(10.003, false) && !turn.network_watches(10.003, false));  // its next pose, too
    CHECK(turn.network_watches(10.2, false) && turn.network_begins(10.2, false));        // but not for ever
}

TEST(the_network_leaves_a_connection_alone_that_is_read) {
    Turn turn = opened();
    turn.game_waits(10);
    turn.game_begins();
    CHECK(!turn.network_watches(11, true));
    turn.game_ends();
    CHECK(turn.network_watches(11, false));
}

TEST(urgent_work_takes_the_turn) {
    Turn turn = opened();
    turn.game_waits(10);
    CHECK(turn.network_watches(10.01, true) && turn.network_begins(10.01, true) && !turn.game_may_read());
}

TEST(who_has_waited_reads_what_comes_later) {
    Turn turn = opened();
    turn.game_waits(10);
    CHECK(turn.game_has_waited(10.05) && turn.game_may_read() && !turn.network_watches(10.05, false));
    CHECK(!turn.game_has_waited(10.2) && turn.network_watches(10.2, false));  // it waits no more
}

TEST(a_connection_that_ends_is_nobody_elses) {
    Turn turn = opened();
    turn.network_alone();
    turn.game_waits(10);
    CHECK(!turn.game_may_read());
}
