// Written values are read again; hostile ones are refused without believing their lengths.
#include <string>

#include "MotionwireCore/msgpack_reader.h"
#include "MotionwireCore/msgpack_writer.h"
#include "core/check.h"

using namespace motionwire;

TEST(every_length_of_every_kind) {
    for (const std::size_t size : {0u, 1u, 15u, 16u, 31u, 32u, 255u, 256u, 65535u, 65536u}) {
        Bytes out;
        MsgpackWriter writer(out);
        const std::string text(size, 'x');
        writer.text(text);
        writer.blob(text.data(), size);
        writer.array(static_cast<std::uint32_t>(size));
        for (std::size_t i = 0; i < size; ++i) writer.boolean(true);
        writer.map(static_cast<std::uint32_t>(size));
        for (std::size_t i = 0; i < 2 * size; ++i) writer.number(i % 100);
        MsgpackReader reader(view_of(out));
        std::string_view read;
        View blob;
        std::uint32_t items = 0, pairs = 0;
        CHECK(reader.read(read) && read == text);
        CHECK(reader.read(blob) && blob.text() == text);
        CHECK(reader.read_array(items) && items == size);
        bool truth = false;
        for (std::size_t i = 0; i < size; ++i) CHECK(reader.read(truth) && truth);
        CHECK(reader.read_map(pairs) && pairs == size);
        for (std::size_t i = 0; i < 2 * size; ++i) CHECK(reader.skip());
        CHECK(reader.at_end());
        MsgpackReader again(view_of(out));
        CHECK(again.skip() && again.skip() && again.skip() && again.skip() && again.at_end());
    }
}

TEST(numbers_of_every_width) {
    const std::uint64_t numbers[] = {0, 127, 128, 255, 256, 65535, 65536, 0xffffffffu, 0x100000000u, ~std::uint64_t{0}};
    Bytes out;
    MsgpackWriter writer(out);
    for (const std::uint64_t number : numbers) writer.number(number);
    writer.real(-0.125);
    MsgpackReader reader(view_of(out));
    std::uint64_t number = 0;
    for (const std::uint64_t wanted : numbers) CHECK(reader.read(number) && number == wanted);
    double real = 0;
    CHECK(reader.read(real) && real == -0.125 && reader.at_end());
}

TEST(signed_and_short_floats) {
    const Bytes bytes = {0xff, 0xd0, 0x80, 0xd1, 0xff, 0x00, 0xd2, 0xff, 0xff, 0xff, 0x00, 0xd3, 0, 0, 0, 0, 0, 0, 0, 5, 0xca, 0x3f, 0x80, 0, 0};
    const double wanted[] = {-1, -128, -256, -256, 5, 1};
    MsgpackReader reader(view_of(bytes));
    double real = 0;
    for (const double value : wanted) CHECK(reader.read(real) && real == value);
    CHECK(reader.at_end());
}

TEST(cut_off_anywhere) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.map(2);
    writer.text("key");
    writer.array(3);
    writer.real(1), writer.number(70000), writer.text("a longer text than thirty-one characters");
    writer.text("other");
    writer.blob("12345", 5);
    for (std::size_t size = 0; size < out.size(); ++size) {
        MsgpackReader reader({out.data(), size});
        CHECK(!reader.skip());
    }
    MsgpackReader whole(view_of(out));
    CHECK(whole.skip() && whole.at_end());
}

TEST(lies_about_lengths) {
    const Bytes lies[] = {{0xdd, 0xff, 0xff, 0xff, 0xff, 0}, {0xdf, 0xff, 0xff, 0xff, 0xff, 0, 0}, {0xdb, 0xff, 0xff, 0xff, 0xff}, {0xc6, 0x7f, 0, 0, 0, 1}, {0xc1}, {0xc9, 0xff, 0xff, 0xff, 0xff, 1}};
    for (const Bytes& lie : lies) {
        MsgpackReader reader(view_of(lie));
        CHECK(!reader.skip());
        CHECK(reader.next().kind == Kind::bad);
    }
}

TEST(nesting_costs_no_stack) {
    Bytes deep(2'000'000, 0x91);
    deep.push_back(0xc0);
    MsgpackReader reader(view_of(deep));
    CHECK(reader.skip() && reader.at_end());
}
