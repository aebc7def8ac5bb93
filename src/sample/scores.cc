#include "sample/scores.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "sample/random.h"

namespace homeroom::sample {
namespace {

using ByGrade = std::array<int, kLastTestedGrade + 1>;

// Our own round figures for a made-up test: the mean in fall and the growth of a school year.
constexpr ByGrade kMathMean = {140, 160, 175, 188, 199, 209, 215, 220, 224, 227, 230};
constexpr ByGrade kMathGrowth = {18, 17, 14, 12, 11, 9, 7, 6, 5, 4, 3};
constexpr ByGrade kReadingMean = {137, 156, 172, 186, 197, 204, 210, 214, 218, 220, 222};
constexpr ByGrade kReadingGrowth = {17, 15, 13, 10, 8, 6, 5, 4, 4, 3, 2};
constexpr int kDeviation = 15;

// Share of the year's growth that is seen in a window, in percent.
constexpr std::array kGrowthSeen = {0, 55, 100};

// Of 10,000 people, those below z in hundredths of a deviation: the normal distribution, between
// the tenths of its table by a straight line.
int those_below(int z_hundredths) {
  constexpr std::array kBelow = {5000, 5398, 5793, 6179, 6554, 6915, 7257, 7580, 7881,
                                 8159, 8413, 8643, 8849, 9032, 9192, 9332, 9452, 9554,
                                 9641, 9713, 9772, 9821, 9861, 9893, 9918, 9938};
  const int last = static_cast<int>(kBelow.size()) - 1;
  const int size = std::min(std::abs(z_hundredths), last * 10 - 1);
  const auto step = static_cast<std::size_t>(size / 10);
  const int share = kBelow[step] + (kBelow[step + 1] - kBelow[step]) * (size % 10) / 10;
  return z_hundredths < 0 ? 10'000 - share : share;
}

}  // namespace

Score score_of(std::uint64_t seed, const Student& student, const School& school, int window,
               TestSubject subject) {
  const auto who = static_cast<std::uint64_t>(student.number);
  const auto what = static_cast<std::uint64_t>(subject);
  Random lasting = random_for(seed, Topic::kScore, who, what);
  Random passing =
      random_for(seed, Topic::kScore, who, 16 + what * 4 + static_cast<std::uint64_t>(window));
  const auto grade = static_cast<std::size_t>(student.grade);
  const bool math = subject == TestSubject::kMath;
  const int mean = (math ? kMathMean : kReadingMean)[grade];
  const int growth = (math ? kMathGrowth : kReadingGrowth)[grade];
  const int seen = kGrowthSeen[static_cast<std::size_t>(window)];
  const int learner = !math && student.english_learner ? -300 : 0;
  const int level = student.ability + school.score_shift + learner + lasting.bell(350);
  const int own_growth =
      std::clamp(104 - (student.absence_rate - 500) / 32 + lasting.bell(28), 5, 200);
  const int tenths = mean * 10 + level * kDeviation * 86 / 10'000 + passing.bell(28) +
                     growth * own_growth * seen / 1000;
  const int rit = std::clamp((tenths + 5) / 10, 100, 300);
  const int norm_tenths = mean * 10 + growth * seen / 10;
  const int percentile = those_below((rit * 100 - norm_tenths * 10) / kDeviation) / 100;
  return {.rit = rit, .percentile = std::clamp(percentile, 1, 99)};
}

}  // namespace homeroom::sample
