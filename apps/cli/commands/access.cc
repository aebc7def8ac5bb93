#include <memory>
#include <string>
#include <vector>

#include "access/rights.h"
#include "command.h"
#include "file_flags.h"
#include "files_command.h"

namespace homeroom::cli {
namespace {

constexpr int kLongestToken = 12 * 60;  // access.setting longest_token

const std::vector<std::string>& roles() {
  static const std::vector<std::string> kRoles = {"teacher",        "counselor",     "principal",
                                                  "district_admin", "data_steward",  "researcher",
                                                  "auditor",        "security_admin"};
  return kRoles;
}

using Do = Status (*)(const Context& context, const AccessFlags& flags);

// Adds the actions; each has a name, a summary and what it does.
class Actions {
 public:
  Actions(CLI::App& app, Context& context, run::ExitCode& result)
      : app_(&app), context_(&context), result_(&result) {}

  CLI::App& add(const char* name, const char* summary, Do action) {
    CLI::App* sub = app_->add_subcommand(name, summary);
    add_data_flags(*sub, *context_);
    add_json_flag(*sub, *context_);
    add_contracts_flag(*sub, *context_);
    sub->callback([flags = flags_, context = context_, result = result_, action] {
      if (const Status done = action(*context, *flags); !done) {
        *result = report_error(*context, done.error());
      }
    });
    return *sub;
  }

  // Of those that change something.
  CLI::App& add_change(const char* name, const char* summary, Do action) {
    CLI::App& sub = add(name, summary, action);
    sub.add_option("--why", flags_->reason, "Why; it is kept")->required();
    sub.add_option("--by", context_->user, "Who decides")->capture_default_str();
    return sub;
  }

  [[nodiscard]] AccessFlags& flags() const { return *flags_; }

 private:
  CLI::App* app_;
  Context* context_;
  run::ExitCode* result_;
  std::shared_ptr<AccessFlags> flags_ = std::make_shared<AccessFlags>();
};

void add_grant(Actions& actions) {
  AccessFlags& flags = actions.flags();
  CLI::App& sub = actions.add_change("grant", "Permit a person more than the rosters say", &grant);
  sub.add_option("EMAIL", flags.who, "Person, by e-mail")->required();
  sub.add_option("ROLE", flags.role, "As what")->required()->check(CLI::IsMember(roles()));
  sub.add_option("--school", flags.school, "School: of a principal, a counselor, a section");
  sub.add_option("--grades", flags.grades, "Grades of that school only: 09-12");
  sub.add_option("--section", flags.section, "Section of this school year: of a teacher");
  sub.add_option("--student", flags.student, "One student: of a counselor");
  sub.add_option("--project", flags.project, "Research project: of a researcher");
  sub.add_option("--until", flags.until, "Last day, as 2027-06-30; without it, until revoked")
      ->check(CLI::Validator(
          [](std::string& text) {
            const bool is_day = text.size() == 10 && text[4] == '-' && text[7] == '-';
            return is_day ? std::string() : std::string("is no day: write it as 2027-06-30");
          },
          "DAY"));
  sub.add_option("--outsider", flags.outsider, "Name of a person whom data.staff does not have");
}

void add_revoke(Actions& actions) {
  CLI::App& sub = actions.add_change("revoke", "Take permits back, in open sessions too", &revoke);
  sub.add_option("PERMIT", actions.flags().who,
                 "Number of a permit, or an e-mail for all of theirs")
      ->required();
}

void add_list(Actions& actions) {
  CLI::App& sub = actions.add("list", "Permits that stand, and logins", &list_permits);
  sub.add_option("EMAIL", actions.flags().who, "Of this person only");
  sub.add_flag("--ended", actions.flags().with_ended, "Those that ended too");
}

void add_who(Actions& actions) {
  CLI::App& sub = actions.add("who", "Who may see a student, or a school, and why", &list_who);
  auto* asked = sub.add_option_group("of");
  asked->add_option("--student", actions.flags().student, "Student, by number");
  asked->add_option("--school", actions.flags().school, "School, by number");
  asked->require_option(1);
}

void add_token(Actions& actions) {
  AccessFlags& flags = actions.flags();
  CLI::App& sub = actions.add("token", "Make a token with which a person signs in", &issue_token);
  sub.add_option("EMAIL", flags.who, "Person, by e-mail")->required();
  sub.add_option("--minutes", flags.minutes, "How long it is good")
      ->check(CLI::Range(1, kLongestToken))
      ->capture_default_str();
  sub.add_option("--login", flags.person, "Good on this login of the database only");
  sub.add_flag("--once", flags.is_for_one_use, "Good for one sign-in");
}

void add_login(Actions& actions) {
  AccessFlags& flags = actions.flags();
  CLI::App& sub = actions.add_change("login", "Say whose a login of the database is", &set_login);
  sub.add_option("LOGIN", flags.who, "Login role of PostgreSQL")->required();
  auto* is = sub.add_option_group("is");
  is->add_option("--person", flags.person, "Its own person's, by e-mail");
  is->add_flag(
      "--names-viewer", flags.may_assert,
      "A BI server's, which may name its viewer: whoever has its password can name anyone");
  is->add_flag("--forget", flags.is_forgotten, "Nobody's");
  is->require_option(1);
}

void add_project(Actions& actions) {
  AccessFlags& flags = actions.flags();
  CLI::App& sub =
      actions.add("project", "Make a research project with pseudonyms of its own", &make_project);
  sub.add_option("NAME", flags.who, "Name of the project")->required();
  sub.add_option("--about", flags.about, "What it is for")->required();
  sub.add_option("--min-cell", flags.min_cell, "Values of fewer students are left out")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  app.require_subcommand(1);
  Actions actions(app, context, result);
  add_grant(actions);
  add_revoke(actions);
  add_list(actions);
  add_who(actions);
  add_token(actions);
  add_login(actions);
  add_project(actions);
  CLI::App* test = app.add_subcommand(
      "test", "Ask PostgreSQL every cell of the access matrix, and take it all back");
  add_data_flags(*test, context);
  add_json_flag(*test, context);
  add_contracts_flag(*test, context);
  test->callback([&context, &result] {
    const Result<bool> agrees = test_access(context);
    if (!agrees) {
      result = report_error(context, agrees.error());
    } else if (!*agrees) {
      result = run::ExitCode::kRejected;
    }
  });
}

}  // namespace

extern const Command command_access = {
    .name = "access",
    .summary = "Say who may see whose rows, ask who may, and test that it holds",
    .examples =
        "  homeroom access grant r.ortiz@district.example principal --school 010 --why \"new "
        "post\"\n"
        "  homeroom access who --student 0012345\n"
        "  homeroom access revoke 17 --why \"left the post\"\n"
        "  homeroom access token r.ortiz@district.example --minutes 30\n"
        "  homeroom access test\n",
    .add = add,
};

}  // namespace homeroom::cli
