#include "sample/marks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "sample/random.h"

namespace homeroom::sample {

Mark mark_of(std::uint64_t seed, const Student& student, const Course& course, int course_index,
             int quarter) {
  const auto who = static_cast<std::uint64_t>(student.number);
  const auto what = static_cast<std::uint64_t>(course_index);
  Random lasting = random_for(seed, Topic::kMark, who, what);
  Random passing =
      random_for(seed, Topic::kMarkInQuarter, who, what * 4 + static_cast<std::uint64_t>(quarter));
  const bool is_core = course.subject <= Subject::kLanguage;
  int tenths = is_core ? 838 : 905;
  tenths += student.ability * (is_core ? 62 : 30) / 1000;
  tenths -= std::clamp((student.absence_rate - 500) / 14, -25, 190);
  tenths += lasting.bell(38) + passing.bell(26);
  if (course.level == CourseLevel::kAdvancedPlacement) tenths -= 40;
  if (student.grade == 12 && quarter == 3) tenths -= 14;
  const bool is_incomplete = student.absence_rate > 1500 && passing.chance(300);
  return {.percent_tenths = std::clamp(tenths, 310, 1000), .is_incomplete = is_incomplete};
}

std::string_view letter_of(int percent_tenths) {
  struct Step {
    int from;
    std::string_view letter;
  };

  constexpr std::array kSteps = {
      Step{97, "A+"}, Step{93, "A"}, Step{90, "A-"}, Step{87, "B+"}, Step{83, "B"}, Step{80, "B-"},
      Step{77, "C+"}, Step{73, "C"}, Step{70, "C-"}, Step{67, "D+"}, Step{63, "D"}, Step{60, "D-"},
  };
  const int percent = (percent_tenths + 5) / 10;
  for (const Step& step : kSteps) {
    if (percent >= step.from) return step.letter;
  }
  return "F";
}

std::string_view standard_of(int percent_tenths) {
  if (percent_tenths >= 935) return "4";
  if (percent_tenths >= 790) return "3";
  return percent_tenths >= 680 ? "2" : "1";
}

}  // namespace homeroom::sample
