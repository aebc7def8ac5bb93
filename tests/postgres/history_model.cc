#include "history_model.h"

#include <algorithm>
#include <map>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace homeroom {
namespace {

struct Row {
  std::string value;
  std::string more;
  std::int64_t run = 0;
  std::size_t line = 0;
};

struct Waiting {
  ModelLine row;
  std::int64_t run = 0;
  std::size_t line = 0;
};

class Model {
 public:
  void take(const ModelFile& file) {
    file.data == Data::kStudents ? take_students(file) : take_attendance(file);
  }

  [[nodiscard]] ModelTables tables() const {
    return {.students = lines_of(students_),
            .attendance = lines_of(attendance_),
            .num_waiting = waiting_.size()};
  }

 private:
  using Rows = std::map<std::string, Row>;

  static void put(Rows& rows, const ModelLine& line, std::int64_t run, std::size_t number) {
    const auto found = rows.find(line.key);
    if (found == rows.end()) {
      rows[line.key] = {line.value, line.more, run, number};
      return;
    }
    Row& row = found->second;
    const bool is_same = row.value == line.value && (!line.has_more || row.more == line.more);
    if (is_same) return;
    row = {line.value, line.has_more ? line.more : row.more, run, number};
  }

  void take_students(const ModelFile& file) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      put(students_, file.lines[i], file.run, i + 2);
    }
    load_waiting();
  }

  void take_attendance(const ModelFile& file) {
    for (const ModelLine& line : file.lines) {
      std::erase_if(waiting_, [&](const Waiting& waiting) {
        return waiting.row.key == line.key && waiting.run < file.run;
      });
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const ModelLine& line = file.lines[i];
      if (file.is_judged && !students_.contains(line.student)) {
        waiting_.push_back({line, file.run, i + 2});
      } else {
        put(attendance_, line, file.run, i + 2);
      }
    }
  }

  // In the order of their runs; a row that a later run has loaded meanwhile is out of date.
  void load_waiting() {
    std::ranges::stable_sort(waiting_, {}, &Waiting::run);
    std::vector<Waiting> still;
    for (const Waiting& waiting : waiting_) {
      if (!students_.contains(waiting.row.student)) {
        still.push_back(waiting);
        continue;
      }
      const auto there = attendance_.find(waiting.row.key);
      if (there != attendance_.end() && there->second.run > waiting.run) continue;
      put(attendance_, waiting.row, waiting.run, waiting.line);
    }
    waiting_ = std::move(still);
  }

  static ModelTable lines_of(const Rows& rows) {
    ModelTable lines;
    for (const auto& [key, row] : rows) {
      lines.push_back(fmt::format("{}|{}|{}|{}|{}", key, row.value,
                                  row.more.empty() ? "~" : row.more, row.run, row.line));
    }
    return lines;
  }

  Rows students_;
  Rows attendance_;
  std::vector<Waiting> waiting_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const ModelTables& tables) {
  return out << fmt::format("students\n  {}\nattendance\n  {}\nwaiting {}\n",
                            fmt::join(tables.students, "\n  "),
                            fmt::join(tables.attendance, "\n  "), tables.num_waiting);
}

ModelTables work_out(const std::vector<ModelFile>& files) {
  Model model;
  for (const ModelFile& file : files) {
    if (file.counts) model.take(file);
  }
  return model.tables();
}

}  // namespace homeroom
