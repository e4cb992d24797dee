// Who reads the connection: the network's thread, or the game's while it waits.
#include "MotionwireCore/turn.h"
#include "core/check.h"

using namespace motionwire;

TEST(network_reads_where_nobody_waits) {
    Turn turn;
    CHECK(!turn.game_may_read() && turn.network_may_read(10, false) && !turn.game_may_read());
}

TEST(who_waits_reads_and_the_network_comes_back) {
    Turn turn;
    turn.game_waits(10);
    CHECK(!turn.game_may_read());  // before the network's thread has let go
    CHECK(!turn.network_may_read(10.01, false) && turn.game_may_read());
    turn.game_begins();
    CHECK(turn.game_reads() && !turn.network_may_read(11, true));
    turn.game_ends();
    CHECK(!turn.game_reads() && turn.network_may_read(11, false));
}

TEST(urgent_work_takes_the_turn) {
    Turn turn;
    turn.game_waits(10);
    CHECK(turn.network_may_read(10.01, true) && !turn.game_may_read());
}

TEST(who_waited_in_vain_leaves_the_rest_to_the_network) {
    Turn turn;
    turn.game_waits(10);
    CHECK(!turn.network_may_read(10.001, false));
    CHECK(turn.game_waited_in_vain() && turn.network_may_read(10.002, false));
    CHECK(!turn.game_waited_in_vain());  // it reads: nobody has to tell it
}
