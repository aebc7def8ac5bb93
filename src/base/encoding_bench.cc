// How fast text is checked and decoded.

#include <string>

#include <benchmark/benchmark.h>

#include "base/encoding.h"

namespace homeroom {
namespace {

std::string make_text(const char* piece) {
  std::string text;
  while (text.size() < 8 * 1024 * 1024) text += piece;
  return text;
}

void validate(benchmark::State& state, const char* piece) {
  const std::string text = make_text(piece);
  for (auto _ : state) benchmark::DoNotOptimize(is_valid_utf8(text));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

BENCHMARK_CAPTURE(validate, ascii, "0012345,Lincoln,2025-09-11,T,\n");
BENCHMARK_CAPTURE(validate, some_accents,
                  "0012345,José García,2025-09-11,T,enfermería,12,Lincoln\n");
BENCHMARK_CAPTURE(validate, cyrillic, "Школа,Имя,Фамилия\n");

void decode(benchmark::State& state, const char* encoding, const char* piece) {
  const std::string text = make_text(piece);
  for (auto _ : state) benchmark::DoNotOptimize(decode_all(text, encoding));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

BENCHMARK_CAPTURE(decode, windows_1252, "windows-1252",
                  "0012345,Jos\xE9 Garc\xED"
                  "a,2025-09-11\n");
BENCHMARK_CAPTURE(decode, utf_8, "utf-8", "0012345,José García,2025-09-11\n");

}  // namespace
}  // namespace homeroom
