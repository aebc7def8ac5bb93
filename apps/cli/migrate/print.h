#pragma once

// What `homeroom migrate` shows, for people and as JSON.

#include <string>
#include <vector>

#include "context.h"
#include "migrate/waiting.h"
#include "run/changes/fit_table.h"
#include "run/changes/plan.h"

namespace homeroom::cli {

/// A migration that waits, with what it would touch and the files that wait for it.
struct WaitingMigration {
  migrate::MigrationRecord record;
  migrate::Preview preview;
  std::vector<std::string> files;
};

struct MigrationPlan {
  std::vector<WaitingMigration> waiting;
  std::vector<run::TableFit> tables;    ///< that somebody else altered, or that contracts change
  std::vector<run::PlannedFile> files;  ///< that were asked about
};

void print_plan(const Context& context, const MigrationPlan& plan);
void print_plan_json(const MigrationPlan& plan);

void print_history(const Context& context, const std::vector<migrate::MigrationRecord>& records);
void print_history_json(const std::vector<migrate::MigrationRecord>& records);

/// One that was applied, refused or reverted just now; `files` wait to be loaded again.
void print_decided(const Context& context, const migrate::MigrationRecord& record,
                   const std::vector<std::string>& files);

}  // namespace homeroom::cli
