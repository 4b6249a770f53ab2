// SHA-256 against FIPS 180-4's examples and against Python's hashlib at the lengths where padding changes.
#include "samebits/base/hash.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "samebits/base/stream.h"
#include "support/catch.h"

namespace {

std::string sha256(std::string_view text) {
    samebits::Sha256 sha;
    sha.update(text);
    return samebits::hex(sha.finish());
}

// hashlib.sha256(bytes((i * 7 + n) % 256 for i in range(n))).hexdigest()
const std::vector<std::pair<int, std::string>> hashlib_says = {
    {1, "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"},
    {55, "81afe5b788dc2ce138ff83d9b20164db75a94d75d2b2432eea4a0ef605088c72"},
    {56, "2aba54f0ac632420a2b502431408866e40e1d5e430df4cd822642c78ab2eb9c1"},
    {57, "903284efbf9100e8ba1614ec65eacacad125e03f857cae7acbf8b73b23e0fdfe"},
    {63, "733d3d4ee79ee67145bf73da13588f6f235d37414fc64b14a2f00f1762792f5e"},
    {64, "79322907b3e9d013d7dc2c2f256674dbf733045cde01df3539271c6f5605feb8"},
    {65, "d85c007c6eb440f085afa2b84f6f2bce4658b240e9f62cb1364bf0485a57e720"},
    {111, "b41ae5233b9ec35d8576a032034d2857b667a618c7038714d727d4dae3aa2525"},
    {112, "0949563bc78e5ccd85603fa20368a33ed3d2da0141c8284a3b1515fe4683cdd7"},
    {119, "6c87eedf096b345de205b702e5223b73b447a3207791ded3ea007ba15ed6736e"},
    {120, "42500cf6a1e3936d6b9e0bcfe296d654b63255e525487d3634d0b15fde591c4d"},
    {127, "68f6ff710276900c0ffbbc57426f67e00c2e01f0750c7edc25ac06b8ce7a8095"},
    {128, "489d55fea9a73af36b6dd0be7b4117d8e5683386d39544e8a44c99a87f368707"},
    {129, "4e1556b2e9a50a3cc9478f3254727b01065f9ac5d2c3a8b4cd538ae7240bb87d"},
    {1000, "6b0df76627243d095b0c4400cb658b7e804dd03461cc03aee8fc8fe0bcada168"},
};

std::string pattern(int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += static_cast<char>((i * 7 + n) % 256);
    return text;
}

}  // namespace

TEST_CASE("SHA-256 of the examples of FIPS 180-4") {
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 around the edges of its blocks") {
    for (const auto& [n, want] : hashlib_says) CHECK(sha256(pattern(n)) == want);
}

TEST_CASE("SHA-256 does not depend on how the bytes are cut") {
    const std::string text = pattern(1000);
    for (const std::size_t piece : {1, 3, 63, 64, 65, 130}) {
        samebits::Sha256 sha;
        for (std::size_t i = 0; i < text.size(); i += piece) sha.update(std::string_view(text).substr(i, piece));
        CHECK(samebits::hex(sha.finish()) == sha256(text));
    }
}

TEST_CASE("a stream is the first four bytes of the hash, little endian") {
    CHECK(samebits::stream_of("dropout", "dropout_1") == 0x8519e826);  // int.from_bytes(digest[:4], "little")
    CHECK(samebits::stream_of("init", "dense/kernel") == 0x1cb1fb20);
}
