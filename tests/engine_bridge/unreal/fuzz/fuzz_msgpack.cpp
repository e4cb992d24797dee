// Any bytes as a message of the server: every typed reader, and a session that is given them at each of its states.
#include <cstddef>
#include <cstdint>

#include "MotionwireCore/kinematics.h"
#include "MotionwireCore/replies.h"
#include "MotionwireCore/session.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace motionwire;
    const View view{data, size};
    MsgpackReader reader(view);
    while (reader.skip()) {}
    Welcome welcome;
    if (reply::read(view, welcome) && !welcome.skeleton.sound()) __builtin_trap();
    PoseFrame pose;
    Notices notices(16);
    if (reply::read(view, pose, notices)) {
        if (pose.data.size() != pose.characters.size() * pose.width()) __builtin_trap();
        Skeleton chain;
        for (std::uint32_t j = 0; j < pose.joints; ++j) {
            chain.names.emplace_back();
            chain.parents.push_back(static_cast<std::int32_t>(j) - 1);
        }
        chain.offsets.resize(3 * std::size_t{pose.joints}, 0.1f);
        std::vector<unreal::Transform> local, world;
        for (std::size_t i = 0; i < pose.characters.size() && i < 4; ++i) {
            unreal::local_transforms(chain, pose.pose(i), local);
            unreal::world_transforms(chain, local, world);
        }
    }
    Options options;
    options.token = "a token";
    Session session(options);
    Spawn spawn;
    spawn.character = 7;
    session.spawn(spawn, 0);
    session.connected(0);
    const std::string_view type = reply::type_of(view);
    for (int i = 0; i < 3; ++i) {
        if (!type.empty() && type != "pose") session.receive(type, view, i);
        session.generate("a sentence", 0, 0, i);
        session.tick(i);
    }
    if (pose.root.size() == 3 * pose.characters.size()) session.remember(pose);
    return 0;
}
