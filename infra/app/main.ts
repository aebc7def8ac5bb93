// Synthesises infra/cdk.out/ from the settings. Usage: node build/app/main.js [OUT]
// HOMEROOM_AWS_SETTINGS: a settings file. HOMEROOM_AWS_PROFILE: small, medium or large, over what the file says.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeApp } from './make_app';
import { SettingsError, isGivenDatabase, readSettingsFile } from './settings';

try {
  const read = readSettingsFile(process.env['HOMEROOM_AWS_SETTINGS'], process.env['HOMEROOM_AWS_PROFILE']);
  const settings = process.env['HOMEROOM_AWS_DELETE_DATA'] === '1' ? { ...read, deleteData: true } : read;
  const outdir = process.argv[2] ?? join(__dirname, '..', '..', 'cdk.out');
  makeApp(settings, outdir).app.synth();
  // What infra/deploy and destroy have to know.
  writeFileSync(
    join(outdir, 'deployment'),
    [
      `prefix=${settings.prefix}`,
      `architecture=${settings.architecture}`,
      `own_database=${isGivenDatabase(settings.database) ? 'no' : 'yes'}`,
    ].join('\n') + '\n',
  );
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`settings: ${error.message}`);
  process.exitCode = 64;
}
