// Messages of a server that may be hostile: what is taken, what makes them unreadable, and that lists cost no more than they should.
#include <limits>
#include <string>

#include "MotionwireCore/replies.h"
#include "MotionwireCore/requests.h"
#include "core/check.h"

using namespace motionwire;

namespace {

// A welcome whose list `key` has this many items of one byte.
Bytes welcome(const char* key, std::uint32_t count, std::uint8_t item) {
    Bytes out;
    MsgpackWriter w = request::begin(out, "welcome", 4);
    request::number(w, "proto", 1), request::text(w, "session", "key");
    w.text(key), w.array(count);
    out.insert(out.end(), count, item);
    w.text("skeleton"), w.map(3);
    w.text("names"), w.array(1), w.text("pelvis");
    w.text("parents"), w.array(1);
    out.push_back(0xff);  // -1
    const float offsets[3] = {0, 1, 0};
    w.text("offsets"), w.blob(offsets, sizeof offsets);
    return out;
}

// One character of one joint with one event.
Bytes pose(double ts, double ago) {
    Bytes out;
    const float zeros[7] = {};
    const std::uint8_t acting = 0;
    MsgpackWriter w = request::begin(out, "pose", 11);
    w.text("ts"), w.real(ts);
    w.text("characters"), w.array(1), w.number(1);
    request::number(w, "count", 1), request::number(w, "joints", 1);
    w.text("data"), w.blob(zeros, 7 * sizeof(float));
    w.text("phase"), w.blob(zeros, sizeof(float));
    w.text("contacts"), w.blob(zeros, 4 * sizeof(float));
    w.text("root"), w.blob(zeros, 3 * sizeof(float));
    w.text("root_delta"), w.blob(zeros, 3 * sizeof(float));
    w.text("acting"), w.blob(&acting, 1);
    w.text("events"), w.array(1), w.map(2), w.text("kind"), w.text("fault"), w.text("ago"), w.real(ago);
    return out;
}

bool readable(const Bytes& message) {
    PoseFrame frame;
    Notices notices(4);
    return reply::read(view_of(message), frame, notices);
}

}  // namespace

TEST(lists_of_a_welcome_are_bounded) {
    Welcome to;
    for (const char* key : {"models", "characters"}) CHECK(reply::read(view_of(welcome(key, 3, *key == 'm' ? 0x80 : 0)), to));
    CHECK(to.characters.size() == 3);
    CHECK(!reply::read(view_of(welcome("models", 1'000'000, 0x80)), to) && to.models.size() <= most_models + 1);
    CHECK(!reply::read(view_of(welcome("characters", 1'000'000, 0)), to) && to.characters.size() <= most_characters + 1);
}

TEST(times_are_finite) {
    const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(readable(pose(1, 0.5)));
    CHECK(!readable(pose(inf, 0)) && !readable(pose(nan, 0)) && !readable(pose(1, nan)));
}
