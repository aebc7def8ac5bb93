// Writes the templates of each variant below the given folder, for cfn-lint and checkov.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIANTS, templatesOf } from './variants';

for (const variant of Object.keys(VARIANTS)) {
  const { data, pipeline } = templatesOf(variant);
  for (const [stack, template] of Object.entries({ data, pipeline })) {
    const folder = join(process.argv[2]!, variant);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${stack}.template.json`), JSON.stringify(template, null, 1));
  }
}
