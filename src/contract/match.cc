#include "contract/match.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/file_name.h"
#include "contract/header_index.h"
#include "contract/match_columns.h"

namespace homeroom::contract {
namespace {

// A wrong data set is worse than a table of its own, so the bars are high: evidence worth more
// than one header that no other data set uses (less where the name says so too), most of what the
// file tells explained by this data set, and a good part of its columns known (half of that part
// where the evidence is overwhelming).
constexpr double kMinEvidence = 1.3;
constexpr double kMinEvidenceWithHint = 0.55;
constexpr double kOverwhelmingEvidence = 5.0;
constexpr double kMinShare = 0.5;
constexpr double kAffixFactor = 0.7;
constexpr double kHintShare = 0.1;
constexpr std::size_t kMaxNamesInReason = 6;

// What a file is judged by. `headers` and `words` outlive it.
struct File {
  const ContractSet* contracts = nullptr;
  std::span<const FoldedHeader> headers;
  std::vector<double> weights;     ///< of each header, 0 where it is no evidence
  std::vector<std::string> words;  ///< of its name and folder
  std::size_t num_named = 0;       ///< headers that count
  double told = 0;                 ///< sum of the weights
};

struct Judgement {
  const Contract* contract = nullptr;
  ColumnAssignment assignment;
  double evidence = 0;   ///< weights of the columns found
  double explained = 0;  ///< the same with what such files repeat of others
  std::size_t num_known = 0;
  bool has_hint = false;
  bool is_excluded = false;  ///< a header says that the file is another data set
};

bool has_name_hint(const Contract& contract, const File& file) {
  return std::ranges::any_of(contract.name_hints, [&](const std::string& hint) {
    return is_run_of(split_words(fold_name(hint)), file.words);
  });
}

File describe(const ContractSet& contracts, std::span<const FoldedHeader> headers,
              const FileName& name) {
  File file{.contracts = &contracts, .headers = headers, .weights = {}, .words = words_of(name)};
  for (const FoldedHeader& header : headers) {
    const double weight = header.is_empty ? 0 : contracts.headers().weight(header.key);
    file.weights.push_back(weight);
    file.told += weight;
    if (!header.is_empty) ++file.num_named;
  }
  return file;
}

// What one header adds to a judgement.
void add_header(const File& file, std::size_t header, std::size_t contract_index,
                Judgement& judgement) {
  const FoldedHeader& folded = file.headers[header];
  if (folded.is_empty) return;
  const ColumnMatch& match = judgement.assignment.columns[header];
  if (match.column >= 0) {
    ++judgement.num_known;
    if (judgement.assignment.is_weak[header] != 0) return;
    const double weight = match.reason == MatchReason::kAffix
                              ? kAffixFactor * std::max(file.weights[header], kMinShare)
                              : file.weights[header];
    judgement.evidence += weight;
    judgement.explained += weight;
    return;
  }
  if (file.contracts->headers().excludes(contract_index, folded.key)) judgement.is_excluded = true;
  if (file.contracts->headers().carries(contract_index, folded.key)) {
    ++judgement.num_known;
    judgement.explained += file.weights[header];
  }
}

Judgement judge(const File& file, const Contract& contract, std::size_t contract_index) {
  Judgement judgement{.contract = &contract, .assignment = {}};
  judgement.assignment =
      assign_columns(file.contracts->headers(), contract, contract_index, file.headers);
  for (std::size_t i = 0; i < file.headers.size(); ++i) {
    add_header(file, i, contract_index, judgement);
  }
  const auto groups = static_cast<double>(judgement.assignment.num_groups);
  judgement.evidence += groups;
  judgement.explained += groups;
  judgement.has_hint = has_name_hint(contract, file);
  return judgement;
}

// True when a header is the column, or a header of a wide file gives it.
bool has_column(const Judgement& judgement, int column, const File& file, bool may_be_weak) {
  const ColumnAssignment& assignment = judgement.assignment;
  const int header = assignment.headers[static_cast<std::size_t>(column)];
  if (header >= 0) {
    const auto index = static_cast<std::size_t>(header);
    return may_be_weak || (assignment.is_weak[index] == 0 && !file.headers[index].is_empty);
  }
  return std::ranges::any_of(assignment.columns, [&](const ColumnMatch& match) {
    return match.column == column && match.reason == MatchReason::kUnpivot;
  });
}

bool has_one_of(const Judgement& judgement, const std::vector<std::string>& names, const File& file,
                bool may_be_weak) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    return has_column(judgement, judgement.contract->find(name), file, may_be_weak);
  });
}

// A required column that neither a header nor anything else provides; null when there is none.
const Column* missing_column(const Judgement& judgement, const File& file) {
  const Contract& contract = *judgement.contract;
  for (std::size_t i = 0; i < contract.columns.size(); ++i) {
    const Column& column = contract.columns[i];
    const bool is_given =
        !column.is_required || column.default_value || !column.made_from.empty() ||
        (column.kind == Kind::kSchoolYear && !contract.school_year_from.empty()) ||
        has_column(judgement, static_cast<int>(i), file, true) ||
        has_one_of(judgement, column.default_from, file, true);
    if (!is_given) return &column;
  }
  return nullptr;
}

bool is_complete(const Judgement& judgement, const File& file) {
  if (judgement.is_excluded) return false;
  const Contract& contract = *judgement.contract;
  if (missing_column(judgement, file) != nullptr) return false;
  if (!contract.any_of.empty() && !has_one_of(judgement, contract.any_of, file, true)) return false;
  return std::ranges::all_of(contract.match_needs, [&](const std::vector<std::string>& group) {
    return has_one_of(judgement, group, file, judgement.has_hint);
  });
}

// Share of what the file tells that the data set explains, 0 to 1. `told` includes the groups of
// the data set that reads the file as a wide one, so that this counts against the others.
double share_of(const Judgement& judgement, double told) {
  return told <= 0 ? 0 : std::min(1.0, judgement.explained / told);
}

bool fits(const Judgement& judgement, const File& file, double told) {
  if (!is_complete(judgement, file) || file.num_named == 0) return false;
  const double needed = judgement.has_hint ? kMinEvidenceWithHint : kMinEvidence;
  if (judgement.evidence < needed || share_of(judgement, told) < kMinShare) return false;
  const double known =
      static_cast<double>(judgement.num_known) / static_cast<double>(file.num_named);
  const bool is_overwhelming = judgement.evidence >= kOverwhelmingEvidence;
  return known >= judgement.contract->min_known_fraction * (is_overwhelming ? 0.5 : 1.0);
}

double score_of(const Judgement& judgement, double told) {
  return (1 - kHintShare) * share_of(judgement, told) + (judgement.has_hint ? kHintShare : 0);
}

std::string reason_of(const Judgement& judgement, const File& file) {
  std::vector<std::string> names;
  std::size_t num_columns = 0;
  for (const ColumnMatch& match : judgement.assignment.columns) {
    if (match.column < 0) continue;
    ++num_columns;
    const std::string& name =
        judgement.contract->columns[static_cast<std::size_t>(match.column)].name;
    if (names.size() < kMaxNamesInReason && std::ranges::find(names, name) == names.end()) {
      names.push_back(name);
    }
  }
  return fmt::format(
      "{} of {} columns known ({}{}){}{}", num_columns, file.headers.size(), join(names, ", "),
      num_columns > names.size() ? ", ..." : "",
      judgement.assignment.num_groups > 0
          ? fmt::format(", {} groups of scores in columns", judgement.assignment.num_groups)
          : "",
      judgement.has_hint ? ", named so" : "");
}

Match to_match(Judgement&& judgement, const File& file, double told) {
  Match match;
  match.contract = judgement.contract;
  match.score = score_of(judgement, told);
  match.reason = reason_of(judgement, file);
  match.columns = std::move(judgement.assignment.columns);
  return match;
}

double told_by(const File& file, std::span<const Judgement> judgements) {
  std::size_t num_groups = 0;
  for (const Judgement& judgement : judgements) {
    num_groups = std::max(num_groups, judgement.assignment.num_groups);
  }
  return file.told + static_cast<double>(num_groups);
}

tl::unexpected<Error> missing_error(std::string_view dataset, std::string_view column,
                                    std::span<const std::string> header) {
  std::vector<std::string> folded;
  for (const std::string& name : header) folded.push_back(fold_name(name));
  const std::string_view near = nearest(column, folded);
  std::string hint = "Add the column, or its name in the file to the contract's homeroom.synonyms";
  if (!near.empty()) {
    const auto at = std::ranges::find(folded, near);
    hint = fmt::format("Is it the column \"{}\"? Add that name to the contract's homeroom.synonyms",
                       header[static_cast<std::size_t>(at - folded.begin())]);
  }
  return fail(ErrorCode::kContract,
              fmt::format("The file has no column {}, which {} needs", column, dataset),
              std::move(hint));
}

}  // namespace

std::optional<Match> match_file(const ContractSet& contracts, std::span<const std::string> header,
                                const FileName& name, std::span<const char> is_empty) {
  const std::vector<FoldedHeader> headers = fold_headers(header, is_empty);
  const File file = describe(contracts, headers, name);
  std::vector<Judgement> judgements;
  for (std::size_t i = 0; i < contracts.contracts().size(); ++i) {
    judgements.push_back(judge(file, contracts.contracts()[i], i));
  }
  const double told = told_by(file, judgements);
  std::erase_if(judgements, [&](const Judgement& each) { return !fits(each, file, told); });
  if (judgements.empty()) return std::nullopt;
  std::ranges::stable_sort(judgements, [&](const Judgement& left, const Judgement& right) {
    return std::pair(score_of(left, told), left.evidence) >
           std::pair(score_of(right, told), right.evidence);
  });
  Match match = to_match(std::move(judgements[0]), file, told);
  if (judgements.size() > 1) {
    match.runner_up = judgements[1].contract->name;
    match.runner_up_score = score_of(judgements[1], told);
  }
  return match;
}

Result<Match> match_to(const ContractSet& contracts, std::string_view dataset,
                       std::span<const std::string> header, const FileName& name,
                       std::span<const char> is_empty) {
  const auto all = contracts.contracts();
  const auto found = std::ranges::find(all, dataset, &Contract::name);
  if (found == all.end()) {
    std::vector<std::string> names;
    for (const Contract& contract : all) names.push_back(contract.name);
    const std::string_view near = nearest(dataset, names);
    return fail(ErrorCode::kContract, fmt::format("There is no data set {}", dataset),
                near.empty() ? fmt::format("Known are {}", join(names, ", "))
                             : fmt::format("Did you mean {}?", near));
  }
  const std::vector<FoldedHeader> headers = fold_headers(header, is_empty);
  const File file = describe(contracts, headers, name);
  Judgement judgement = judge(file, *found, static_cast<std::size_t>(found - all.begin()));
  if (const Column* column = missing_column(judgement, file)) {
    return missing_error(dataset, column->name, header);
  }
  if (!found->any_of.empty() && !has_one_of(judgement, found->any_of, file, true)) {
    return missing_error(dataset, join(found->any_of, " or "), header);
  }
  const double told = file.told + static_cast<double>(judgement.assignment.num_groups);
  return to_match(std::move(judgement), file, told);
}

}  // namespace homeroom::contract
