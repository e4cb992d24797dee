// Bytes that somebody else owns, bytes of our own, and little-endian values in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace motionwire {

using Bytes = std::vector<std::uint8_t>;

// Read-only view of bytes; whoever makes it says how long they live.
struct View {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;

    std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }
};

inline View view_of(const Bytes& bytes) {
    return {bytes.data(), bytes.size()};
}

// Unsigned big-endian value of sizeof(T) bytes, the order of ZMTP and MessagePack.
template <class T>
T load_big(const std::uint8_t* from) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value << 8 | from[i]);
    return value;
}

template <class T>
void append_big(Bytes& to, T value) {
    for (std::size_t i = sizeof(T); i-- > 0;) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline void append(Bytes& to, const void* from, std::size_t size) {
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    to.insert(to.end(), bytes, bytes + size);
}

// The wire's numbers are little-endian float32 (SPEC.md section 2), and so are the numbers of every platform that Unreal runs on.
#if defined(__BYTE_ORDER__)
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "float arrays are copied as they are");
#endif

// The float32 values of a blob; false: its size is no whole number of them. Keeps the capacity of `to`.
inline bool load_floats(View from, std::vector<float>& to) {
    if (from.size % sizeof(float) != 0) return false;
    to.resize(from.size / sizeof(float));
    if (from.size != 0) std::memcpy(to.data(), from.data, from.size);
    return true;
}

// Whether no value is infinite or NaN. In blocks of a fixed size, which compilers turn into vector instructions: a thousand characters
// have a hundred thousand values.
inline bool all_finite(const std::vector<float>& values) {
    constexpr std::uint32_t exponent = 0x7f800000u, lowest = 0x00800000u;  // all ones where not finite: one more carries into the sign
    constexpr std::size_t block = 16;
    std::uint32_t found[block] = {};
    std::uint32_t bits[block];
    const std::size_t whole = values.size() - values.size() % block;
    for (std::size_t at = 0; at < whole; at += block) {
        std::memcpy(bits, values.data() + at, sizeof bits);
        for (std::size_t i = 0; i < block; ++i) found[i] |= (bits[i] & exponent) + lowest;
    }
    for (std::size_t at = whole; at < values.size(); ++at) {
        std::memcpy(bits, values.data() + at, sizeof bits[0]);
        found[0] |= (bits[0] & exponent) + lowest;
    }
    std::uint32_t any = 0;
    for (const std::uint32_t one : found) any |= one;
    return (any & 0x80000000u) == 0;
}

}  // namespace motionwire
