#pragma once

#include "context.h"
#include "io/postgres/postgres.h"

namespace homeroom::cli {

/// Prints the first answers, by school: attendance, chronic absence, incidents, mean scores.
/// What a view cannot tell (nothing loaded, groups too small) is left out or said.
void print_answers(const Context& context, io::Connection& connection);

}  // namespace homeroom::cli
