#include "io/sha256.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom::io {
namespace {

// The examples of FIPS 180-4 and of NIST's "SHA Test Vectors for Hashing Byte-Oriented Messages".
const std::vector<std::pair<std::string, std::string>> kVectors = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {std::string(1'000'000, 'a'),
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

TEST(Sha256, GivesThePublishedDigests) {
  for (const auto& [text, digest] : kVectors) {
    Sha256 hash;
    hash.update(text);
    EXPECT_EQ(hash.finish(), digest);
  }
}

TEST(Sha256, DoesNotDependOnHowTheBytesArrive) {
  for (const auto& [text, digest] : kVectors) {
    for (const std::size_t piece : {1U, 7U, 64U, 65U}) {
      if (text.size() / piece > 20'000) continue;
      Sha256 hash;
      for (std::size_t at = 0; at < text.size(); at += piece) {
        hash.update(std::string_view(text).substr(at, piece));
      }
      Sha256 moved = std::move(hash);
      EXPECT_EQ(moved.finish(), digest) << piece;
    }
  }
}

}  // namespace
}  // namespace homeroom::io
