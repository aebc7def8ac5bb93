// A list that no data set knows.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "sample/district.h"
#include "sample/spelling.h"
#include "sample/table_writer.h"

namespace homeroom::sample {
namespace {

constexpr int kBusFile = 11;
constexpr int kStudentsARoute = 130;
constexpr std::array<std::string_view, 16> kCorners = {
    "Larch St", "Ninth Ave",   "Quarry Rd",      "Old Mill Ln",  "Harlow Blvd", "Juniper Ct",
    "Canal St", "Foundry Way", "Bluff Dr",       "Orchard Ave",  "Depot St",    "Heron Pl",
    "W 4th St", "Prairie Rd",  "County Line Rd", "Ferry Landing"};

std::string spell_corner(Random& random) {
  const int first = random.below(static_cast<int>(kCorners.size()));
  const int second = (first + random.between(1, static_cast<int>(kCorners.size()) - 1)) %
                     static_cast<int>(kCorners.size());
  return fmt::format("{} & {}", kCorners[static_cast<std::size_t>(first)],
                     kCorners[static_cast<std::size_t>(second)]);
}

}  // namespace

Status write_bus_routes(const District& district, DropFolder& drop) {
  const std::string path =
      fmt::format("facilities/bus_routes_{}-08-11.csv", district.calendar.school_year() - 1);
  TableWriter out = HOMEROOM_TRY(TableWriter::create(drop.root, path, {}));
  out.header({"route", "bus", "stop", "corner", "am_pickup", "pm_dropoff", "riders", "driver"});
  const int num_routes = std::max(6, static_cast<int>(district.students.size()) / kStudentsARoute);
  for (int route = 1; route <= num_routes; ++route) {
    Random random =
        random_for(district.seed, Topic::kFacility, kBusFile, static_cast<std::uint64_t>(route));
    const Sex sex = random.chance(4000) ? Sex::kFemale : Sex::kMale;
    const PersonName driver = draw_name(random, sex, draw_race(random));
    const std::string bus = fmt::format("{:04}", 12 + route * 7);
    int morning = random.between(6 * 60 + 20, 7 * 60);
    int afternoon = random.between(15 * 60 + 15, 15 * 60 + 30);
    const int num_stops = random.between(7, 12);
    for (int stop = 1; stop <= num_stops; ++stop) {
      morning += random.between(2, 5);
      afternoon += random.between(2, 6);
      out.row({fmt::format("{:03}", route), bus, fmt::format("{:03}-{:02}", route, stop),
               spell_corner(random), spell_time(morning, ClockForm::kTwelveHours),
               spell_time(afternoon, ClockForm::kTwelveHours),
               fmt::format("{}", random.between(1, 9)), last_first(driver)});
    }
  }
  drop.files.push_back(HOMEROOM_TRY(out.finish(
      "fits no data set: a table of its own; route and bus numbers with leading zeros")));
  return {};
}

}  // namespace homeroom::sample
