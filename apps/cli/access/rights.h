#pragma once

// What `homeroom access` asks of schema access, and prints.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "context.h"

namespace homeroom::cli {

/// What the command line said.
struct AccessFlags {
  std::string who;  ///< e-mail; of `revoke` also the number of a permit; of `login` the login
  std::string role;
  std::string school;
  std::string grades;  ///< "09-12"
  std::string section;
  std::string student;
  std::string project;
  std::string until;     ///< last day
  std::string reason;    ///< why
  std::string outsider;  ///< name of a person whom data.staff does not have
  std::string person;    ///< e-mail of whose own a login is
  std::string about;     ///< what a research project is for
  int min_cell = 10;
  int minutes = 60;
  bool is_for_one_use = false;
  bool may_assert = false;
  bool is_forgotten = false;
  bool with_ended = false;
};

/// Errors of all: kInvalidInput when somebody or something named is not there, with what to do;
/// kDatabase.
[[nodiscard]] Status grant(const Context& context, const AccessFlags& flags);
[[nodiscard]] Status revoke(const Context& context, const AccessFlags& flags);
[[nodiscard]] Status list_permits(const Context& context, const AccessFlags& flags);
[[nodiscard]] Status list_who(const Context& context, const AccessFlags& flags);
[[nodiscard]] Status issue_token(const Context& context, const AccessFlags& flags);
[[nodiscard]] Status set_login(const Context& context, const AccessFlags& flags);
[[nodiscard]] Status make_project(const Context& context, const AccessFlags& flags);

/// True where PostgreSQL answers every cell of the matrix as it says, and every table is protected.
[[nodiscard]] Result<bool> test_access(const Context& context);

}  // namespace homeroom::cli
