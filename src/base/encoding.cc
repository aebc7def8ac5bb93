#include "base/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "base/encoding_decoder.h"

namespace homeroom {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;

tl::unexpected<Error> unknown_encoding(std::string_view name) {
  return fail(ErrorCode::kConfig,
              fmt::format("\"{}\" is not an encoding that Homeroom reads", name),
              "name one such as utf-8, utf-16le, windows-1252, iso-8859-1 or macintosh, "
              "or save the file as UTF-8");
}

// Passes UTF-8 on where it lies; everything else goes through `raw_`, what was read and is not
// decoded yet, and `ready_`, decoded bytes for a caller with less room than one character needs.
class Decoder final : public DecodingSource {
 public:
  Decoder(ByteSource& source, const Encoding& encoding) : source_(&source), encoding_(encoding) {}

  [[nodiscard]] std::uint64_t num_replaced() const override { return num_replaced_; }

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    if (!is_started_) HOMEROOM_TRY(skip_bom());
    if (ready_at_ < ready_size_) return take_ready(out);
    if (out.size() < ready_.size()) {
      ready_size_ = HOMEROOM_TRY(decode_into(ready_));
      ready_at_ = 0;
      return take_ready(out);
    }
    return decode_into(out);
  }

 private:
  std::size_t take_ready(std::span<char> out) {
    const std::size_t size = std::min(out.size(), ready_size_ - ready_at_);
    std::memcpy(out.data(), ready_.data() + ready_at_, size);
    ready_at_ += size;
    return size;
  }

  [[nodiscard]] std::string_view raw() const {
    return std::string_view(raw_).substr(raw_at_, raw_size_ - raw_at_);
  }

  // Appends a piece of the source to what is left of `raw_`.
  Status refill() {
    std::memmove(raw_.data(), raw_.data() + raw_at_, raw_size_ - raw_at_);
    raw_size_ -= raw_at_;
    raw_at_ = 0;
    if (raw_.size() < raw_size_ + kChunkBytes) raw_.resize(raw_size_ + kChunkBytes);
    const std::size_t size = HOMEROOM_TRY(source_->read({raw_.data() + raw_size_, kChunkBytes}));
    raw_size_ += size;
    is_at_end_ = size == 0;
    return {};
  }

  Status skip_bom() {
    is_started_ = true;
    if (encoding_.bom.empty()) return {};
    while (!is_at_end_ && raw_size_ < encoding_.bom.size()) {
      std::array<char, 8> few{};
      const std::size_t wanted = encoding_.bom.size() - raw_size_;
      const std::size_t size = HOMEROOM_TRY(source_->read({few.data(), wanted}));
      is_at_end_ = size == 0;
      raw_.append(few.data(), size);
      raw_size_ += size;
    }
    if (raw().starts_with(encoding_.bom)) raw_at_ += encoding_.bom.size();
    return {};
  }

  Result<std::size_t> decode_into(std::span<char> out) {
    if (encoding_.kind == EncodingKind::kUtf8 && raw().size() < out.size() && !is_at_end_ &&
        !is_invalid_ahead_) {
      return pass_on(out);
    }
    while (true) {
      const Decoded done = decode_some(encoding_, raw(), out, is_at_end_);
      raw_at_ += done.num_read;
      num_replaced_ += done.num_replaced;
      if (raw().empty()) is_invalid_ahead_ = false;
      if (done.num_written > 0 || is_at_end_) return done.num_written;
      HOMEROOM_TRY(refill());
    }
  }

  // UTF-8: reads straight into `out`. What does not end there, or is invalid, moves to `raw_`.
  Result<std::size_t> pass_on(std::span<char> out) {
    const std::size_t held = raw().size();
    std::memcpy(out.data(), raw_.data() + raw_at_, held);
    raw_at_ = 0;
    raw_size_ = 0;
    const std::size_t room = std::min(out.size() - held, kChunkBytes);
    const std::size_t size = HOMEROOM_TRY(source_->read(out.subspan(held, room)));
    is_at_end_ = size == 0;
    const std::string_view bytes(out.data(), held + size);
    const std::size_t valid = valid_utf8_prefix(bytes);
    if (valid == bytes.size()) return valid;
    const std::string_view rest = bytes.substr(valid);
    if (raw_.size() < rest.size()) raw_.resize(rest.size());
    std::memcpy(raw_.data(), rest.data(), rest.size());
    raw_size_ = rest.size();
    is_invalid_ahead_ =
        is_at_end_ || first_utf8_sequence(rest).kind == Utf8Sequence::Kind::kInvalid;
    return valid > 0 ? Result<std::size_t>(valid) : decode_into(out);
  }

  ByteSource* source_;
  Encoding encoding_;
  std::string raw_;
  std::size_t raw_at_ = 0;
  std::size_t raw_size_ = 0;
  std::array<char, 8> ready_{};
  std::size_t ready_at_ = 0;
  std::size_t ready_size_ = 0;
  std::uint64_t num_replaced_ = 0;
  bool is_started_ = false;
  bool is_at_end_ = false;
  bool is_invalid_ahead_ = false;  ///< `raw_` starts with bytes that are not UTF-8
};

}  // namespace

bool is_known_encoding(std::string_view name) {
  Encoding encoding;
  return find_encoding(name, encoding);
}

std::string canonical_encoding(std::string_view name) {
  Encoding encoding;
  return find_encoding(name, encoding) ? std::string(encoding.name) : std::string();
}

Result<std::string> decode_all(std::string_view bytes, std::string_view encoding,
                               std::size_t* num_replaced) {
  Encoding found;
  if (!find_encoding(encoding, found)) return unknown_encoding(encoding);
  if (bytes.starts_with(found.bom)) bytes.remove_prefix(found.bom.size());
  std::string text;
  std::size_t size = 0;
  std::size_t replaced = 0;
  while (!bytes.empty()) {
    text.resize(size + bytes.size() + bytes.size() / 8 + 64);
    const Decoded done = decode_some(found, bytes, {text.data() + size, text.size() - size}, true);
    bytes.remove_prefix(done.num_read);
    size += done.num_written;
    replaced += done.num_replaced;
  }
  text.resize(size);
  if (num_replaced != nullptr) *num_replaced = replaced;
  return text;
}

Result<std::unique_ptr<DecodingSource>> DecodingSource::create(ByteSource& source,
                                                               std::string_view encoding) {
  Encoding found;
  if (!find_encoding(encoding, found)) return unknown_encoding(encoding);
  return std::make_unique<Decoder>(source, found);
}

}  // namespace homeroom
