#pragma once

// How the report's page looks. Internal to src/run/evidence.

#include <string_view>

namespace homeroom::run {

/// On a narrow screen the rows of a table become cards, each value under its column's name.
inline constexpr std::string_view kReportStyle = R"(
:root { color-scheme: light dark; --ink: #1c2126; --soft: #5b6670; --paper: #ffffff;
  --line: #d7dde2; --shade: #f3f5f7; --good: #1f6f43; --attention: #8a5a00; --bad: #a3261d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --soft: #9aa5af; --paper: #15191d; --line: #343b42; --shade: #20262c;
    --good: #6fce98; --attention: #e8b959; --bad: #ff9187; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
article + article { margin-top: 4rem; padding-top: 2rem; border-top: 2px solid var(--line); }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.15rem; }
p { margin: .3rem 0; }
.path { color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
.box { margin: 1.2rem 0; padding: .8rem 1rem; background: var(--shade);
  border-left: .35rem solid var(--soft); border-radius: .25rem; }
.box .verdict { font-size: 1.15rem; font-weight: 650; }
.good { border-color: var(--good); } .good .verdict { color: var(--good); }
.attention { border-color: var(--attention); } .attention .verdict { color: var(--attention); }
.bad { border-color: var(--bad); } .bad .verdict { color: var(--bad); }
table { width: 100%; border-collapse: collapse; font-size: .93rem; }
th, td { padding: .45rem .6rem .45rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td:first-child { min-width: 7.5rem; } td.at { min-width: 0; white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap;
  padding-right: 1.5rem; }
td:not(.number) > span, code { unicode-bidi: isolate; }
code { padding: .05rem .3rem; background: var(--shade); border-radius: .2rem; white-space: pre-wrap;
  font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.2rem; }
ul.samples { padding: 0; list-style: none; }
.arrow, .line { color: var(--soft); } .line { font-size: .85em; white-space: nowrap; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td, td:first-child { min-width: 7.5rem; } td.at { min-width: 0; white-space: nowrap; }
td.number { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .5rem; padding: .1rem 0;
    border: 0; text-align: left; }
  td::before { content: attr(data-label); color: var(--soft); } }
@media print { .box, code { background: none; } }
)";

}  // namespace homeroom::run
