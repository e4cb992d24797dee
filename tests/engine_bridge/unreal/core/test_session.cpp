// The state machine by itself: what it says after losses, restarts, refusals and challenges. Server messages are written here by hand.
#include <string>

#include "MotionwireCore/session.h"
#include "core/check.h"

using namespace motionwire;

namespace {

// What a server says.
Bytes welcome(std::uint32_t ref, bool resumed, std::vector<std::uint32_t> characters = {}, std::uint32_t minor = protocol_minor) {
    Bytes out;
    MsgpackWriter w = request::begin(out, "welcome", 9);
    request::number(w, "proto", 1), request::number(w, "minor", minor), request::text(w, "session", "key");
    w.text("resumed"), w.boolean(resumed);
    request::number(w, "heartbeat_ms", 1000), request::number(w, "expiry_ms", 10000), request::number(w, "ref", ref);
    w.text("characters"), w.array(static_cast<std::uint32_t>(characters.size()));
    for (const std::uint32_t character : characters) w.number(character);
    w.text("skeleton"), w.map(3);
    w.text("names"), w.array(1), w.text("pelvis");
    w.text("parents"), w.array(1);
    out.push_back(0xff);  // -1
    const float offsets[3] = {0, 1, 0};
    w.text("offsets"), w.blob(offsets, sizeof offsets);
    return out;
}

Bytes answer(const char* type, const char* of, std::uint32_t ref, const char* code = "") {
    Bytes out;
    MsgpackWriter w = request::begin(out, type, 4);
    request::text(w, "of", of), request::number(w, "ref", ref), request::text(w, "code", code), request::text(w, "message", "because");
    return out;
}

struct Said {
    std::string t, session, proof;
    std::uint32_t ref = 0, character = 0;
    double x = 0, y = 0;
    std::vector<std::uint32_t> characters;
    std::vector<float> input;
};

// The messages that wait in `outgoing`, taken out.
std::vector<Said> said(Session& session) {
    std::vector<Said> all;
    Bytes bytes;
    append_greeting(bytes);
    static constexpr char ready[] = "\5READY\13Socket-Type\0\0\0\6ROUTER";
    append_frame(bytes, 4, {reinterpret_cast<const std::uint8_t*>(ready), sizeof ready - 1});
    append(bytes, session.outgoing.data(), session.outgoing.size());
    session.outgoing.clear();
    ZmtpReader reader;
    for (std::size_t used = 0;;) {
        const ZmtpReader::Event event = reader.next({bytes.data() + used, bytes.size() - used});
        used += reader.used;
        if (event == ZmtpReader::Event::more) break;
        if (event != ZmtpReader::Event::message) continue;
        all.emplace_back();
        Said& one = all.back();
        const bool read = reply::message(reader.body, [&](std::string_view key, MsgpackReader& in) {
            if (key == "t") return reply::key(reply::read_text(in, one.t));
            if (key == "session") return reply::key(reply::read_text(in, one.session));
            if (key == "ref") return reply::key(in.read(one.ref));
            if (key == "character") return reply::key(in.read(one.character));
            View proof;
            if (key == "proof" && in.read(proof)) return one.proof = std::string(proof.text()), reply::Key::taken;
            std::uint32_t four = 0;
            if (key == "transform") {
                double rest = 0;
                return reply::key(in.read_array(four) && four == 4 && in.read(one.x) && in.read(one.y) && in.read(rest) && in.read(rest));
            }
            if (key == "input") return reply::key(reply::read_floats(in, one.input));
            if (key == "characters")
                return reply::key(reply::each_item(in, [&] {
                    one.characters.push_back(0);
                    return in.read(one.characters.back());
                }));
            return reply::Key::unknown;
        });
        CHECK(read);
    }
    return all;
}

bool give(Session& session, const Bytes& message, double now = 0) {
    return session.receive(reply::type_of(view_of(message)), view_of(message), now);
}

Spawn character(std::uint32_t number) {
    Spawn spawn;
    spawn.character = number;
    return spawn;
}

std::string kinds(Session& session) {
    static constexpr const char* names[] = {"connected", "resumed", "restored", "lost", "refused",
                                            "footstep", "act_begin", "act_end", "act_failed"};
    std::string all;
    for (Notice notice; session.notices.pop(notice);) all += std::string(names[static_cast<std::size_t>(notice.kind)]) + " ";
    return all;
}

// A session with two characters that has been opened.
void open(Session& session) {
    session.spawn(character(1), 0);
    session.spawn(character(2), 0);
    session.connected(0);
    const std::vector<Said> hello = said(session);
    CHECK(hello.size() == 1 && hello[0].t == "hello" && hello[0].session.empty());
    CHECK(give(session, welcome(hello[0].ref, false)));
    const std::vector<Said> spawns = said(session);
    CHECK(spawns.size() == 2 && spawns[0].t == "spawn" && spawns[1].character == 2);
    CHECK(session.state() == State::restoring);
    for (const Said& spawn : spawns) CHECK(give(session, answer("accepted", "spawn", spawn.ref)));
    CHECK(session.state() == State::open && kinds(session) == "connected ");
}

// The connection breaks and comes back: the first message after hello is this welcome.
void break_and_welcome(Session& session, bool resumed, std::vector<std::uint32_t> characters = {}) {
    session.disconnected("gone");
    said(session);
    session.connected(1);
    CHECK(give(session, welcome(said(session)[0].ref, resumed, std::move(characters))));
}

void happen(Session& session, NoticeKind kind, std::uint32_t character, std::uint32_t ref) {
    Notice event;
    event.kind = kind, event.character = character, event.ref = ref;
    session.happened(event);
}

// A frame that shows a character at x; how many of its teleports that is after.
std::uint32_t see(Session& session, std::uint32_t number, float x, std::uint8_t acting = 0) {
    PoseFrame frame;
    frame.characters = {number};
    frame.root = {x, 0, 0};
    frame.acting = {acting};
    session.remember(frame);
    return frame.teleports[0];
}

}  // namespace

TEST(nothing_is_stepped_before_it_is_open) {
    Session session({});
    CHECK(session.step({}, 0.1, false, 0) == 0);
    open(session);
    CHECK(session.step({}, 0.1, false, 0) == 1);
}

TEST(hello_again_until_answered_with_one_ref) {
    Session session({});
    session.connected(0);
    session.tick(0.2);
    session.tick(0.4);
    const std::vector<Said> hellos = said(session);
    CHECK(hellos.size() == 2 && hellos[0].ref == hellos[1].ref);
}

TEST(resumed_session_keeps_its_characters) {
    Session session({});
    open(session);
    session.disconnected("gone");
    session.despawn(2, 1);
    session.spawn(character(3), 1);
    CHECK(session.step({}, 0.1, false, 1) == 0 && said(session).empty());
    session.connected(2);
    const std::vector<Said> hello = said(session);
    CHECK(hello.size() == 1 && hello[0].session == "key");
    CHECK(give(session, welcome(hello[0].ref, true, {1, 2})));
    const std::vector<Said> after = said(session);
    CHECK(after.size() == 2 && after[0].t == "despawn" && after[0].character == 2 && after[1].t == "spawn" && after[1].character == 3);
    CHECK(give(session, answer("accepted", "despawn", after[0].ref)) && session.state() == State::restoring);
    CHECK(give(session, answer("accepted", "spawn", after[1].ref)) && session.state() == State::open);
    CHECK(kinds(session) == "lost resumed ");
}

TEST(restarted_server_gets_them_back_where_they_were_seen) {
    Session session({});
    open(session);
    see(session, 2, 7.5f);
    session.subscribe(60, 4, 0);
    said(session);
    CHECK(give(session, answer("error", "step", 5, "no_session")));  // on the same connection
    const std::vector<Said> hello = said(session);
    CHECK(hello.size() == 1 && hello[0].t == "hello" && session.state() == State::greeting);
    CHECK(give(session, answer("error", "step", 6, "no_session")) && said(session).empty());  // of a step that was on its way
    CHECK(give(session, welcome(hello[0].ref, false)));
    const std::vector<Said> spawns = said(session);
    CHECK(spawns.size() == 2 && close_to(spawns[1].x, 7.5, 1e-6) && close_to(spawns[0].x, 0, 1e-6));
    for (const Said& spawn : spawns) CHECK(give(session, answer("accepted", "spawn", spawn.ref)));
    const std::vector<Said> then = said(session);
    CHECK(then.size() == 1 && then[0].t == "subscribe" && kinds(session) == "lost restored ");
}

TEST(a_frame_of_before_does_not_place_a_number_used_again) {
    Session session({});
    open(session);
    see(session, 2, 7.5f);
    session.despawn(2, 0);
    Spawn again = character(2);
    again.transform[0] = 3;
    session.spawn(again, 0);
    see(session, 2, 7.5f);  // it was on its way
    const std::vector<Said> asked = said(session);
    CHECK(asked.size() == 2 && asked[0].t == "despawn" && asked[1].t == "spawn" && close_to(asked[1].x, 3, 1e-6));
    const auto restarted = [&](double x) {
        session.disconnected("gone");
        session.connected(1);
        CHECK(give(session, welcome(said(session)[0].ref, false)));
        const std::vector<Said> spawns = said(session);
        CHECK(spawns.size() == 2 && spawns[1].character == 2 && close_to(spawns[1].x, x, 1e-6));
        for (const Said& spawn : spawns) CHECK(give(session, answer("accepted", "spawn", spawn.ref)));
    };
    restarted(3);
    see(session, 2, 9);
    restarted(9);
}

TEST(a_resumed_session_keeps_those_who_lived_in_it) {
    Session session({});
    open(session);
    session.spawn(character(3), 0);  // asked for, and not answered when the connection broke
    session.disconnected("gone");
    session.despawn(2, 1);
    Spawn again = character(2);
    again.transform[0] = 3;
    session.spawn(again, 1);
    session.connected(2);
    CHECK(give(session, welcome(said(session)[0].ref, true, {3, 2, 1})));
    const std::vector<Said> after = said(session);
    CHECK(after.size() == 4 && after[0].t == "despawn" && after[0].character == 3 && after[1].t == "despawn" && after[1].character == 2);
    CHECK(after[2].t == "spawn" && after[2].character == 2 && close_to(after[2].x, 3, 1e-6) && after[3].character == 3);
}

TEST(frames_tell_between_the_old_place_and_the_new_one) {
    Session session({});
    open(session);
    CHECK(session.teleport(9, {9, 0, 0, 0}, 0) == 0 && session.teleport(2, {9, 0, 0, 0}, 0) == 1 && session.teleport(2, {10, 0, 0, 0}, 0) == 2);
    const std::vector<Said> asked = said(session);
    CHECK(asked.size() == 2 && asked[1].t == "teleport" && asked[1].character == 2 && close_to(asked[1].x, 10, 1e-6));
    CHECK(see(session, 2, 7) == 0);
    CHECK(give(session, answer("accepted", "teleport", asked[0].ref)) && see(session, 2, 9) == 0);  // not the last one yet
    CHECK(give(session, answer("accepted", "teleport", asked[1].ref)) && see(session, 2, 10) == 2);
    session.teleport(2, {20, 0, 0, 0}, 0);
    CHECK(see(session, 2, 11) == 2);  // on its way; it is not where it would be spawned again
    session.disconnected("gone");
    said(session);
    session.connected(1);
    CHECK(give(session, welcome(said(session)[0].ref, false)));
    const std::vector<Said> spawns = said(session);
    CHECK(spawns.size() == 2 && close_to(spawns[1].x, 20, 1e-6));
    for (const Said& spawn : spawns) CHECK(give(session, answer("accepted", "spawn", spawn.ref)));
    CHECK(see(session, 2, 20) == 3 && see(session, 1, 0) == 0);
    session.teleport(2, {30, 0, 0, 0}, 0);
    CHECK(give(session, answer("error", "teleport", said(session)[0].ref, "bad_message")) && see(session, 2, 20) == 4);
}

TEST(a_teleport_on_its_way_as_the_connection_broke_is_told_again) {
    Session session({});
    open(session);
    session.teleport(2, {9, 0, 0, 0}, 0);
    session.disconnected("gone");
    CHECK(session.teleport(1, {8, 0, 0, 0}, 1) == 1 && said(session).empty());
    session.connected(2);
    CHECK(give(session, welcome(said(session)[0].ref, true, {1, 2})));
    const std::vector<Said> again = said(session);
    CHECK(again.size() == 2 && again[0].t == "teleport" && close_to(again[0].x, 8, 1e-6) && close_to(again[1].x, 9, 1e-6));
    CHECK(see(session, 2, 7) == 0);
    CHECK(give(session, answer("accepted", "teleport", again[1].ref)) && see(session, 2, 9) == 1);
}

TEST(an_act_that_was_lost_on_its_way_is_asked_for_again) {
    Session session({});
    open(session);
    const std::uint32_t earlier = session.act(1, {"waves"}, 0), later = session.act(1, {"bows"}, 0), heard = session.act(2, {"jumps"}, 0);
    CHECK(give(session, answer("accepted", "act", heard)));
    break_and_welcome(session, true, {1, 2});
    const std::vector<Said> again = said(session);
    CHECK(again.size() == 1 && again[0].t == "act" && again[0].character == 1 && again[0].ref == later);
    Notice notice;
    CHECK(session.notices.pop(notice) && notice.kind == NoticeKind::lost);
    CHECK(session.notices.pop(notice) && notice.kind == NoticeKind::act_failed && notice.ref == earlier && notice.character == 1);
    CHECK(kinds(session) == "resumed ");
    CHECK(give(session, answer("accepted", "act", later)));
    break_and_welcome(session, true, {1, 2});
    CHECK(said(session).empty());
}

TEST(acts_that_nobody_will_act_have_failed) {
    Session session({});
    open(session);
    const std::uint32_t refused = session.act(1, {"waves"}, 0), stopped = session.act(2, {"bows"}, 0);
    CHECK(give(session, answer("error", "act", refused, "no_generator")) && session.stop_acting(2, 0));
    break_and_welcome(session, true, {1, 2});
    CHECK(said(session).empty() && kinds(session) == "refused lost act_failed resumed ");
    session.act(1, {"waves"}, 0);
    CHECK(give(session, answer("accepted", "act", session.act(2, {"bows"}, 0))) && stopped != 0);
    session.act(2, {"jumps"}, 0);
    session.despawn(1, 0);
    break_and_welcome(session, false);
    CHECK(said(session).size() == 1 && kinds(session) == "lost act_failed act_failed ");
}

TEST(an_act_whose_end_was_not_heard_is_over_when_that_shows) {
    Session session({});
    open(session);
    const std::uint32_t heard = session.act(2, {"waves"}, 0), unheard = session.act(2, {"bows"}, 0), waits = session.act(2, {"jumps"}, 0);
    for (const std::uint32_t ref : {heard, unheard, waits}) CHECK(give(session, answer("accepted", "act", ref)));
    happen(session, NoticeKind::act_begin, 2, heard), happen(session, NoticeKind::act_end, 2, heard);
    happen(session, NoticeKind::act_begin, 2, unheard);
    see(session, 2, 0);
    CHECK(kinds(session) == "act_begin act_end act_begin ");
    break_and_welcome(session, true, {1, 2});
    see(session, 2, 0, 1);
    CHECK(kinds(session) == "lost resumed ");
    see(session, 2, 0);
    Notice notice;
    CHECK(session.notices.pop(notice) && notice.kind == NoticeKind::act_end && notice.ref == unheard && notice.character == 2);
    see(session, 2, 0);
    CHECK(kinds(session).empty());
}

TEST(who_is_spawned_again_stands_on_the_ground_that_was_found_there) {
    Session session({});
    open(session);
    session.set_ground(2, 3);
    session.set_ground(9, 4);
    CHECK(session.teleport(1, {0, 7, 0, 0}, 0) == 1);
    session.set_ground(1, 5);  // of the place before
    break_and_welcome(session, false);
    const std::vector<Said> spawns = said(session);
    CHECK(spawns.size() == 2 && close_to(spawns[0].y, 7, 1e-6) && close_to(spawns[1].y, 3, 1e-6));
}

TEST(who_is_spawned_again_goes_on_by_its_input) {
    Session session({});
    open(session);
    const std::uint32_t two[] = {2, 9};
    const float rows[] = {0.5f, 1, 2, 3, 9, 9, 9, 9};
    Input input;
    input.characters = two, input.count = 2, input.rows = rows;
    CHECK(session.set_input(input, 0));
    break_and_welcome(session, false);
    for (const Said& spawn : said(session)) CHECK(give(session, answer("accepted", "spawn", spawn.ref)));
    const std::vector<Said> then = said(session);
    CHECK(then.size() == 1 && then[0].t == "input" && then[0].characters == std::vector<std::uint32_t>{2} &&
          then[0].input == std::vector<float>({0.5f, 1, 2, 3}));
    CHECK(kinds(session) == "lost restored ");
}

TEST(who_is_not_spawned_yet_is_spawned_there) {
    Session session({});
    session.spawn(character(1), 0);
    CHECK(session.teleport(1, {9, 0, 0, 0}, 0) == 1);
    session.connected(0);
    CHECK(give(session, welcome(said(session)[0].ref, false)));
    const std::vector<Said> spawn = said(session);
    CHECK(spawn.size() == 1 && close_to(spawn[0].x, 9, 1e-6));
    CHECK(session.teleport(1, {10, 0, 0, 0}, 0) == 2 && said(session)[0].t == "teleport");
}

TEST(a_server_of_1_2_does_not_teleport) {
    Session session({});
    session.spawn(character(1), 0);
    session.connected(0);
    CHECK(give(session, welcome(said(session)[0].ref, false, {}, 2)));
    said(session);
    CHECK(session.teleport(1, {9, 0, 0, 0}, 0) == 0 && said(session).empty());
}

TEST(a_second_spawn_of_a_number_is_refused_here) {
    Session session({});
    open(session);
    see(session, 2, 7.5f);
    session.spawn(character(2), 0);
    CHECK(said(session).empty() && kinds(session) == "refused ");
    session.disconnected("gone");
    session.connected(1);
    CHECK(give(session, welcome(said(session)[0].ref, false)));
    CHECK(close_to(said(session)[1].x, 7.5, 1e-6));
}

TEST(a_hello_that_was_answered_twice_opens_one_session) {
    Session session({});
    open(session);
    said(session);
    CHECK(give(session, welcome(1, false)) && session.state() == State::open && said(session).empty());
}

TEST(refused_spawn_is_told_and_not_tried_again) {
    Session session({});
    open(session);
    session.spawn(character(9), 0);
    const std::vector<Said> spawn = said(session);
    CHECK(spawn.size() == 1 && give(session, answer("error", "spawn", spawn[0].ref, "unknown_model")));
    Notice notice;
    CHECK(session.notices.pop(notice) && notice.kind == NoticeKind::refused && notice.of == "spawn" && notice.character == 9);
    CHECK(give(session, answer("error", "act", 77, "no_generator")));
    CHECK(session.notices.pop(notice) && notice.of == "act" && notice.ref == 77 && notice.character == 0);
    session.disconnected("gone");
    session.connected(1);
    CHECK(give(session, welcome(said(session)[0].ref, false)));
    CHECK(said(session).size() == 2);
}

TEST(many_characters_come_back_some_at_a_time) {
    Session session({});
    for (std::uint32_t i = 0; i < 600; ++i) session.spawn(character(i), 0);
    session.connected(0);
    CHECK(give(session, welcome(said(session)[0].ref, false)));
    std::size_t rounds = 0;
    for (std::vector<Said> spawns = said(session); !spawns.empty(); spawns = said(session), ++rounds) {
        CHECK(spawns.size() <= Session::spawned_at_once);
        for (const Said& spawn : spawns) CHECK(give(session, answer("accepted", "spawn", spawn.ref)));
    }
    CHECK(rounds == 3 && session.state() == State::open);
}

TEST(challenge_is_answered_with_a_proof) {
    Bytes challenge, nonce(32, 7);
    MsgpackWriter w = request::begin(challenge, "challenge", 2);
    request::blob(w, "nonce", view_of(nonce)), request::number(w, "ref", 1);
    Options options;
    options.token = "secret";
    Session session(options);
    session.connected(0);
    said(session);
    CHECK(give(session, challenge));
    const Digest proof = proof_of("secret", view_of(nonce));
    const std::vector<Said> hello = said(session);
    CHECK(hello.size() == 1 && hello[0].proof == std::string(proof.begin(), proof.end()));
    CHECK(!give(session, answer("error", "hello", 1, "unauthorised")) && session.rejected() == "unauthorised: because");
    session.disconnected(session.rejected());
    CHECK(session.rejected().empty());  // of that connection alone
    Session without({});
    without.connected(0);
    CHECK(!give(without, challenge) && without.rejected() == "the server asks for a token");
}

TEST(signs_of_life_and_silence) {
    Session session({});
    open(session);
    said(session);
    session.heard(10);
    session.tick(10.1);  // nothing was sent for long
    const std::vector<Said> ping = said(session);
    CHECK(ping.size() == 1 && ping[0].t == "ping");
    session.tick(10.2);
    CHECK(said(session).empty());
    session.tick(10.7);
    CHECK(said(session).size() == 1);
    CHECK(!session.silent(11.9) && session.silent(12.1));
}

TEST(a_peer_that_does_not_read_costs_bounded_memory) {
    Session session({});
    open(session);
    std::vector<std::uint32_t> numbers(4000, 1);
    std::vector<float> rows(16000);
    Input input;
    input.characters = numbers.data(), input.count = 4000, input.rows = rows.data();
    std::uint64_t sent = 1;
    for (int i = 0; i < 200 && sent != 0; ++i) sent = session.step(input, 0.1, false, 0);
    CHECK(sent == 0 && session.outgoing.size() < Session::most_outgoing + 100'000);
}

TEST(clips_are_put_together_and_gaps_refused) {
    Session session({});
    open(session);
    const std::uint32_t number = session.generate("walks", 0, 0, 0);
    const auto chunk = [&](std::uint32_t first, std::uint32_t frames) {
        Bytes out;
        MsgpackWriter w = request::begin(out, "clip_chunk", 4);
        const std::vector<float> data(7 * std::size_t{frames}, 0.5f);
        request::number(w, "request", number), request::number(w, "first", first), request::number(w, "frames", frames);
        w.text("data"), w.blob(data.data(), data.size() * sizeof(float));
        return out;
    };
    Bytes begin, end;
    MsgpackWriter w = request::begin(begin, "clip_begin", 4);
    const float offsets[3] = {0, 1, 0};
    request::number(w, "request", number), request::number(w, "joints", 1), request::number(w, "fps", 30), w.text("offsets"), w.blob(offsets, sizeof offsets);
    MsgpackWriter e = request::begin(end, "clip_end", 2);
    request::number(e, "request", number), e.text("cancelled"), e.boolean(false);
    CHECK(give(session, begin) && give(session, chunk(0, 4)) && give(session, chunk(4, 2)));
    CHECK(!give(session, chunk(7, 1)) && !give(session, chunk(6, 2000)));
    CHECK(give(session, end));
    Clip clip;
    CHECK(session.take_clip(number, clip) && clip.frames == 6 && clip.data.size() == 42 && !session.take_clip(number, clip));
}
