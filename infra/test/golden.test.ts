// Each profile's templates, as they were reviewed. `HOMEROOM_WRITE_GOLDEN=1 infra/check` writes them
// again; the difference is what is reviewed.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { templatesOf } from './variants';

const GOLDEN = join(__dirname, '..', '..', 'golden');

for (const profile of ['small', 'medium', 'large']) {
  for (const stack of ['data', 'pipeline'] as const) {
    test(`${profile}: the ${stack} template is the one that was reviewed`, () => {
      const now = JSON.stringify(templatesOf(profile)[stack], null, 1) + '\n';
      const path = join(GOLDEN, `${profile}-${stack}.json`);
      if (process.env['HOMEROOM_WRITE_GOLDEN'] === '1') {
        mkdirSync(GOLDEN, { recursive: true });
        writeFileSync(path, now);
      }
      assert.ok(
        now === readFileSync(path, 'utf8'),
        `${path} differs: review the difference, then HOMEROOM_WRITE_GOLDEN=1 infra/check`,
      );
    });
  }
}
