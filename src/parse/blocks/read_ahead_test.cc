// Threads read the input ahead of who takes the batches: one at a time, not too far, in
// order, and never behind the reader's back.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "parse/batch_reader.h"
#include "table/batch.h"
#include "table/cell.h"

namespace homeroom::parse {
namespace {

constexpr std::size_t kMaxBlockBytes = 256 * 1024 + 4096;

std::string numbered_rows(std::size_t num_bytes, std::string_view delimiter = ",",
                          std::string_view line_end = "\n") {
  std::string text = fmt::format("id{0}name{0}note{1}", delimiter, line_end);
  for (int row = 0; text.size() < num_bytes; ++row) {
    text += fmt::format("{:07}{}Ana-{}{}\"left, {}\"{}", row, delimiter, row % 30, delimiter,
                        row % 7, line_end);
  }
  return text;
}

// Watches how it is read. Fails after `fails_at` bytes.
class WatchedSource final : public ByteSource {
 public:
  explicit WatchedSource(std::string_view text, std::size_t fails_at = SIZE_MAX)
      : text_(text), fails_at_(fails_at) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    if (is_busy_.exchange(true)) has_overlap_ = true;
    const std::size_t left = std::min(text_.size(), fails_at_) - num_read_;
    const std::size_t size = std::min({out.size(), left, std::size_t{50'000}});
    if (size > 0) std::memcpy(out.data(), text_.data() + num_read_, size);
    num_read_ += size;
    is_busy_ = false;
    if (size == 0 && num_read_ == fails_at_) return fail(ErrorCode::kIo, "the disk is gone", "");
    return size;
  }

  [[nodiscard]] bool has_overlap() const { return has_overlap_; }

  [[nodiscard]] std::size_t num_read() const { return num_read_; }

 private:
  std::string_view text_;
  std::size_t fails_at_;
  std::atomic<std::size_t> num_read_ = 0;
  std::atomic<bool> is_busy_ = false;
  std::atomic<bool> has_overlap_ = false;
};

std::unique_ptr<BatchReader> open(ByteSource& source, std::size_t num_threads,
                                  const Dialect& dialect = {}) {
  auto reader = BatchReader::create(source, dialect, {.num_threads = num_threads});
  EXPECT_TRUE(reader.has_value());
  return std::move(*reader);
}

TEST(Threads, LeaveTheSourceAloneOnceTheReaderIsGone) {
  const std::string text = numbered_rows(3'000'000);
  for (std::size_t num_batches = 0; num_batches < 12; ++num_batches) {
    for (const std::size_t num_threads : {2U, 4U}) {
      WatchedSource source(text);
      Batch batch;
      auto reader = open(source, num_threads);
      for (std::size_t i = 0; i < num_batches; ++i)
        ASSERT_TRUE(reader->next(batch).value_or(false));
      reader.reset();
      const std::size_t num_read = source.num_read();
      std::this_thread::yield();
      EXPECT_EQ(source.num_read(), num_read);
      EXPECT_FALSE(source.has_overlap());
    }
  }
}

void expect_read_ahead_but_not_too_far(const Dialect& dialect, std::string_view text,
                                       std::size_t row_bytes) {
  constexpr std::size_t kThreads = 3;
  WatchedSource source(text);
  const auto reader = open(source, kThreads, dialect);
  Batch batch;
  std::size_t taken = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->next(batch).value_or(false));
    taken += batch.num_rows() * row_bytes;
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (source.num_read() < taken + 200'000) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "nothing is read ahead";
    std::this_thread::yield();
  }
  std::size_t num_rows = 0;
  for (; reader->next(batch).value_or(false); num_rows += batch.num_rows()) {
    EXPECT_LT(source.num_read(), taken + (num_rows + batch.num_rows()) * (row_bytes + 1) +
                                     (kThreads + 4) * kMaxBlockBytes);
  }
  EXPECT_EQ(source.num_read(), text.size());
}

TEST(Threads, ReadAheadWhileTheirOwnerIsBusyButNotTooFar) {
  struct Way {
    const char* name;
    Dialect dialect;
    std::string_view line_end = "\n";
  };

  const Way ways[] = {
      {"plain", {}},
      {"delimiter of two characters", {.delimiter = "||"}},
      {"backslash", {.escape = '\\'}},
      {"carriage returns", {.newline = Newline::kCr}, "\r"},
      {"runs of blanks", {.delimiter = " ", .merges_blanks = true}},
  };
  for (const Way& way : ways) {
    const std::string text = numbered_rows(8'000'000, way.dialect.delimiter, way.line_end);
    const std::size_t row = text.find("0000001") - text.find("0000000");
    expect_read_ahead_but_not_too_far(way.dialect, text, row);
    if (testing::Test::HasFailure()) FAIL() << way.name;
  }
}

TEST(Threads, ReadAheadOfLinesOfFixedWidth) {
  const std::string text = numbered_rows(3'000'000);
  Dialect dialect;
  dialect.layout = {{.name = "id", .start = 1, .length = 7},
                    {.name = "rest", .start = 8, .length = 30}};
  expect_read_ahead_but_not_too_far(dialect, text, text.find("0000001") - text.find("0000000"));
}

// The rows read before the error, and the error.
std::vector<std::string> read_until_error(std::string_view text, std::size_t fails_at,
                                          std::size_t num_threads) {
  WatchedSource source(text, fails_at);
  const auto reader = open(source, num_threads);
  Batch batch;
  std::vector<std::string> log;
  while (true) {
    const Result<bool> more = reader->next(batch);
    if (!more) {
      log.push_back(more.error().message);
      return log;
    }
    for (const Cell& cell : batch.columns[0]) log.emplace_back(cell.text());
    if (!*more) return log;
  }
}

TEST(Threads, GiveEveryRowBeforeTheSourceFailed) {
  const std::string text = numbered_rows(3'000'000);
  for (const std::size_t fails_at : {100'000U, 262'144U, 1'000'000U, 2'999'999U}) {
    const std::vector<std::string> alone = read_until_error(text, fails_at, 1);
    ASSERT_EQ(alone.back(), "the disk is gone");
    EXPECT_GT(alone.size(), fails_at / 30);
    EXPECT_EQ(read_until_error(text, fails_at, 2), alone);
    EXPECT_EQ(read_until_error(text, fails_at, 4), alone);
  }
}

}  // namespace
}  // namespace homeroom::parse
