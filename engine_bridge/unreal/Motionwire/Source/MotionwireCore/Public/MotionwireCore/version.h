// The protocol that this client speaks (engine_bridge/protocol/SPEC.md).
#pragma once

#include <cstddef>
#include <cstdint>

namespace motionwire {

constexpr std::uint32_t protocol_version = 1;
constexpr std::uint32_t protocol_minor = 3;
constexpr std::uint32_t minor_with_teleport = 3;
constexpr std::uint16_t default_port = 5588;
constexpr std::size_t longest_sentence = 512;  // characters

}  // namespace motionwire
