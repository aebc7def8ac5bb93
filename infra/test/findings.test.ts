// cdk-nag: every finding of AwsSolutions and NIST 800-53 has its reason in findings.ts, and every reason its finding.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { REASONS, Reason } from '../app/findings';
import { makeApp } from '../app/make_app';
import { readSettings } from '../app/settings';
import { VARIANTS } from './variants';

const used = new Set<Reason>();

function findingsOf(variant: string): { rule: string; where: string; pack: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'homeroom-nag-'));
  const { error } = console;
  console.error = () => {}; // the report is read instead
  try {
    const { app } = makeApp(readSettings(VARIANTS[variant]), folder, 'judged');
    try {
      app.synth();
    } catch (failure) {
      if (!/ValidationFailed|Validation failed/.test(String(failure))) throw failure;
    }
    const report = join(folder, 'validation-report.json');
    assert.ok(existsSync(report), 'the checks left no report');
    const { pluginReports } = JSON.parse(readFileSync(report, 'utf8'));
    const packs = pluginReports.map((pack: any) => pack.pluginName).sort();
    assert.ok(packs.includes('AwsSolutions') && packs.includes('NIST.800.53.R5'), `packs that ran: ${packs}`);
    return pluginReports.flatMap((pack: any) =>
      pack.violations.flatMap((violation: any) =>
        violation.violatingConstructs.map((construct: any) => ({
          pack: pack.pluginName,
          rule: violation.ruleName,
          where: construct.constructPath,
        })),
      ),
    );
  } finally {
    console.error = error;
    rmSync(folder, { recursive: true });
  }
}

// Between them these have every resource that any variant has.
for (const variant of ['small', 'everything', 'given']) {
  test(`${variant}: every finding of cdk-nag has its reason`, (context) => {
    const findings = findingsOf(variant);
    assert.ok(findings.length > 10, 'so few findings mean that the packs did not look');
    const unexplained: string[] = [];
    for (const { rule, where } of findings) {
      const reason = REASONS.find((one) => one.rule.test(rule) && one.where.test(where));
      if (reason === undefined) unexplained.push(`${where}: ${rule}`);
      else used.add(reason);
    }
    context.diagnostic(`${findings.length} findings, ${findings.length - unexplained.length} with a reason`);
    assert.deepEqual(unexplained, []);
  });
}

test('no reason stands there for what is not found any more', () => {
  assert.deepEqual(
    REASONS.filter((reason) => !used.has(reason)).map(({ rule, where }) => `${rule} ${where}`),
    [],
  );
});

after(() => used.clear());
