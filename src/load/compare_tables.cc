#include "load/compare_tables.h"

#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "load/target_table.h"

namespace homeroom::load {
namespace {

using contract::Bound;
using contract::Comparison;
using contract::Figure;
using io::quote_identifier;

std::string data_table(const std::string& name) {
  return "data." + quote_identifier(name);
}

std::string figure_sql(const Figure& figure) {
  switch (figure.of) {
    case Figure::Of::kRows:
      break;
    case Figure::Of::kSum:
      return fmt::format("coalesce(sum({}), 0)", quote_identifier(figure.column));
    case Figure::Of::kDistinct:
      return fmt::format("count(distinct {})", quote_identifier(figure.column));
  }
  return "count(*)";
}

// "select a as k0, b as k1, count(*) as ours, 0 as theirs from data.t group by a, b"
std::string side_sql(const std::string& table, const std::vector<std::string>& by,
                     const std::string& ours, const std::string& theirs) {
  std::string keys;
  std::vector<std::string> names;
  for (const std::string& column : by) {
    const std::string name = quote_identifier(column);
    keys += fmt::format("{} as k{}, ", name, names.size());
    names.push_back(name);
  }
  std::string sql = fmt::format("select {}{}::numeric as ours, {}::numeric as theirs from {}", keys,
                                ours, theirs, data_table(table));
  return names.empty() ? sql : sql + " group by " + join(names, ", ");
}

// True where the figure `f` is what the bound wants; its limits are decimal numbers.
std::string fits_sql(const std::optional<Bound>& bound) {
  if (!bound) return "f = 0";
  switch (bound->op) {
    case Bound::Operator::kBe:
      return "f = " + bound->low;
    case Bound::Operator::kNotBe:
      return "f <> " + bound->low;
    case Bound::Operator::kGreaterThan:
      return "f > " + bound->low;
    case Bound::Operator::kGreaterOrEqual:
      return "f >= " + bound->low;
    case Bound::Operator::kLessThan:
      return "f < " + bound->low;
    case Bound::Operator::kLessOrEqual:
      return "f <= " + bound->low;
    case Bound::Operator::kBetween:
      return fmt::format("f between {} and {}", bound->low, bound->high);
    case Bound::Operator::kNotBetween:
      return fmt::format("f not between {} and {}", bound->low, bound->high);
  }
  return "f = 0";
}

std::string comparison_sql(const std::string& table, const Comparison& comparison,
                           const std::optional<Bound>& bound) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < comparison.by.size(); ++i) keys.push_back(fmt::format("k{}", i));
  const bool is_percent = bound && bound->is_percent;
  const std::string figure = is_percent
                                 ? "case when theirs = 0 then case when ours = 0 then 100 end "
                                   "else 100 * ours / theirs end"
                                 : "ours - theirs";
  return fmt::format(
      "with both_sides as (\n{}\nunion all\n{}\n),\n"
      "one_side as (select sum(ours) as ours, sum(theirs) as theirs from both_sides{}),\n"
      "judged as (select ours, theirs, {} as f from one_side)\n"
      "select count(*), count(*) filter (where ({}) is not true),\n"
      "    trim_scale(max(abs(ours - theirs)))::text, trim_scale(round(max(f), 6))::text\n"
      "from judged",
      side_sql(table, comparison.by, figure_sql(comparison.ours), "0"),
      side_sql(comparison.table, comparison.their_by, "0", figure_sql(comparison.theirs)),
      keys.empty() ? "" : " group by " + join(keys, ", "), figure, fits_sql(bound));
}

Result<bool> is_filled(io::Connection& connection, const std::string& table) {
  const io::QueryResult known = HOMEROOM_TRY(connection.execute(
      fmt::format("select to_regclass({}) is not null", io::quote_literal(data_table(table)))));
  if (known.text(0, 0) != "t") return false;
  return has_rows(connection, table);
}

}  // namespace

Result<std::optional<ComparedTables>> compare_tables(io::Connection& connection,
                                                     const std::string& table,
                                                     const Comparison& comparison,
                                                     const std::optional<Bound>& bound) {
  const bool is_judged = HOMEROOM_TRY(is_filled(connection, comparison.table)) &&
                         HOMEROOM_TRY(is_filled(connection, table));
  if (!is_judged) return std::nullopt;
  const io::QueryResult rows =
      HOMEROOM_TRY(connection.execute(comparison_sql(table, comparison, bound)));
  ComparedTables compared;
  compared.num_groups = static_cast<std::uint64_t>(rows.integer(0, 0));
  compared.num_wrong = static_cast<std::uint64_t>(rows.integer(0, 1));
  compared.greatest = std::string(rows.text(0, 2));
  if (!rows.is_null(0, 3)) compared.figure = std::string(rows.text(0, 3));
  return compared;
}

}  // namespace homeroom::load
