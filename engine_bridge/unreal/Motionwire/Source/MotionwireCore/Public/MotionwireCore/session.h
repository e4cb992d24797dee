// One session with the server as a state machine (SPEC.md section 4): what is said after a connection stands, and how characters,
// their input and acts, stream and clips come back after one was lost. No sockets, no threads: messages go in by receive(), bytes for
// the peer gather in `outgoing`, what the user should know in `notices`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "MotionwireCore/bytes.h"
#include "MotionwireCore/hmac_sha256.h"
#include "MotionwireCore/pose_frame.h"
#include "MotionwireCore/replies.h"
#include "MotionwireCore/requests.h"
#include "MotionwireCore/welcome.h"
#include "MotionwireCore/zmtp.h"

namespace motionwire {

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = default_port;
    std::string token;   // UTF-8; empty: the server asks for none
    std::string client = "motionwire c++ client";
    std::string engine;  // e.g. "unreal 5.4"
};

// offline: no connection; greeting: hello was said; restoring: characters are spawned; open: steps are taken.
enum class State : std::uint8_t { offline, greeting, restoring, open };

class Session {
public:
    static constexpr double ask_again_s = 0.3;    // between two hellos
    static constexpr double slowest_ping_s = 0.5; // between two signs of life
    static constexpr double silence_s = 2.0;      // after which a connection counts as dead
    static constexpr std::size_t spawned_at_once = 256;
    static constexpr std::size_t most_outgoing = 1u << 20;  // bytes that wait for a peer who does not read

    explicit Session(Options options) : options_(std::move(options)) {
        outgoing.reserve(2 * most_outgoing);  // not to grow, and be copied, in the middle of a game
    }

    Bytes outgoing;  // framed
    Notices notices{4096};

    State state() const { return state_; }
    const Options& options() const { return options_; }
    const Welcome& welcome() const { return welcome_; }
    const std::string& rejected() const { return rejected_; }  // why the server will not have us; empty: it did not say so

    // The connection

    void connected(double now) {
        outgoing.clear();
        heard_ = sent_ = pinged_ = now;
        greet(now);
    }

    // The connection is gone, or there was none.
    void disconnected(const std::string& why) {
        end(why);
        outgoing.clear();
        rejected_.clear();  // the next server may be another one, or none
    }

    void heard(double now) { heard_ = now; }
    bool silent(double now) const { return now - heard_ > silence_s; }

    // What is due by the clock.
    void tick(double now) {
        const double every = ping_every();
        if (state_ == State::greeting && now - greeted_ >= ask_again_s) say_hello(now, {}, {});
        const bool due = now - heard_ >= every || now - sent_ >= every;
        if (state_ != State::offline && state_ != State::greeting && due && now - pinged_ >= every) {
            pinged_ = now;
            request::ping(scratch_, now);
            send(now);
        }
    }

    // How long tick() may wait, s.
    double pause() const { return state_ == State::greeting ? ask_again_s / 2 : ping_every() / 2; }

    // A message other than a pose. False: it breaks the protocol, or the server rejects us (see rejected()); the connection must go.
    bool receive(std::string_view type, View message, double now) {
        if (type == "welcome") {
            Welcome welcome;
            return reply::read(message, welcome) && take(welcome, now);
        }
        reply::Small fields;
        if (!reply::read(message, fields)) return false;
        if (type == "challenge") return answer(fields, now);
        if (type == "bye") return lost_session(fields.text, now);
        if (type == "accepted") return take_answer(fields, true, now);
        if (type == "error") return failed(fields, now);
        return take_clip(type, fields);
    }

    // A pose that came: where its characters are, should they have to be spawned again; fills its `teleports`. What comes before the answer to
    // a spawn is of one that had the number before, and what comes before that to a teleport of the place before.
    void remember(PoseFrame& frame) {
        std::size_t at = 0;
        frame.teleports.assign(frame.characters.size(), 0);
        for (std::size_t i = 0; i < frame.characters.size(); ++i, ++at) {
            if (at >= cast_.size() || cast_[at].spawn.character != frame.characters[i]) at = place(frame.characters[i]);
            if (at == cast_.size() || cast_[at].spawn.character != frame.characters[i]) continue;
            frame.teleports[i] = cast_[at].answered;
            if (cast_[at].was_away && frame.acting[i] == 0) end_unheard(cast_[at]);
            if (cast_[at].life != Life::alive || cast_[at].answered != cast_[at].teleports) continue;
            double* transform = cast_[at].spawn.transform;
            transform[0] = static_cast<double>(frame.root[3 * i]);
            transform[2] = static_cast<double>(frame.root[3 * i + 1]);
            transform[3] = static_cast<double>(frame.root[3 * i + 2]);
        }
    }

    // What a frame tells besides poses, for the user; before remember() of that frame.
    void happened(Notice& event) {
        for (std::size_t i = 0; i < acts_.size(); ++i) {
            if (acts_[i].ref != event.ref) continue;
            if (event.kind == NoticeKind::act_begin) acts_[i].begun = true;
            if (event.kind != NoticeKind::act_end && event.kind != NoticeKind::act_failed) continue;
            acts_.erase(acts_.begin() + static_cast<std::ptrdiff_t>(i));
            break;
        }
        notices.push(event);
    }

    // How high the ground is below a character, m, as its game finds by itself: should it have to be spawned again. Nothing is sent.
    void set_ground(std::uint32_t character, double height) {
        Member* const member = alive(character);
        if (member != nullptr && member->answered == member->teleports) member->spawn.transform[1] = height;
    }

    // Requests. What says "now or later" is kept until a connection stands; the rest returns 0 or false where none does.

    // Now or later. A second one of a number is refused, as the server would.
    void spawn(const Spawn& wanted, double now) {
        const std::size_t at = place(wanted.character);
        if (at < cast_.size() && cast_[at].spawn.character == wanted.character)
            return tell_refused("spawn", 0, wanted.character, "character_exists", "character " + std::to_string(wanted.character) + " is there already");
        cast_.insert(cast_.begin() + static_cast<std::ptrdiff_t>(at), Member{wanted});
        if (state_ == State::open) send_spawn(cast_[at], now);
    }

    // Now or later.
    void despawn(std::uint32_t character, double now) {
        const std::size_t at = place(character);
        if (at == cast_.size() || cast_[at].spawn.character != character) return;
        const bool there = cast_[at].life != Life::wanted;
        cast_.erase(cast_.begin() + static_cast<std::ptrdiff_t>(at));
        const auto its = [&](const Act& act) { return act.character == character; };
        acts_.erase(std::remove_if(acts_.begin(), acts_.end(), its), acts_.end());
        if (!there || (state_ != State::open && state_ != State::restoring)) return;
        request::of_character(scratch_, "despawn", character, new_ref());
        send(now);
    }

    // Now or later: a character elsewhere, as it is; to: x, y, z in m of the ground there, heading in rad. How many teleports of it that makes:
    // poses of frames with fewer show the place before. 0: there is none of this number, or the server does not know how.
    std::uint32_t teleport(std::uint32_t character, const double (&to)[4], double now) {
        const std::size_t at = place(character);
        if (at == cast_.size() || cast_[at].spawn.character != character) return 0;
        if (!welcome_.session.empty() && welcome_.minor < minor_with_teleport) return 0;
        Member& member = cast_[at];
        std::copy(std::begin(to), std::end(to), std::begin(member.spawn.transform));
        ++member.teleports;
        member.teleport_ref = 0;
        if (member.life == Life::wanted) member.answered = member.teleports;  // it is spawned there
        else if (state_ == State::open || state_ == State::restoring) send_teleport(member, now);
        return member.teleports;
    }

    // The step's seq; 0: not sent.
    std::uint64_t step(const Input& input, double dt, bool debug, double now) {
        if (!ready()) return 0;
        request::step(scratch_, ++seq_, input, dt, debug);
        send(now);
        return seq_;
    }

    // Rows are kept: who is spawned again goes on by them.
    bool set_input(const Input& input, double now) {
        if (!ready()) return false;
        std::size_t at = 0;
        for (std::size_t i = 0; input.rows != nullptr && i < input.count; ++i, ++at) {
            if (at >= cast_.size() || cast_[at].spawn.character != input.characters[i]) at = place(input.characters[i]);
            if (at == cast_.size() || cast_[at].spawn.character != input.characters[i]) continue;
            std::copy_n(input.rows + 4 * i, 4, cast_[at].row);
            cast_[at].moved = true;
        }
        request::set_input(scratch_, input);
        send(now);
        return true;
    }

    // Now or later: poses at the server's pace.
    void subscribe(double fps, std::uint32_t credit, double now) {
        stream_fps_ = fps;
        stream_credit_ = credit;
        if (state_ == State::open) send_subscribe(now);
    }

    void unsubscribe(double now) {
        stream_fps_ = 0;
        if (state_ != State::open) return;
        request::unsubscribe(scratch_, new_ref());
        send(now);
    }

    void credit(double now) {
        if (state_ != State::open || stream_fps_ <= 0) return;
        request::credit(scratch_, 1);
        send(now);
    }

    // The ref that the act's notices carry; 0: not sent. One that a broken connection may have swallowed is asked for again, or fails.
    std::uint32_t act(std::uint32_t character, const Sentence& sentence, double now) {
        if (!ready()) return 0;
        const std::uint32_t ref = new_ref();
        acts_.push_back({ref, character, sentence});
        request::act(scratch_, character, sentence, ref);
        send(now);
        return ref;
    }

    bool stop_acting(std::uint32_t character, double now) {
        if (!ready()) return false;
        for (Act& act : acts_) act.stopped = act.stopped || act.character == character;
        request::of_character(scratch_, "stop", character, new_ref());
        send(now);
        return true;
    }

    // The number of the clip; 0: not sent.
    std::uint32_t generate(std::string_view text, std::uint32_t frames, std::uint32_t seed, double now) {
        if (!ready()) return 0;
        const std::uint32_t number = new_ref();
        clips_.emplace_back();
        clips_.back().request = number;
        request::generate(scratch_, number, text, frames, seed);
        send(now);
        return number;
    }

    void cancel(std::uint32_t number, double now) {
        if (!forget_clip(number) || state_ != State::open) return;
        request::cancel(scratch_, number);
        send(now);
    }

    // A clip that a clip_done named.
    bool take_clip(std::uint32_t number, Clip& to) {
        for (std::size_t i = 0; i < done_.size(); ++i) {
            if (done_[i].request != number) continue;
            to = std::move(done_[i]);
            done_.erase(done_.begin() + static_cast<std::ptrdiff_t>(i));
            return true;
        }
        return false;
    }

    void say_bye(double now) {
        if (state_ == State::offline) return;
        request::bye(scratch_);
        send(now);
    }

private:
    // wanted: not asked for in this session; asked: not answered yet; kept: alive in a session that is being resumed.
    enum class Life : std::uint8_t { wanted, asked, alive, kept };

    struct Member {
        Spawn spawn;
        std::uint32_t ref = 0;  // of the spawn that was sent last
        Life life = Life::wanted;
        std::uint32_t teleports = 0, answered = 0;  // how many were wanted, and are known to the server
        std::uint32_t teleport_ref = 0;             // of the one that was sent last; 0: none in this session
        float row[4] = {};                          // of its input that was set last
        bool moved = false;                         // whether one was
        bool was_away = false;                      // the connection broke, and no frame without an act has come since
    };

    // One that is not over yet, as far as was heard.
    struct Act {
        std::uint32_t ref = 0, character = 0;
        Sentence sentence;
        bool answered = false;
        bool begun = false;
        bool stopped = false;  // a stop was sent after it
    };

    bool ready() const { return state_ == State::open && outgoing.size() < most_outgoing; }
    double ping_every() const { return std::min(slowest_ping_s, welcome_.heartbeat_ms / 2000.0); }
    std::uint32_t new_ref() { return ++ref_ & 0x7fffffff; }

    // Where a character is in the cast, or would be.
    std::size_t place(std::uint32_t character) const {
        const auto less = [](const Member& member, std::uint32_t number) { return member.spawn.character < number; };
        return static_cast<std::size_t>(std::lower_bound(cast_.begin(), cast_.end(), character, less) - cast_.begin());
    }

    // A character that lives in this session; null: it does not.
    Member* alive(std::uint32_t character) {
        const std::size_t at = place(character);
        return at < cast_.size() && cast_[at].spawn.character == character && cast_[at].life == Life::alive ? &cast_[at] : nullptr;
    }

    void send(double now) {
        sent_ = now;
        append_message(outgoing, view_of(scratch_));
    }

    void tell(NoticeKind kind, std::uint32_t ref, std::string code, std::string text) {
        Notice notice;
        notice.kind = kind;
        notice.ref = ref;
        notice.code = std::move(code);
        notice.text = std::move(text);
        notices.push(notice);
    }

    void tell_refused(std::string of, std::uint32_t ref, std::uint32_t character, std::string code, std::string text) {
        Notice notice;
        notice.kind = NoticeKind::refused;
        notice.of = std::move(of);
        notice.ref = ref;
        notice.character = character;
        notice.code = std::move(code);
        notice.text = std::move(text);
        notices.push(notice);
    }

    // There is no session for now. Tells it once, not at each try to get one back.
    void end(const std::string& why) {
        const bool news = state_ != State::offline || why != why_;
        state_ = State::offline;
        why_ = why;
        for (const Clip& clip : clips_) tell(NoticeKind::clip_failed, clip.request, {}, "the connection was lost");
        clips_.clear();
        if (news) tell(NoticeKind::lost, 0, {}, why);
    }

    // Hello and welcome

    void greet(double now) {
        state_ = State::greeting;
        hello_ref_ = new_ref();
        say_hello(now, {}, {});
    }

    void say_hello(double now, View nonce, View proof) {
        greeted_ = now;
        request::Hello hello;
        hello.client = options_.client;
        hello.engine = options_.engine;
        hello.session = welcome_.session;
        hello.nonce = nonce;
        hello.proof = proof;
        hello.ref = hello_ref_;
        request::hello(scratch_, hello);
        send(now);
    }

    bool answer(const reply::Small& challenge, double now) {
        if (state_ != State::greeting || challenge.ref != hello_ref_) return true;
        if (options_.token.empty()) return reject("the server asks for a token");
        const Digest proof = proof_of(options_.token, challenge.nonce);
        say_hello(now, challenge.nonce, {proof.data(), proof.size()});
        return true;
    }

    bool reject(std::string why) {
        rejected_ = std::move(why);
        return false;
    }

    bool take(Welcome& welcome, double now) {
        if (welcome.ref != hello_ref_) return true;
        if (state_ != State::greeting && welcome.session == welcome_.session) return true;  // a hello that was said again
        std::swap(welcome_, welcome);
        state_ = State::restoring;
        why_.clear();
        for (const std::uint32_t character : welcome_.characters) {
            const std::size_t at = place(character);
            if (at < cast_.size() && cast_[at].spawn.character == character && cast_[at].life == Life::alive) {
                cast_[at].life = Life::kept;
            } else {  // despawned while there was no connection, or about to be spawned as it broke: the server's may be one before
                request::of_character(scratch_, "despawn", character, new_ref());
                send(now);
            }
        }
        for (Member& member : cast_) {
            member.life = member.life == Life::kept ? Life::alive : Life::wanted;
            if (member.life == Life::wanted) member.answered = member.teleports;
            else if (member.answered != member.teleports) send_teleport(member, now);  // told as the connection broke, or while there was none
        }
        restore_acts(now);
        before_restoring_ = ref_;
        awaited_ = 0;
        restore(now);
        return true;
    }

    // The server may not have heard of those without an answer. A character's newest one may be asked for again whether it has or
    // not; what came before that would be acted twice.
    void restore_acts(double now) {
        std::vector<Act> before;
        std::swap(before, acts_);
        for (std::size_t i = 0; i < before.size(); ++i) {
            const Act& act = before[i];
            const auto of_same = [&](const Act& later) { return later.character == act.character; };
            const bool newest = std::none_of(before.begin() + static_cast<std::ptrdiff_t>(i + 1), before.end(), of_same);
            Member* const member = welcome_.resumed ? alive(act.character) : nullptr;
            if (member == nullptr || !(act.answered || (newest && !act.stopped))) {
                tell_act(NoticeKind::act_failed, act, "the connection was lost");
                continue;
            }
            if (!act.answered) {
                request::act(scratch_, act.character, act.sentence, act.ref);
                send(now);
            }
            member->was_away = true;
            acts_.push_back(act);
        }
    }

    // A character acts nothing: the ends of what it had begun were lost with the connection.
    void end_unheard(Member& member) {
        member.was_away = false;
        const auto over = [&](const Act& act) { return act.character == member.spawn.character && act.begun; };
        for (const Act& act : acts_)
            if (over(act)) tell_act(NoticeKind::act_end, act, {});
        acts_.erase(std::remove_if(acts_.begin(), acts_.end(), over), acts_.end());
    }

    void tell_act(NoticeKind kind, const Act& act, std::string text) {
        Notice notice;
        notice.kind = kind;
        notice.character = act.character;
        notice.ref = act.ref;
        notice.text = std::move(text);
        notices.push(notice);
    }

    // Spawns who is missing in the session, some at a time; then it is open.
    void restore(double now) {
        for (std::size_t i = 0; i < cast_.size() && awaited_ < spawned_at_once; ++i) {
            if (cast_[i].life != Life::wanted) continue;
            send_spawn(cast_[i], now);
            ++awaited_;
        }
        if (awaited_ != 0) return;
        state_ = State::open;
        send_rows(now);
        if (stream_fps_ > 0) send_subscribe(now);
        tell(!opened_ ? NoticeKind::connected : welcome_.resumed ? NoticeKind::resumed : NoticeKind::restored, 0, {}, welcome_.server);
        opened_ = true;
    }

    void send_spawn(Member& member, double now) {
        member.ref = new_ref();
        member.life = Life::asked;
        request::spawn(scratch_, member.spawn, member.ref);
        send(now);
    }

    void send_teleport(Member& member, double now) {
        member.teleport_ref = new_ref();
        request::teleport(scratch_, member.spawn.character, member.spawn.transform, member.teleport_ref);
        send(now);
    }

    void send_rows(double now) {
        std::vector<std::uint32_t> characters;
        std::vector<float> rows;
        for (const Member& member : cast_) {
            if (!member.moved) continue;
            characters.push_back(member.spawn.character);
            rows.insert(rows.end(), std::begin(member.row), std::end(member.row));
        }
        if (characters.empty()) return;
        Input input;
        input.characters = characters.data();
        input.count = static_cast<std::uint32_t>(characters.size());
        input.rows = rows.data();
        request::set_input(scratch_, input);
        send(now);
    }

    void send_subscribe(double now) {
        request::subscribe(scratch_, stream_fps_, stream_credit_, new_ref());
        send(now);
    }

    // Answers

    // Whose spawn this ref is of, while it is not answered.
    Member* asked_by(std::uint32_t ref) {
        for (Member& member : cast_)
            if (member.ref == ref && member.life == Life::asked) return &member;
        return nullptr;
    }

    void teleported(std::uint32_t ref) {
        for (Member& member : cast_)
            if (member.teleport_ref == ref) member.answered = member.teleports;
    }

    void act_answered(std::uint32_t ref, bool accepted) {
        for (std::size_t i = 0; i < acts_.size(); ++i) {
            if (acts_[i].ref != ref) continue;
            acts_[i].answered = true;
            if (!accepted) acts_.erase(acts_.begin() + static_cast<std::ptrdiff_t>(i));
            return;
        }
    }

    bool take_answer(const reply::Small& fields, bool accepted, double now) {
        if (fields.of == "teleport" && fields.ref != 0) teleported(fields.ref);
        if (fields.of == "act") act_answered(fields.ref, accepted);
        if (fields.of != "spawn") return true;
        if (Member* const member = asked_by(fields.ref)) {
            if (accepted || fields.code == "character_exists") member->life = Life::alive;
            else cast_.erase(cast_.begin() + (member - cast_.data()));  // or it would be refused again after every loss
        }
        if (state_ == State::restoring && fields.ref > before_restoring_ && awaited_ > 0 && --awaited_ == 0) restore(now);
        return true;
    }

    bool failed(const reply::Small& fields, double now) {
        if (fields.code == "no_session") return lost_session(fields.text, now);
        if (fields.of == "hello") return reject(fields.code + ": " + fields.text);
        if (fields.of == "generate" && forget_clip(fields.ref)) {
            tell(NoticeKind::clip_failed, fields.ref, fields.code, fields.text);
            return true;
        }
        const Member* const member = fields.of == "spawn" ? asked_by(fields.ref) : nullptr;
        tell_refused(fields.of, fields.ref, member != nullptr ? member->spawn.character : 0, fields.code, fields.text);
        return take_answer(fields, false, now);
    }

    // The server does not know us any more, on a connection that stands.
    bool lost_session(const std::string& why, double now) {
        if (state_ == State::greeting) return true;  // hello is on its way
        end("the server ended the session: " + why);
        greet(now);
        return true;
    }

    // Clips

    Clip* clip(std::uint32_t number) {
        for (Clip& clip : clips_)
            if (clip.request == number) return &clip;
        return nullptr;
    }

    bool forget_clip(std::uint32_t number) {
        for (std::size_t i = 0; i < clips_.size(); ++i) {
            if (clips_[i].request != number) continue;
            clips_.erase(clips_.begin() + static_cast<std::ptrdiff_t>(i));
            return true;
        }
        return false;
    }

    bool take_clip(std::string_view type, const reply::Small& fields) {
        Clip* const found = clip(fields.ref);
        if (found == nullptr) return true;  // cancelled, or a type that is newer than this client
        if (type == "progress" || type == "clip_chunk") {
            if (type == "clip_chunk" && !reply::extend(fields, *found)) return false;
            Notice notice;
            notice.kind = NoticeKind::clip_progress;
            notice.ref = fields.ref;
            notice.frames = type == "progress" ? fields.frames : found->frames;
            notices.push(notice);
        } else if (type == "clip_begin") {
            return reply::begin(fields, *found);
        } else if (type == "clip_end") {
            const bool whole = found->frames != 0 && !fields.cancelled;
            if (whole) done_.push_back(std::move(*found));
            forget_clip(fields.ref);
            tell(whole ? NoticeKind::clip_done : NoticeKind::clip_failed, fields.ref, {}, whole ? "" : "the server cancelled it");
        }
        return true;
    }

    Options options_;
    State state_ = State::offline;
    Welcome welcome_;
    std::string rejected_;
    std::string why_;  // what the last notice of a loss said
    std::vector<Member> cast_;  // by number
    std::vector<Act> acts_;     // in the order in which they were asked for
    std::vector<Clip> clips_;   // under way
    std::vector<Clip> done_;    // to be taken
    double stream_fps_ = 0;  // 0: no stream
    std::uint32_t stream_credit_ = 0;
    bool opened_ = false;                 // at some time
    std::uint32_t before_restoring_ = 0;  // the last ref before its spawns
    std::size_t awaited_ = 0;             // its spawns without an answer
    std::uint32_t ref_ = 0;
    std::uint32_t hello_ref_ = 0;
    std::uint64_t seq_ = 0;
    double heard_ = 0, sent_ = 0, pinged_ = 0, greeted_ = 0;
    Bytes scratch_;  // the message that is being written
};

}  // namespace motionwire
