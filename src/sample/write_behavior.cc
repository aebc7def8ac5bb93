// Incidents, who took part, what followed: three files of the behavior program.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sample/district.h"
#include "sample/faults.h"
#include "sample/spelling.h"
#include "sample/table_writer.h"

namespace homeroom::sample {
namespace {

constexpr int kIncidentsFile = 8;
constexpr int kParticipantsFile = 9;
constexpr int kActionsFile = 10;
constexpr std::size_t kFewestForFaults = 100;  // a shorter file would be held for its bad rows

std::string dated_path(const District& district, std::string_view name) {
  return fmt::format("behavior/{}_{}.csv", name,
                     spell_date(district.calendar.export_date(), DateForm::kIso));
}

std::string spell_days(int days, Random& random) {
  return days > 0 ? fmt::format("{}", days) : std::string(spell_nothing(random));
}

// Drafts that were saved half filled in; nobody took part in them.
void write_drafts(const District& district, TableWriter& out) {
  const int last = district.behavior.incidents.back().number;
  const int spring = district.calendar.school_year();
  out.row({fmt::format("{}", last + 1), "110", fmt::format("2/30/{}", spring), "9:10 AM",
           "Disruption", "Classroom", "", "date to be checked"},
          Kind::kBad);
  out.row({"", "210", fmt::format("5/19/{}", spring), "13:20", "Other", "Parking lot", "",
           "draft, no number yet"},
          Kind::kBad);
}

}  // namespace

Status write_incidents(const District& district, DropFolder& drop) {
  TableWriter out =
      HOMEROOM_TRY(TableWriter::create(drop.root, dated_path(district, "incidents"), {}));
  out.header({"Incident ID", "School ID", "Incident Date", "Incident Time", "Behavior", "Location",
              "Reporter Name", "Incident Description"});
  const std::vector<Incident>& incidents = district.behavior.incidents;
  OneIn repeats(district.seed, kIncidentsFile, 0,
                static_cast<int>(std::min<std::size_t>(incidents.size(), 200)));
  for (const Incident& incident : incidents) {
    Random random = random_for(district.seed, Topic::kSpelling, kIncidentsFile,
                               static_cast<std::uint64_t>(incident.number));
    const ClockForm clock =
        incident.school < 3 ? ClockForm::kTwelveHours : ClockForm::kTwentyFourHours;
    std::string_view behavior = incident.behavior;
    if (behavior == "Fighting" && random.chance(3000)) behavior = "Fight";
    if (behavior == "Defiance" && random.chance(2000)) behavior = "Insubordination";
    out.row({fmt::format("{}", incident.number), school_at(incident.school).id,
             spell_date(district.calendar.date(incident.day), DateForm::kUs),
             spell_time(incident.minute, clock), behavior, incident.location,
             last_first(district.staff_member(incident.reporter).name), incident.narrative});
    if (repeats.hits()) out.repeat_later();
  }
  if (incidents.size() >= kFewestForFaults) write_drafts(district, out);
  drop.files.push_back(HOMEROOM_TRY(out.finish(
      "descriptions with commas, doubled quotes and line breaks, times as 1:05 PM and 13:05, two "
      "words for one behavior, incidents listed twice; at the end drafts with 30 February and "
      "without a number")));
  return {};
}

Status write_incident_students(const District& district, DropFolder& drop) {
  TableWriter out = HOMEROOM_TRY(TableWriter::create(
      drop.root, dated_path(district, "incident_students"), {.newline = "\r\n"}));
  out.header({"Incident ID", "Student ID", "Participation Code"});
  OneIn repeats(district.seed, kParticipantsFile, 0, 190);
  OneIn strangers(district.seed, kParticipantsFile, 1, 300);
  for (const Participant& participant : district.behavior.participants) {
    const Incident& incident =
        district.behavior.incidents[static_cast<std::size_t>(participant.incident)];
    const Student& student = district.students[static_cast<std::size_t>(participant.student)];
    const bool high = incident.school == 5 && participant.role == "Perpetrator";
    const std::string number = fmt::format("{}", incident.number);
    out.row({number, spell_student(student), high ? "Offender" : participant.role});
    if (repeats.hits()) out.repeat_later();
    if (strangers.hits()) out.row({number, "", "Witness"}, Kind::kBad);
  }
  drop.files.push_back(HOMEROOM_TRY(
      out.finish("CRLF, two words for one role, rows listed twice, witnesses without a student")));
  return {};
}

Status write_discipline_actions(const District& district, DropFolder& drop) {
  TableWriter out =
      HOMEROOM_TRY(TableWriter::create(drop.root, dated_path(district, "discipline_actions"),
                                       {.newline = "\r\n", .quoting = Quoting::kNever}));
  out.header({"DisciplineActionIdentifier", "IncidentIdentifier", "StudentUniqueId", "Discipline",
              "DisciplineDate", "DisciplineActionLength", "ActualDisciplineActionLength"});
  OneIn repeats(district.seed, kActionsFile, 0, 170);
  OneIn words(district.seed, kActionsFile, 1, 350);
  for (const Action& action : district.behavior.actions) {
    Random random = random_for(district.seed, Topic::kSpelling, kActionsFile,
                               static_cast<std::uint64_t>(action.number));
    std::string_view what = action.what;
    if (what == "Out-of-School Suspension" && random.chance(2500)) what = "OSS";
    if (what == "In-School Suspension" && random.chance(2500)) what = "ISS";
    const Student& student = district.students[static_cast<std::size_t>(action.student)];
    const Incident& incident =
        district.behavior.incidents[static_cast<std::size_t>(action.incident)];
    const bool in_words = words.hits();
    out.row({fmt::format("{}", action.number), fmt::format("{}", incident.number),
             spell_for_excel(spell_student(student)), what,
             spell_date(district.calendar.date(action.first_day), DateForm::kUsPadded),
             in_words ? "two" : spell_days(action.days_assigned, random),
             spell_days(action.days_served, random)},
            in_words ? Kind::kBad : Kind::kGood);
    if (!in_words && repeats.hits()) out.repeat_later();
  }
  drop.files.push_back(HOMEROOM_TRY(out.finish(
      "student ids wrapped for a spreadsheet (=\"0012345\"), CRLF, two words for one action, N/A, "
      "- and NULL for no days, rows listed twice, a number of days in words")));
  return {};
}

}  // namespace homeroom::sample
