// HMAC-SHA256 (RFC 2104 over FIPS 180-4), and the proof that answers a challenge (SPEC.md section 4, "Token").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "MotionwireCore/bytes.h"

namespace motionwire {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
public:
    void add(const void* from, std::size_t size) {
        const auto* bytes = static_cast<const std::uint8_t*>(from);
        for (std::size_t i = 0; i < size; ++i) {
            block_[static_cast<std::size_t>(length_++ % block_.size())] = bytes[i];
            if (length_ % block_.size() == 0) compress();
        }
    }

    Digest finish() {
        const std::uint64_t bits = length_ * 8;
        const std::uint8_t one = 0x80, zero = 0;
        add(&one, 1);
        while (length_ % block_.size() != 56) add(&zero, 1);
        for (unsigned i = 0; i < 8; ++i) {
            const auto byte = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
            add(&byte, 1);
        }
        Digest digest{};
        for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
        return digest;
    }

private:
    static std::uint32_t turn(std::uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

    void compress() {
        static constexpr std::uint32_t k[64] = {
            0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
            0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
            0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
            0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
            0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
            0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
        std::uint32_t w[64];
        for (std::size_t i = 0; i < 16; ++i) w[i] = load_big<std::uint32_t>(block_.data() + 4 * i);
        for (std::size_t i = 16; i < 64; ++i) {
            const std::uint32_t s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3;
            const std::uint32_t s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10;
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        auto [a, b, c, d, e, f, g, h] = state_;
        for (std::size_t i = 0; i < 64; ++i) {
            const std::uint32_t t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
            const std::uint32_t t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        const std::uint32_t sums[8] = {a, b, c, d, e, f, g, h};
        for (std::size_t i = 0; i < 8; ++i) state_[i] += sums[i];
    }

    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, 64> block_{};
    std::uint64_t length_ = 0;  // bytes so far
};

inline Digest hmac_sha256(View key, View message) {
    std::array<std::uint8_t, 64> inner{};
    if (key.size > inner.size()) {
        Sha256 shortened;
        shortened.add(key.data, key.size);
        const Digest digest = shortened.finish();
        std::memcpy(inner.data(), digest.data(), digest.size());
    } else if (key.size != 0) {
        std::memcpy(inner.data(), key.data, key.size);
    }
    std::array<std::uint8_t, 64> outer = inner;
    for (std::uint8_t& byte : inner) byte ^= 0x36;
    for (std::uint8_t& byte : outer) byte ^= 0x5c;
    Sha256 first, second;
    first.add(inner.data(), inner.size());
    first.add(message.data, message.size);
    const Digest digest = first.finish();
    second.add(outer.data(), outer.size());
    second.add(digest.data(), digest.size());
    return second.finish();
}

// `hello.proof`: that we know the token (UTF-8), without saying it.
inline Digest proof_of(std::string_view token, View nonce) {
    Bytes message;
    const std::string_view purpose = "motionwire-hello-1";
    append(message, purpose.data(), purpose.size());
    append(message, nonce.data, nonce.size);
    return hmac_sha256({reinterpret_cast<const std::uint8_t*>(token.data()), token.size()}, view_of(message));
}

}  // namespace motionwire
