// What the server offers: its models and its skeleton (SPEC.md section 4, `welcome`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motionwire {

constexpr std::size_t most_joints = 256;
constexpr std::size_t most_models = 256, most_styles = 256;  // of one model
constexpr std::size_t most_characters = 100'000;             // ids in one list (SPEC.md section 9)

struct Model {
    std::string name;
    std::string version;
    std::string licence;
    bool commercial_use = false;
    std::vector<std::string> styles;
    double fps = 60;
    bool acts = false;

    // Index of a style (a gait); -1: the model has none of this name.
    int style(std::string_view wanted) const {
        for (std::size_t i = 0; i < styles.size(); ++i)
            if (styles[i] == wanted) return static_cast<int>(i);
        return -1;
    }
};

// Joints in parent-before-child order; offsets [joints, 3] in m from the parent in the T-pose, the root's from the ground.
struct Skeleton {
    std::vector<std::string> names;
    std::vector<std::int32_t> parents;  // -1: the root, which is the first
    std::vector<float> offsets;

    std::size_t size() const { return names.size(); }

    int index(std::string_view wanted) const {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == wanted) return static_cast<int>(i);
        return -1;
    }

    bool sound() const {
        if (names.empty() || names.size() > most_joints || parents.size() != names.size() || offsets.size() != 3 * names.size()) return false;
        for (std::size_t i = 0; i < parents.size(); ++i)
            if (i == 0 ? parents[i] != -1 : parents[i] < 0 || static_cast<std::size_t>(parents[i]) >= i) return false;
        return true;
    }
};

struct Welcome {
    std::uint32_t proto = 0;
    std::uint32_t minor = 0;
    std::string session;  // secret
    bool resumed = false;
    std::uint32_t heartbeat_ms = 1000;
    std::uint32_t expiry_ms = 10000;
    std::string server;
    std::vector<Model> models;
    Skeleton skeleton;
    std::vector<std::uint32_t> characters;  // of a resumed session
    std::uint32_t ref = 0;
};

// A clip that the server made from a sentence; data [frames, 3 + 4 joints] as in a pose.
struct Clip {
    std::uint32_t request = 0;
    double fps = 30;
    std::uint32_t joints = 0;
    std::uint32_t frames = 0;
    std::vector<float> offsets;
    std::vector<float> data;
};

}  // namespace motionwire
