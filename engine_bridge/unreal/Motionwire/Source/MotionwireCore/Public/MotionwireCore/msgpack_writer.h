// MessagePack, written: https://github.com/msgpack/msgpack/blob/master/spec.md. Each value in its shortest form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "MotionwireCore/bytes.h"

namespace motionwire {

class MsgpackWriter {
public:
    explicit MsgpackWriter(Bytes& out) : out_(out) {}

    void map(std::uint32_t pairs) { header(pairs, 0x80, 15, 0, 0xde); }
    void array(std::uint32_t items) { header(items, 0x90, 15, 0, 0xdc); }

    void text(std::string_view value) {
        header(static_cast<std::uint32_t>(value.size()), 0xa0, 31, 0xd9, 0xda);
        append(out_, value.data(), value.size());
    }

    void blob(const void* data, std::size_t size) {
        header(static_cast<std::uint32_t>(size), 0, 0, 0xc4, 0xc5);
        append(out_, data, size);
    }

    void boolean(bool value) { out_.push_back(value ? 0xc3 : 0xc2); }

    void number(std::uint64_t value) {
        if (value < 0x80) {
            out_.push_back(static_cast<std::uint8_t>(value));
        } else if (value <= 0xff) {
            tagged(0xcc, static_cast<std::uint8_t>(value));
        } else if (value <= 0xffff) {
            tagged(0xcd, static_cast<std::uint16_t>(value));
        } else if (value <= 0xffffffff) {
            tagged(0xce, static_cast<std::uint32_t>(value));
        } else {
            tagged(0xcf, value);
        }
    }

    void real(double value) {
        std::uint64_t bits;
        std::memcpy(&bits, &value, sizeof bits);
        tagged(0xcb, bits);
    }

private:
    template <class T>
    void tagged(std::uint8_t tag, T value) {
        out_.push_back(tag);
        append_big(out_, value);
    }

    // Length of a container: inside the tag up to `most` (0: never), in one byte after `tag8` (0: no such form), in two or four after `tag16`.
    void header(std::uint32_t count, std::uint8_t fixed, std::uint32_t most, std::uint8_t tag8, std::uint8_t tag16) {
        if (most != 0 && count <= most) {
            out_.push_back(static_cast<std::uint8_t>(fixed | count));
        } else if (tag8 != 0 && count <= 0xff) {
            tagged(tag8, static_cast<std::uint8_t>(count));
        } else if (count <= 0xffff) {
            tagged(tag16, static_cast<std::uint16_t>(count));
        } else {
            tagged(static_cast<std::uint8_t>(tag16 + 1), count);
        }
    }

    Bytes& out_;
};

}  // namespace motionwire
