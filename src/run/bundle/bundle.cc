#include "run/bundle/bundle.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/result.h"
#include "base/text.h"
#include "contract/match.h"
#include "parse/batch_reader.h"
#include "run/bundle/layout.h"
#include "run/bundle/manifest.h"
#include "run/reading/input_stream.h"
#include "run/settings.h"
#include "sniff/sniff.h"
#include "source/folder.h"
#include "table/batch.h"
#include "table/dialect.h"

namespace homeroom::run {
namespace {

using source::InputFile;
using Ids = std::shared_ptr<const std::vector<std::uint64_t>>;
using Words = std::span<const std::string_view>;

constexpr std::size_t kMostIds = 5'000'000;
constexpr std::size_t kFewestCleverFiles = 3;

// What refers to another comes after it.
constexpr std::array<std::string_view, 14> kOrder = {
    "orgs",  "schools",  "academicSessions", "courses", "staff",    "teachers",    "users",
    "roles", "students", "demographics",     "classes", "sections", "enrollments", "categories"};
// Then everything else by name, then what refers to gradebooks.
constexpr std::array<std::string_view, 2> kLast = {"lineItems", "results"};

struct CleverFile {
  std::string_view stem;
  std::array<std::string_view, 3> needs;
};

// Clever SFTP specification: file names and the ids that each has.
constexpr std::array<CleverFile, 6> kCleverFiles = {
    CleverFile{"schools", {"School_id", "School_name", "School_name"}},
    CleverFile{"students", {"School_id", "Student_id", "Last_name"}},
    CleverFile{"teachers", {"School_id", "Teacher_id", "Last_name"}},
    CleverFile{"sections", {"School_id", "Section_id", "Teacher_id"}},
    CleverFile{"enrollments", {"School_id", "Section_id", "Student_id"}},
    CleverFile{"staff", {"School_id", "Staff_id", "Last_name"}}};

// A file of a folder, with what a look at it says.
struct Look {
  InputFile file;
  std::string stem;
  std::vector<std::string> header;  // empty: not looked at, or there is none
};

bool is_csv(const std::filesystem::path& path) {
  return to_lower(path.filename().string()).find(".csv") != std::string::npos;
}

const CleverFile* find_clever(std::string_view stem) {
  const auto found = std::ranges::find_if(
      kCleverFiles, [&](const CleverFile& file) { return equals_ignoring_case(file.stem, stem); });
  return found == kCleverFiles.end() ? nullptr : &*found;
}

Result<std::unique_ptr<InputStream>> open_table(const std::filesystem::path& path,
                                                const Settings& settings) {
  const FileHead head = HOMEROOM_TRY(read_head(path));
  const Dialect dialect = HOMEROOM_TRY(sniff::sniff(head.bytes, head.is_whole, settings.overrides));
  return InputStream::open(path, dialect, settings, InputStream::Purpose::kReadAgain);
}

std::vector<std::string> read_header(const std::filesystem::path& path, const Settings& settings) {
  const auto stream = open_table(path, settings);
  if (!stream || !(*stream)->reader().has_header()) return {};
  return (*stream)->reader().header();
}

Look look_at(InputFile file, const Settings& settings) {
  Look look{.file = std::move(file), .stem = {}, .header = {}};
  look.stem = contract::split_file_name(look.file.path.string(), look.file.source).stem;
  const bool is_known = is_name_of_layout(look.stem) || find_clever(look.stem) != nullptr;
  if (is_known && is_csv(look.file.path)) look.header = read_header(look.file.path, settings);
  return look;
}

bool has_word(std::string_view text, Words words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return equals_ignoring_case(trim(text), word); });
}

// Hashes of the ids whose row has one of `words` as its role; null when they are too many.
Result<Ids> read_ids(const Look& look, std::string_view id_header, Words words,
                     const Settings& settings) {
  const auto id = position_of(look.header, id_header);
  const auto role = position_of(look.header, "role");
  if (!id || !role) return nullptr;
  const auto stream = HOMEROOM_TRY(open_table(look.file.path, settings));
  auto ids = std::make_shared<std::vector<std::uint64_t>>();
  Batch batch;
  while (HOMEROOM_TRY(stream->reader().next(batch))) {
    for (RowIndex row = 0; row < batch.num_rows(); ++row) {
      if (!has_word(batch.columns[*role][row].text(), words)) continue;
      ids->push_back(hash_of_id(batch.columns[*id][row].text()));
    }
    if (ids->size() > kMostIds) return nullptr;
  }
  std::ranges::sort(*ids);
  const auto repeated = std::ranges::unique(*ids);
  ids->erase(repeated.begin(), repeated.end());
  return ids;
}

// The files of one folder or archive.
class Group {
 public:
  Group(std::vector<Look> looks, const Settings& settings)
      : looks_(std::move(looks)), settings_(&settings) {}

  void take(BundledFiles& out) {
    read_manifest_file(out);
    if (bundle_.empty() && is_clever()) bundle_ = "Clever";
    if (!bundle_.empty()) {
      std::ranges::stable_sort(looks_, {}, [](const Look& look) { return rank(look.stem); });
    }
    for (Look& look : looks_) {
      place(look);
      add_parts(look, out);
    }
  }

 private:
  static std::size_t rank(std::string_view stem) {
    const auto is_stem = [&](std::string_view name) { return equals_ignoring_case(name, stem); };
    const auto first = std::ranges::find_if(kOrder, is_stem);
    if (first != kOrder.end()) return static_cast<std::size_t>(first - kOrder.begin());
    const auto last = std::ranges::find_if(kLast, is_stem);
    return kOrder.size() +
           (last == kLast.end() ? 0 : 1 + static_cast<std::size_t>(last - kLast.begin()));
  }

  void read_manifest_file(BundledFiles& out) {
    const auto at = std::ranges::find_if(looks_, [](const Look& look) {
      return equals_ignoring_case(look.file.path.filename().string(), "manifest.csv");
    });
    if (at == looks_.end()) return;
    manifest_ = run::read_manifest(at->file.path, *settings_);
    if (!manifest_) return;
    const std::filesystem::path path = at->file.path;
    if (!manifest_->counts.empty()) {
      read_counts(path, at, out);
      return;
    }
    looks_.erase(at);
    std::vector<std::string> stems;
    for (const Look& look : looks_) {
      if (is_csv(look.file.path)) stems.push_back(look.stem);
    }
    bundle_ = fmt::format("OneRoster {}", manifest_->version());
    if (manifest_->version().empty()) bundle_ = "OneRoster";
    out.manifests.push_back(report_manifest(*manifest_, path, stems));
    out.manifests.back().bundle = bundle_;
  }

  // A manifest that counts rows; a file of that name which counts nothing here is one like others.
  void read_counts(const std::filesystem::path& path, std::vector<Look>::iterator at,
                   BundledFiles& out) {
    std::vector<std::filesystem::path> files;
    for (const Look& look : looks_) {
      if (&look != &*at) files.push_back(look.file.path);
    }
    const bool is_of_them = std::ranges::any_of(
        files, [&](const auto& file) { return manifest_->count_of(file) != nullptr; });
    if (!is_of_them) {
      manifest_.reset();
      return;
    }
    looks_.erase(at);
    out.manifests.push_back(report_counts(*manifest_, path, files));
    for (Look& look : looks_) {
      const Manifest::Count* count = manifest_->count_of(look.file.path);
      if (count == nullptr || !count->num_rows) continue;
      look.file.place.stated_rows = count->num_rows;
      look.file.place.stated_by = fmt::format("manifest.csv line {}", count->line);
    }
    manifest_.reset();
  }

  [[nodiscard]] bool is_clever() const {
    std::size_t num_found = 0;
    for (const Look& look : looks_) {
      const CleverFile* file = find_clever(look.stem);
      if (file == nullptr) continue;
      const bool fits = std::ranges::all_of(file->needs, [&](std::string_view name) {
        return position_of(look.header, name).has_value();
      });
      if (!fits) return false;
      ++num_found;
    }
    return num_found >= kFewestCleverFiles;
  }

  // What the manifest says of the file.
  void place(Look& look) const {
    source::BundlePlace& place = look.file.place;
    place.bundle = bundle_;
    if (!manifest_) return;
    const std::string_view said = manifest_->says_of(look.stem);
    place.is_delta = equals_ignoring_case(said, "delta");
    place.hold_hint = fmt::format("correct the manifest, or give the file alone: homeroom run {}",
                                  look.file.path.string());
    if (manifest_->version().empty()) {
      place.hold = "its bundle's manifest says no OneRoster version that is known";
    } else if (equals_ignoring_case(said, "absent")) {
      place.hold = "its bundle's manifest says it is absent";
    }
  }

  void add_parts(const Look& look, BundledFiles& out) {
    const std::vector<const Layout*> layouts = settings_->dataset.empty()
                                                   ? find_layouts(look.stem, look.header)
                                                   : std::vector<const Layout*>();
    bool is_added = false;
    for (const Layout* layout : layouts) {
      InputFile file = look.file;
      file.place.dataset = layout->dataset;
      file.place.is_part = layouts.size() > 1;
      if (layout->rows == RowsMeant::kByUser && !find_users(look, *layout, file.place)) continue;
      out.files.push_back(std::move(file));
      is_added = true;
    }
    if (!is_added) out.files.push_back(look.file);
  }

  // The users whose rows are meant. False: the file is taken as its header says instead.
  [[nodiscard]] bool find_users(const Look& look, const Layout& layout,
                                source::BundlePlace& place) const {
    const Look* roles = find("roles");
    const Look* users = find("users");
    const bool is_by_role = roles != nullptr && position_of(roles->header, "userSourcedId");
    const bool is_in_users = users != nullptr && position_of(users->header, "role");
    if (is_by_role || is_in_users) {
      const auto ids = is_by_role ? read_ids(*roles, "userSourcedId", layout.words, *settings_)
                                  : read_ids(*users, "sourcedId", layout.words, *settings_);
      if (ids) place.ids = *ids;
    }
    if (place.ids != nullptr) return true;
    if (!equals_ignoring_case(look.stem, "users")) return false;
    place.hold = "nothing says which of its rows are students";
    place.hold_hint = "send it together with its roles.csv";
    return true;
  }

  [[nodiscard]] const Look* find(std::string_view stem) const {
    const auto found = std::ranges::find_if(
        looks_, [&](const Look& look) { return equals_ignoring_case(look.stem, stem); });
    return found == looks_.end() ? nullptr : &*found;
  }

  std::vector<Look> looks_;
  const Settings* settings_;
  std::optional<Manifest> manifest_;
  std::string bundle_;
};

}  // namespace

BundledFiles plan_bundles(std::vector<InputFile> files, const Settings& settings) {
  // A folder's files and those of an archive in it come mixed: a folder stands where it began.
  std::map<std::filesystem::path, std::size_t> groups;
  std::vector<std::vector<Look>> looks;
  for (InputFile& file : files) {
    const auto [group, is_new] = groups.emplace(file.path.parent_path(), looks.size());
    if (is_new) looks.emplace_back();
    looks[group->second].push_back(look_at(std::move(file), settings));
  }
  BundledFiles out;
  for (std::vector<Look>& group : looks) Group(std::move(group), settings).take(out);
  return out;
}

}  // namespace homeroom::run
