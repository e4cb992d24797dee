// MessagePack, read: one token after the other out of bytes that may be hostile. No recursion, no allocation, no copies; a length
// is believed only where the bytes for it are there. https://github.com/msgpack/msgpack/blob/master/spec.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "MotionwireCore/bytes.h"

namespace motionwire {

enum class Kind : std::uint8_t { bad, nil, boolean, number, negative, real, text, blob, array, map, extension };

struct Token {
    Kind kind = Kind::bad;
    bool boolean = false;
    std::uint64_t number = 0;   // of Kind::number
    std::int64_t negative = 0;  // of Kind::negative
    double real = 0;
    View bytes;               // of text, blob and extension
    std::uint32_t count = 0;  // items of an array, pairs of a map
};

class MsgpackReader {
public:
    explicit MsgpackReader(View from) : at_(from.data), left_(from.size) {}

    bool at_end() const { return left_ == 0; }

    // The next token; Kind::bad at the end, and from the first byte on that makes no sense.
    Token next() {
        if (left_ == 0) return {};
        const std::uint8_t tag = *at_;
        drop(1);
        if (tag < 0x80) return number(tag);
        if (tag < 0x90) return container(Kind::map, tag & 0x0f);
        if (tag < 0xa0) return container(Kind::array, tag & 0x0f);
        if (tag < 0xc0) return bytes(Kind::text, tag & 0x1f);
        if (tag >= 0xe0) return negative(static_cast<std::int8_t>(tag));
        switch (tag) {
            case 0xc0: return of(Kind::nil);
            case 0xc2: case 0xc3: return truth(tag == 0xc3);
            case 0xc4: return bytes(Kind::blob, load<std::uint8_t>());
            case 0xc5: return bytes(Kind::blob, load<std::uint16_t>());
            case 0xc6: return bytes(Kind::blob, load<std::uint32_t>());
            case 0xc7: return bytes(Kind::extension, load<std::uint8_t>() + std::uint64_t{1});  // the length leaves out the type's byte
            case 0xc8: return bytes(Kind::extension, load<std::uint16_t>() + std::uint64_t{1});
            case 0xc9: return bytes(Kind::extension, load<std::uint32_t>() + std::uint64_t{1});
            case 0xca: return real(load_real<std::uint32_t, float>());
            case 0xcb: return real(load_real<std::uint64_t, double>());
            case 0xcc: return number(load<std::uint8_t>());
            case 0xcd: return number(load<std::uint16_t>());
            case 0xce: return number(load<std::uint32_t>());
            case 0xcf: return number(load<std::uint64_t>());
            case 0xd0: return negative(static_cast<std::int8_t>(load<std::uint8_t>()));
            case 0xd1: return negative(static_cast<std::int16_t>(load<std::uint16_t>()));
            case 0xd2: return negative(static_cast<std::int32_t>(load<std::uint32_t>()));
            case 0xd3: return negative(static_cast<std::int64_t>(load<std::uint64_t>()));
            case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return bytes(Kind::extension, (std::uint64_t{1} << (tag - 0xd4)) + 1);
            case 0xd9: return bytes(Kind::text, load<std::uint8_t>());
            case 0xda: return bytes(Kind::text, load<std::uint16_t>());
            case 0xdb: return bytes(Kind::text, load<std::uint32_t>());
            case 0xdc: return container(Kind::array, load<std::uint16_t>());
            case 0xdd: return container(Kind::array, load<std::uint32_t>());
            case 0xde: return container(Kind::map, load<std::uint16_t>());
            case 0xdf: return container(Kind::map, load<std::uint32_t>());
            default: return fail();
        }
    }

    // Passes over one value with everything in it.
    bool skip() {
        for (std::uint64_t values = 1; values != 0; --values) {
            const Token token = next();
            if (token.kind == Kind::bad) return false;
            if (token.kind == Kind::array) values += token.count;
            if (token.kind == Kind::map) values += std::uint64_t{2} * token.count;
            if (values - 1 > left_) return false;  // each value still to come takes a byte at least
        }
        return true;
    }

    // The next value, if it is of this kind. A float may come as an integer (SPEC.md section 2).
    bool read(bool& to) {
        const Token token = next();
        to = token.boolean;
        return token.kind == Kind::boolean;
    }

    bool read(std::uint64_t& to) {
        const Token token = next();
        to = token.number;
        return token.kind == Kind::number;
    }

    bool read(std::uint32_t& to) {
        std::uint64_t wide = 0;
        const bool fits = read(wide) && wide <= 0xffffffff;
        to = static_cast<std::uint32_t>(wide);
        return fits;
    }

    bool read(double& to) {
        const Token token = next();
        to = token.kind == Kind::number     ? static_cast<double>(token.number)
             : token.kind == Kind::negative ? static_cast<double>(token.negative)
                                            : token.real;
        return token.kind == Kind::real || token.kind == Kind::number || token.kind == Kind::negative;
    }

    bool read(std::string_view& to) {
        const Token token = next();
        to = token.bytes.text();
        return token.kind == Kind::text;
    }

    bool read(View& to) {
        const Token token = next();
        to = token.bytes;
        return token.kind == Kind::blob;
    }

    // The number of values that follow, or of pairs.
    bool read_array(std::uint32_t& count) { return read_container(Kind::array, count); }
    bool read_map(std::uint32_t& count) { return read_container(Kind::map, count); }

private:
    bool read_container(Kind kind, std::uint32_t& count) {
        const Token token = next();
        count = token.count;
        return token.kind == kind;
    }

    void drop(std::size_t count) { at_ += count, left_ -= count; }

    Token fail() {
        short_ = true;
        left_ = 0;
        return {};
    }

    // A big-endian value; where the bytes are missing, every token from here on is bad.
    template <class T>
    T load() {
        if (left_ < sizeof(T)) {
            fail();
            return 0;
        }
        const T value = load_big<T>(at_);
        drop(sizeof(T));
        return value;
    }

    template <class Bits, class T>
    double load_real() {
        const Bits bits = load<Bits>();
        T value;
        std::memcpy(&value, &bits, sizeof value);
        return static_cast<double>(value);
    }

    Token of(Kind kind) const {
        Token token;
        token.kind = short_ ? Kind::bad : kind;
        return token;
    }

    Token truth(bool value) const {
        Token token = of(Kind::boolean);
        token.boolean = value;
        return token;
    }

    Token number(std::uint64_t value) const {
        Token token = of(Kind::number);
        token.number = value;
        return token;
    }

    Token negative(std::int64_t value) const {
        if (value >= 0) return number(static_cast<std::uint64_t>(value));
        Token token = of(Kind::negative);
        token.negative = value;
        return token;
    }

    Token real(double value) const {
        Token token = of(Kind::real);
        token.real = value;
        return token;
    }

    Token bytes(Kind kind, std::uint64_t size) {
        if (short_ || size > left_) return fail();
        Token token = of(kind);
        token.bytes = {at_, static_cast<std::size_t>(size)};
        drop(static_cast<std::size_t>(size));
        return token;
    }

    Token container(Kind kind, std::uint64_t count) {
        if (short_ || count * (kind == Kind::map ? 2 : 1) > left_) return fail();
        Token token = of(kind);
        token.count = static_cast<std::uint32_t>(count);
        return token;
    }

    const std::uint8_t* at_;
    std::size_t left_;
    bool short_ = false;  // something was cut off or made no sense
};

}  // namespace motionwire
