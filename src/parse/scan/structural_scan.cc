#include "parse/scan/structural_scan.h"

#include <algorithm>

namespace homeroom::parse {
namespace {

// Multiples of 64. The longest is small enough that the bytes are still in the first cache when
// they are cut; the first one, that little is scanned in vain where records are seldom plain.
constexpr std::size_t kFirstWindowBytes = 1024;
constexpr std::size_t kWindowBytes = 8 * 1024;

bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
         __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("pclmul") != 0;
#else
  return false;
#endif
}

// What Intel's processors have since 2019 and AMD's since 2022.
bool has_avx512() {
#if defined(__x86_64__)
  return has_avx2() && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi2") != 0 &&
         __builtin_cpu_supports("avx512vpopcntdq") != 0;
#else
  return false;
#endif
}

using ScanFunction = bool (*)(ScanJob&, ScanState&, ScanIndex&);

ScanFunction best_function() {
#if defined(__aarch64__)
  return scan_neon;
#else
  if (has_avx512()) return scan_avx512;
  return has_avx2() ? scan_avx2 : scan_portable;
#endif
}

ScanFunction function_of(Kernel kernel) {
  switch (kernel) {
    case Kernel::kAvx512:
      return scan_avx512;
    case Kernel::kAvx2:
      return scan_avx2;
    case Kernel::kNeon:
      return scan_neon;
    case Kernel::kPortable:
      return scan_portable;
    default:
      return best_function();
  }
}

}  // namespace

bool has_kernel(Kernel kernel) {
  if (kernel == Kernel::kAvx512) return has_avx512();
  if (kernel == Kernel::kAvx2) return has_avx2();
  return kernel != Kernel::kNeon || has_neon();
}

bool StructuralScan::can_read(const Dialect& dialect) {
  return dialect.delimiter.size() == 1 && !dialect.merges_blanks && dialect.escape != '\\' &&
         dialect.newline != Newline::kCr;
}

StructuralScan::StructuralScan(const Dialect& dialect, Kernel kernel) {
  function_ = function_of(kernel);
  job_.delimiter = dialect.delimiter[0];
  job_.quote = dialect.quote;
  job_.has_quote = dialect.quote != '\0';
}

void StructuralScan::restart(std::size_t at) {
  state_ = {};
  index_.ends.clear();
  index_.quoted_line_ends.clear();
  index_.doubled_quotes.clear();
  index_.num_records = 0;
  index_.num_quoted = 0;
  index_.has_crs = false;
  job_.at = at;
  window_bytes_ = kFirstWindowBytes;
  is_stopped_ = false;
}

void StructuralScan::scan(const char* block, std::size_t end) {
  job_.block = block;
  job_.end = std::min(end, job_.at + window_bytes_);
  window_bytes_ = std::min(2 * window_bytes_, kWindowBytes);
  is_stopped_ = !function_(job_, state_, index_);
}

}  // namespace homeroom::parse
