// Real exports, read from beside the repository when they are there. Their names and headers are
// all that is used; docs/reference/corpus-datasets.md says why each is what it is.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/match.h"

namespace homeroom::contract {
namespace {

struct RealFile {
  const char* path;
  const char* dataset;  ///< empty: a table of its own
  int header_line;      ///< 0: has no header, or is no table
};

constexpr RealFile kFiles[] = {
    {"ct_edsight_grade/chronic-absenteeism__2011-12_grade.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2011-12_grade_ct.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2012-13_grade.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2012-13_grade_ct.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2013-14_grade.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2013-14_grade_ct.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2014-15_grade.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2014-15_grade_ct.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2015-16_grade.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2015-16_grade_ct.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2016-17_grade.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2016-17_grade_ct.csv", "", 4},
    {"ct_edsight_grade/chronic-absenteeism__2017-18_grade.csv", "", 5},
    {"ct_edsight_grade/chronic-absenteeism__2018-19_grade.csv", "", 5},
    {"ct_edsight_grade/chronic-absenteeism__2019-20_grade.csv", "", 5},
    {"ct_edsight_grade/chronic-absenteeism__trend_grade.csv", "", 5},
    {"ct_edsight_grade/chronic-absenteeism__trend_grade_ct.csv", "", 5},
    {"edfi_grand_bend/assessment_results.csv", "assessment_results", 1},
    {"edfi_grand_bend/courses.csv", "courses", 1},
    {"edfi_grand_bend/discipline_actions.csv", "discipline_actions", 1},
    {"edfi_grand_bend/discipline_incidents.csv", "discipline_incidents", 1},
    {"edfi_grand_bend/incident_students.csv", "incident_students", 1},
    {"edfi_grand_bend/school_attendance_events.csv", "attendance_daily", 1},
    {"edfi_grand_bend/schools.csv", "schools", 1},
    {"edfi_grand_bend/section_attendance_events.csv", "attendance_period", 1},
    {"edfi_grand_bend/sections.csv", "sections", 1},
    {"edfi_grand_bend/staff.csv", "staff", 1},
    {"edfi_grand_bend/students.csv", "students", 1},
    {"oea_iready/diagnostic_results_ela.csv", "assessment_results", 1},
    {"oea_iready/diagnostic_results_math.csv", "assessment_results", 1},
    {"oea_sis/batch1__studentattendance.csv", "attendance_daily", 1},
    {"oea_sis/batch1__studentdemographics.csv", "students", 1},
    {"oea_sis/batch1__studentsectionmark.csv", "course_marks", 1},
    {"oea_sis/batch2__studentattendance.csv", "attendance_period", 1},
    {"oea_sis/batch2__studentdemographics.csv", "students", 1},
    {"oea_sis/batch2__studentsectionmark.csv", "course_marks", 1},
    {"oea_sis/hello_world_test_data__contoso_sis__day1__students__part1.csv", "students", 1},
    {"oea_sis/hello_world_test_data__contoso_sis__day1__studentsectionmark__part1.csv",
     "course_marks", 1},
    {"studentinsights/assessment_bedford_format_fixture.csv", "assessment_results", 1},
    {"studentinsights/assessment_new_bedford_format_fixture.csv", "assessment_results", 1},
    {"studentinsights/attendance_dump.csv", "attendance_daily", 1},
    {"studentinsights/bad_x2_assessments.csv", "assessment_results", 1},
    {"studentinsights/bedford_davis_social_emotional_fixture.csv", "", 1},
    {"studentinsights/bedford_davis_transition_notes_fixture.csv", "", 1},
    {"studentinsights/bedford_sixth_grade_transition_processor_fixture.csv", "", 1},
    {"studentinsights/ed_plan_accommodations_fixture.csv", "", 1},
    {"studentinsights/ed_plans_fixture.csv", "", 1},
    {"studentinsights/educator_section_assignment_export.csv", "staff_sections", 1},
    {"studentinsights/f_and_p_processor.csv", "assessment_results", 1},
    {"studentinsights/fake_behavior_export.csv", "discipline_incidents", 1},
    {"studentinsights/fake_no_headers.csv", "", 0},
    {"studentinsights/fake_student_services_file.csv", "", 1},
    {"studentinsights/fake_students_export.csv", "students", 1},
    {"studentinsights/fake_x2_assessments.csv", "assessment_results", 1},
    {"studentinsights/form_to_notes_fixture.csv", "", 1},
    {"studentinsights/form_to_notes_fixture_recorded_at_timestamp.csv", "", 1},
    {"studentinsights/form_to_notes_fixture_wide.csv", "", 1},
    {"studentinsights/homework_help_fixture.csv", "", 1},
    {"studentinsights/mega_reading_processor_fixture.csv", "", 1},
    {"studentinsights/mega_reading_processor_fixture_unknown_student.csv", "", 1},
    {"studentinsights/mid_year_survey_fixture.csv", "", 1},
    {"studentinsights/mtss_referral_fixture.csv", "", 1},
    {"studentinsights/q2_self_reflection_fixture.csv", "", 1},
    {"studentinsights/reading_processor.csv", "", 1},
    {"studentinsights/restricted_notes_form_fixture.csv", "", 1},
    {"studentinsights/service_upload_example.csv", "", 1},
    {"studentinsights/star_math_v1.csv", "assessment_results", 1},
    {"studentinsights/star_math_v2.csv", "assessment_results", 1},
    {"studentinsights/star_math_v2_invalid.csv", "assessment_results", 1},
    {"studentinsights/star_reading_v1.csv", "assessment_results", 1},
    {"studentinsights/star_reading_v2.csv", "assessment_results", 1},
    {"studentinsights/star_reading_v2_invalid.csv", "assessment_results", 1},
    {"studentinsights/student_meeting_fixture.csv", "", 1},
    {"studentinsights/student_section_assignment_export_with_district_school_year_token.csv",
     "section_enrollments", 1},
    {"studentinsights/student_section_assignment_export_without_district_school_year.csv",
     "section_enrollments", 1},
    {"studentinsights/student_section_grades_fixture.csv", "", 0},
    {"studentinsights/student_voice_survey.csv", "", 1},
    {"studentinsights/student_voice_survey_2020.csv", "", 1},
    {"studentinsights/student_voice_survey_v2.csv", "", 1},
    {"studentinsights/team_membership_fixture.csv", "", 1},
    {"uci_student/student-por.csv", "", 1},
    {"vendor_exports/ACCESS__2021_to_2025_sample_anonymized_file_ACCESS.csv", "assessment_results",
     1},
    {"vendor_exports/ACCESS__2021_to_2025_sample_anonymized_file_Alternate_ACCESS.csv",
     "assessment_results", 1},
    {"vendor_exports/ACCESS__sample_anonymized_file_ACCESS.csv", "assessment_results", 1},
    {"vendor_exports/ACCESS__sample_anonymized_file_alternate_Alternate_ACCESS.csv",
     "assessment_results", 1},
    {"vendor_exports/ACT__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/AP__SAMPLE_AP_2324.csv", "assessment_results", 1},
    {"vendor_exports/BASC3_BESS__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/Beacon__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/Beacon__sample_anonymized_file_24_25.csv", "assessment_results", 1},
    {"vendor_exports/Beacon__sample_anonymized_file_25_26.csv", "assessment_results", 1},
    {"vendor_exports/CMAS__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/Dibels_8_Benchmark__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/FastBridgeCAT__fake_aMath.csv", "assessment_results", 1},
    {"vendor_exports/FastBridgeCAT__sample_anonymized_aMath.csv", "assessment_results", 1},
    {"vendor_exports/FastBridgeCAT__sample_anonymized_aReading.csv", "assessment_results", 1},
    {"vendor_exports/FastBridge_Math__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/Fountas_and_Pinnell__sample_anonymized_file_FnP.csv", "assessment_results", 1},
    {"vendor_exports/GOLD__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/IB__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/IN_ILEARN__ilearn_checkpoint_sample_data.csv", "assessment_results", 1},
    {"vendor_exports/IN_ILEARN__ilearn_sample_data.csv", "assessment_results", 1},
    {"vendor_exports/KRA__KRA_sample_file_deidentified.csv", "assessment_results", 1},
    {"vendor_exports/KRA__KRA_sample_file_deidentified_new.csv", "assessment_results", 1},
    {"vendor_exports/MAP_Growth__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/MVPA__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/PALS__PALS_SAMPLE_data_file.csv", "assessment_results", 1},
    {"vendor_exports/SC_READY__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/STAAR_Summative__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/STAAR_Summative__sample_anonymized_file.txt", "", 0},
    {"vendor_exports/STAR__SR_Dashboard_Standards_v2_sample_anonymized_file.csv",
     "assessment_results", 1},
    {"vendor_exports/STAR__SR_SkillArea_v1_sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/STAR__SR_sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/WIN__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/_template_bundle__sample_anonymized_file.csv", "assessment_results", 1},
    {"vendor_exports/_template_bundle__sample_stu_ed_org_file.jsonl", "", 0},
    {"vendor_exports/i-Ready__sample_anonymized_file_ela.csv", "assessment_results", 1},
    {"vendor_exports/i-Ready__sample_anonymized_file_math.csv", "assessment_results", 1},
};

constexpr int kRowsToSee = 500;  // enough to know which columns these files leave empty

using Record = std::vector<std::string>;

// Enough CSV for these files: comma, quotes doubled or after a backslash.
class CsvText {
 public:
  explicit CsvText(std::string text) : text_(std::move(text)) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  void skip_line() {
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string::npos ? text_.size() : end + 1;
  }

  bool next(Record& record) {
    record.clear();
    if (at_ >= text_.size()) return false;
    record.emplace_back();
    bool in_quotes = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size() && in_quotes) {
        record.back().push_back(text_[++at_]);
      } else if (c == '"') {
        in_quotes = !in_quotes;
      } else if (c == ',' && !in_quotes) {
        record.emplace_back();
      } else if (c == '\n' && !in_quotes) {
        ++at_;
        break;
      } else if (c != '\r') {
        record.back().push_back(c);
      }
    }
    return true;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

std::string read_text(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(Corpus, EveryRealFileIsTakenForTheDataSetThatADataPersonWouldSay) {
  const std::filesystem::path root =
      std::filesystem::path(HOMEROOM_SOURCE_DIR) / "../shared/corpora/education";
  if (!std::filesystem::exists(root / "MANIFEST.tsv")) {
    GTEST_SKIP() << "the corpus is not beside the repository: nothing was checked";
  }
  const ContractSet set = ContractSet::load("").value();
  for (const RealFile& file : kFiles) {
    if (file.header_line == 0) continue;
    ASSERT_TRUE(std::filesystem::exists(root / file.path)) << file.path;
    CsvText csv(read_text(root / file.path));
    for (int line = 1; line < file.header_line; ++line) csv.skip_line();
    Record header;
    csv.next(header);
    std::vector<char> is_empty(header.size(), 1);
    int num_rows = 0;
    for (Record row; num_rows < kRowsToSee && csv.next(row); ++num_rows) {
      for (std::size_t i = 0; i < row.size() && i < header.size(); ++i) {
        if (!trim(row[i]).empty() && row[i] != "NULL") is_empty[i] = 0;
      }
    }
    const std::string folder = std::filesystem::path(file.path).parent_path().string();
    const auto match = match_file(set, header, split_file_name(file.path, folder), is_empty);
    EXPECT_EQ(match ? match->contract->name : "", file.dataset)
        << file.path << (match ? "\n" + match->reason : "");
  }
}

TEST(Corpus, TheListNamesEveryFileOnce) {
  EXPECT_EQ(std::size(kFiles), 118u);
}

}  // namespace
}  // namespace homeroom::contract
