// RFC 4231 and FIPS 180-4's own examples.
#include <string>

#include "MotionwireCore/hmac_sha256.h"
#include "core/check.h"

using namespace motionwire;

static Bytes bytes_of(const std::string& text) { return Bytes(text.begin(), text.end()); }

static std::string hex(const Digest& digest) {
    std::string out;
    for (const std::uint8_t byte : digest) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", byte);
        out += two;
    }
    return out;
}

static std::string hmac(const Bytes& key, const Bytes& message) { return hex(hmac_sha256(view_of(key), view_of(message))); }

TEST(sha256_examples) {
    Sha256 nothing, abc, long_one;
    CHECK(hex(nothing.finish()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    abc.add("abc", 3);
    CHECK(hex(abc.finish()) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    for (int i = 0; i < 1000000; ++i) long_one.add("a", 1);
    CHECK(hex(long_one.finish()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(hmac_rfc_4231) {
    CHECK(hmac(Bytes(20, 0x0b), bytes_of("Hi There")) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hmac(bytes_of("Jefe"), bytes_of("what do ya want for nothing?")) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hmac(Bytes(20, 0xaa), Bytes(50, 0xdd)) == "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    Bytes counted;
    for (std::uint8_t i = 1; i <= 25; ++i) counted.push_back(i);
    CHECK(hmac(counted, Bytes(50, 0xcd)) == "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    CHECK(hmac(Bytes(131, 0xaa), bytes_of("Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    CHECK(hmac(Bytes(131, 0xaa), bytes_of("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
                                          "hashed before being used by the HMAC algorithm.")) ==
          "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}
