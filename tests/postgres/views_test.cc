// The figures, against tables small enough to reckon by hand.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "warehouse.h"

namespace homeroom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Loads make a part of the table for each school year; these rows come without one.
Warehouse with_rows_of_any_year() {
  Warehouse warehouse = Warehouse::with_contracts();
  warehouse.execute("create table parts.any_year partition of data.attendance_daily default");
  return warehouse;
}

// Days on which students of school 010 were marked, written straight into the table.
void mark_days(Warehouse& warehouse, const std::string& student, int first_day, int days,
               const std::string& status, const std::string& school = "010") {
  warehouse.execute(
      "insert into data.attendance_daily (school_year, student_id, school_id, date, status, _run, "
      "_line) select 2026, '" +
      student + "', '" + school + "', date '2025-09-01' + d, '" + status +
      "', 1, 1 from generate_series(" + std::to_string(first_day) + ", " +
      std::to_string(first_day + days - 1) + ") as d");
}

void show_small_groups(Warehouse& warehouse) {
  warehouse.execute("update setting.parameter set value = 1 where name = 'min_group'");
}

constexpr const char* kRate =
    "select school_id, school_name, school_year, num_students, member_days, absent_days, "
    "unknown_days, attendance_rate, hidden_reason from report.attendance_rate_by_school "
    "order by school_id";

constexpr const char* kChronic =
    "select school_id, num_students, chronic_students, chronic_rate, hidden_reason "
    "from report.chronic_absence_by_school order by school_id";

TEST(AttendanceRate, CountsEachStatusForWhatItIs) {
  Warehouse warehouse = with_rows_of_any_year();
  show_small_groups(warehouse);
  warehouse.execute(
      "insert into data.schools (school_id, school_name, _run, _line) values "
      "('010', 'Lincoln', 1, 1)");
  // Present 10: present, tardy, ISS, remote; half a day; absent 3: excused, unexcused, OSS.
  mark_days(warehouse, "01", 0, 7, "present");
  mark_days(warehouse, "01", 7, 1, "tardy");
  mark_days(warehouse, "01", 8, 1, "in_school_suspension");
  mark_days(warehouse, "01", 9, 1, "remote_present");
  mark_days(warehouse, "01", 10, 1, "partial");
  mark_days(warehouse, "01", 11, 1, "absent_excused");
  mark_days(warehouse, "01", 12, 1, "absent_unexcused");
  mark_days(warehouse, "01", 13, 1, "out_of_school_suspension");
  // In neither sum: not expected; a code that nobody knows.
  mark_days(warehouse, "01", 14, 2, "not_in_membership");
  warehouse.execute(
      "insert into data.attendance_daily (school_year, student_id, school_id, date, "
      "code, _run, _line) values (2026, '01', '010', '2025-12-01', 'Q', 1, 1)");
  // 14 days, 3.5 absent: 10.5 / 14.
  EXPECT_THAT(warehouse.rows(kRate), ElementsAre("010|Lincoln|2026|1|14|3.5|1|0.7500|~"));
}

TEST(AttendanceRate, TakesFractionsAndFlagsWhereThereIsNoStatus) {
  Warehouse warehouse = with_rows_of_any_year();
  show_small_groups(warehouse);
  warehouse.execute(R"(
insert into data.attendance_daily (school_year, student_id, school_id, date, is_absent, is_tardy,
    is_dismissed_early, absent_fraction, status, _run, _line)
values
    (2026, '01', '010', '2025-09-01', true, false, null, null, null, 1, 1),
    (2026, '01', '010', '2025-09-02', false, true, null, null, null, 1, 1),
    (2026, '01', '010', '2025-09-03', false, false, false, null, null, 1, 1),
    (2026, '01', '010', '2025-09-04', null, null, true, null, null, 1, 1),
    (2026, '01', '010', '2025-09-05', null, null, null, 0.25, null, 1, 1),
    (2026, '01', '010', '2025-09-08', null, null, null, 0.75, 'absent', 1, 1),
    (2026, '01', '010', '2025-09-09', null, null, null, null, null, 1, 1))");
  EXPECT_THAT(warehouse.rows(kRate), ElementsAre("010|~|2026|1|6|2.00|1|0.6667|~"));
}

TEST(AttendanceRate, IsUnknownAndNotZeroWhenNoDayIsKnown) {
  Warehouse warehouse = with_rows_of_any_year();
  warehouse.execute("update setting.parameter set value = 0 where name = 'min_group'");
  warehouse.execute(
      "insert into data.attendance_daily (school_year, student_id, school_id, date, "
      "code, _run, _line) values (2026, '01', '010', '2025-12-01', 'Q', 1, 1)");
  EXPECT_THAT(warehouse.rows(kRate), ElementsAre("010|~|2026|0|0|0|1|~|~"));
}

TEST(AttendanceRate, FillsDaysOfAFileThatListsExceptionsFromTheCalendar) {
  Warehouse warehouse = with_rows_of_any_year();
  show_small_groups(warehouse);
  // Ten days of school for all, one of them off, one after the newest row of the file.
  warehouse.execute(R"(
insert into data.calendar (school_year, school_id, date, is_instructional_day, _run, _line)
select 2026, case when d % 2 = 0 then '010' end, date '2025-09-01' + d, d <> 4, 1, 1
from generate_series(0, 9) as d;
insert into data.enrollments (school_year, student_id, school_id, entry_date, exit_date, exit_type,
    _run, _line)
values
    (2026, '01', '010', '2025-08-20', null, null, 1, 1),
    (2026, '02', '010', '2025-09-04', '2025-09-06', 'transferred', 1, 1),
    (2026, '02', '010', '2025-09-06', null, null, 1, 1),
    (2026, '03', '010', '2025-08-20', null, 'no_show', 1, 1))");
  mark_days(warehouse, "01", 1, 2, "absent");
  mark_days(warehouse, "01", 4, 1, "absent");  // no school that day
  mark_days(warehouse, "02", 8, 1, "tardy");
  // Days 0..8 but 4: student 01 has 8 and missed 2; student 02, from day 3, 5, each day once.
  EXPECT_THAT(warehouse.rows(kRate), ElementsAre("010|~|2026|2|13|2|0|0.8462|~"));
  // One plain "present" makes it a file of all days: then only the rows count.
  mark_days(warehouse, "01", 5, 1, "present");
  EXPECT_THAT(warehouse.rows(kRate), ElementsAre("010|~|2026|2|5|3|0|0.4000|~"));
}

TEST(AttendanceRate, HidesSmallGroups) {
  Warehouse warehouse = with_rows_of_any_year();
  for (int student = 0; student < 10; ++student) {
    mark_days(warehouse, "s" + std::to_string(student), 0, 10, "present");
    if (student > 0) mark_days(warehouse, "s" + std::to_string(student), 0, 10, "absent", "020");
  }
  EXPECT_THAT(warehouse.rows(kRate), ElementsAre("010|~|2026|10|100|0|0|1.0000|~",
                                                 "020|~|2026|~|~|~|~|~|too few students"));
  EXPECT_THAT(warehouse.rows(kChronic),
              ElementsAre("010|10|0|0.0000|~", "020|~|~|~|too few students"));
}

TEST(ChronicAbsence, BeginsAtExactlyNinetyPercent) {
  Warehouse warehouse = with_rows_of_any_year();
  show_small_groups(warehouse);
  // 18 of 20 days: exactly 90.0 %. 172 of 190: 90.5 %. 9 of 10 days: enough days, chronic.
  mark_days(warehouse, "01", 0, 18, "present");
  mark_days(warehouse, "01", 18, 2, "absent");
  mark_days(warehouse, "02", 0, 172, "present");
  mark_days(warehouse, "02", 172, 18, "absent");
  mark_days(warehouse, "03", 0, 9, "present");
  mark_days(warehouse, "03", 9, 1, "absent_excused");
  // Nine days are too few to be judged, all of them missed.
  mark_days(warehouse, "04", 0, 9, "absent");
  EXPECT_THAT(warehouse.rows(kChronic), ElementsAre("010|3|2|0.6667|~"));
}

TEST(ChronicAbsence, JudgesEachSchoolByItsOwnDaysAndCountsLeavers) {
  Warehouse warehouse = with_rows_of_any_year();
  show_small_groups(warehouse);
  mark_days(warehouse, "01", 0, 20, "present", "010");
  mark_days(warehouse, "01", 20, 16, "present", "020");
  mark_days(warehouse, "01", 36, 4, "absent", "020");
  EXPECT_THAT(warehouse.rows(kChronic), ElementsAre("010|1|0|0.0000|~", "020|1|1|1.0000|~"));
}

TEST(ChronicAbsence, FollowsItsParameters) {
  Warehouse warehouse = with_rows_of_any_year();
  show_small_groups(warehouse);
  mark_days(warehouse, "01", 0, 17, "present");
  mark_days(warehouse, "01", 17, 3, "absent");
  warehouse.execute(
      "update setting.parameter set value = 0.2 where name = "
      "'chronic_absence_threshold'");
  EXPECT_THAT(warehouse.rows(kChronic), ElementsAre("010|1|0|0.0000|~"));
  warehouse.execute(
      "update setting.parameter set value = 21 where name = "
      "'chronic_absence_min_days'");
  EXPECT_THAT(warehouse.rows(kChronic), IsEmpty());
}

TEST(MeanScore, LeavesOutPartsSuppressedAndMissingScores) {
  Warehouse warehouse = with_rows_of_any_year();
  show_small_groups(warehouse);
  warehouse.execute(R"(
insert into data.assessment_results (school_year, student_id, school_id, school_name,
    assessment_id, subject, "window", domain, scale_score, scale_score_suppressed, percentile,
    _run, _line)
values
    (2026, '01', '010', null, 'star', 'math', 'BOY', null, 500, false, 40, 1, 1),
    (2026, '02', '010', null, 'star', 'math', 'BOY', null, 521, false, null, 1, 1),
    (2026, '03', '010', null, 'star', 'math', 'BOY', null, null, true, null, 1, 1),
    (2026, '04', '010', null, 'star', 'math', 'BOY', null, null, false, null, 1, 1),
    (2026, '01', '010', null, 'star', 'math', 'BOY', 'algebra', 900, false, 99, 1, 1),
    (2026, '01', '010', null, 'star', 'math', 'EOY', null, 560.5, false, 60, 1, 1),
    (2026, '01', '010', null, 'star', 'ela', 'BOY', null, 610, false, 70, 1, 1),
    (2026, '09', null, 'Oak', 'star', 'ela', 'BOY', null, 600, false, null, 1, 1))");
  EXPECT_THAT(
      warehouse.rows("select school_id, school_name, assessment_id, subject, \"window\", "
                     "num_students, mean_score, mean_percentile from report.mean_score_by_school "
                     "order by school_id, subject, \"window\""),
      ElementsAre("010|~|star|ela|BOY|1|610.00|70.00", "010|~|star|math|BOY|2|510.50|40.00",
                  "010|~|star|math|EOY|1|560.50|60.00", "~|Oak|star|ela|BOY|1|600.00|~"));
}

TEST(MeanScore, HidesSmallGroups) {
  Warehouse warehouse = with_rows_of_any_year();
  warehouse.execute(R"(
insert into data.assessment_results (school_year, student_id, school_id, assessment_id, subject,
    scale_score, _run, _line)
select 2026, 's' || n, case when n <= 10 then '010' else '020' end, 'star', 'math', 500 + n, 1, 1
from generate_series(1, 19) as n)");
  EXPECT_THAT(warehouse.rows("select school_id, num_students, mean_score, hidden_reason from "
                             "report.mean_score_by_school order by school_id"),
              ElementsAre("010|10|505.50|~", "020|~|~|too few students"));
}

constexpr const char* kIncidents =
    "select school_id, school_year, num_students, num_incidents, incidents_per_100, hidden_reason "
    "from report.incidents_by_school order by school_id, school_year";

void enroll(Warehouse& warehouse, int first, int last, const std::string& school) {
  warehouse.execute(
      "insert into data.enrollments (school_year, student_id, school_id, entry_date, _run, _line) "
      "select 2026, 's' || n, '" +
      school + "', date '2025-08-20', 1, 1 from generate_series(" + std::to_string(first) + ", " +
      std::to_string(last) + ") as n");
}

TEST(Incidents, CountOnceWhenSomebodyTookPartAsPerpetrator) {
  Warehouse warehouse = with_rows_of_any_year();
  enroll(warehouse, 1, 40, "010");
  enroll(warehouse, 41, 60, "020");
  enroll(warehouse, 61, 64, "030");
  warehouse.execute(R"(
insert into data.enrollments (school_year, student_id, school_id, entry_date, exit_type, _run,
    _line)
values
    (2026, 's1', '010', '2026-01-10', null, 1, 1),
    (2026, 's99', '010', '2025-08-20', 'no_show', 1, 1);
insert into data.discipline_incidents (school_year, incident_id, student_id, school_id,
    incident_date, participation, _run, _line)
values
    (2026, 'i1', 's1', '010', '2025-10-01', 'perpetrator', 1, 1),
    (2026, 'i1', 's2', '010', '2025-10-01', 'victim', 1, 1),
    (2026, 'i2', 's3', '010', '2025-10-02', null, 1, 1),
    (2026, 'i3', 's4', '010', '2025-10-03', 'victim', 1, 1),
    (2026, 'i4', null, '010', '2025-10-04', null, 1, 1),
    (2026, 'i5', null, '010', '2025-10-05', null, 1, 1);
insert into data.incident_students (incident_id, student_id, participation, _run, _line)
values
    ('i4', 's5', 'perpetrator', 1, 1),
    ('i4', 's6', 'perpetrator', 1, 1),
    ('i5', 's7', 'witness', 1, 1))");
  // i1, i2 and i4 of 40 students; i3 and i5 have only a victim and a witness.
  EXPECT_THAT(warehouse.rows(kIncidents),
              ElementsAre("010|2026|40|3|7.50|~", "020|2026|20|0|0.00|~",
                          "030|2026|~|~|~|too few students"));
}

TEST(Incidents, AreUnknownAndNotZeroWhenNoneIsLoaded) {
  Warehouse warehouse = with_rows_of_any_year();
  enroll(warehouse, 1, 20, "010");
  EXPECT_THAT(warehouse.rows(kIncidents), ElementsAre("010|2026|20|~|~|~"));
}

TEST(LatestRuns, SaysWhenDataWasLoaded) {
  Warehouse warehouse = with_rows_of_any_year();
  const TableSchema schools =
      make_schema("schools", {"school_id! id", "school_name text"}, {"school_id"});
  warehouse.load(schools, {{2, {"010", "Lincoln"}}});
  EXPECT_EQ(warehouse.value("select dataset, status, rows_read, rows_loaded from "
                            "report.latest_runs"),
            "schools|loaded|1|1");
}

}  // namespace
}  // namespace homeroom
