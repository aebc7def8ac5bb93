#pragma once

// The next file, cleaned while the one before it is loaded.

#include <future>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "io/store.h"
#include "run/attempt.h"
#include "run/cleaning/cleaning_pass.h"
#include "run/reading/prepare.h"
#include "run/reading/reading.h"
#include "run/report.h"
#include "run/settings.h"
#include "source/folder.h"

namespace homeroom::run {

/// What became of a file. Its clean rows and the rows set aside are in a store apart: nobody else
/// sees them before its turn.
struct CleanedAhead {
  FileReport report;
  Remembered remembered;  ///< what it was read with
  std::optional<PreparedFile> file;
  std::string read_by;
  std::unique_ptr<io::ObjectWriter> copy;  ///< its raw bytes, not committed
  Result<CleanedFile> cleaned;
};

/// Cleans one file at a time, on a thread of its own. The same comes out as when it is cleaned in
/// its turn with the same `Remembered`; whether that is still so then, the caller sees to. Not
/// shared by threads.
class Ahead {
 public:
  /// Both must outlive it.
  Ahead(const Settings& settings, const io::Store& store);
  ~Ahead();
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  /// True for plain files that are so small that reading their clean rows again costs nothing, and
  /// that no try at broke off.
  [[nodiscard]] bool suits(const source::InputFile& input) const;

  void begin(const source::InputFile& input, Remembered remembered);

  /// Waits for what was begun. Nothing when that was another file, or this one has to be taken
  /// otherwise (it corrects rows).
  [[nodiscard]] std::optional<CleanedAhead> take(const source::InputFile& input);

  /// The try at `input`, begun with it; nothing when that was another file.
  [[nodiscard]] std::optional<Attempt> take_attempt(const source::InputFile& input);

  /// Moves what was written into the store. Errors: kIo.
  [[nodiscard]] Status publish(const CleanedAhead& cleaned) const;
  /// Throws it away.
  void discard(const CleanedAhead& cleaned) const;

 private:
  Settings settings_;
  const io::Store* store_;
  std::optional<io::Store> apart_;  ///< opened when it is first needed
  source::InputFile input_;         ///< that is in work
  std::optional<Attempt> attempt_;
  std::future<std::optional<CleanedAhead>> work_;
};

}  // namespace homeroom::run
