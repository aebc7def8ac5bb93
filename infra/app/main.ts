// Synthesises infra/cdk.out/ from the settings. Usage: node build/app/main.js [OUT]
// HOMEROOM_AWS_SETTINGS: a settings file. HOMEROOM_AWS_PROFILE: small, medium or large, over what the file says.
import { join } from 'node:path';
import { makeApp } from './make_app';
import { SettingsError, readSettingsFile } from './settings';

try {
  const settings = readSettingsFile(process.env['HOMEROOM_AWS_SETTINGS'], process.env['HOMEROOM_AWS_PROFILE']);
  makeApp(settings, process.argv[2] ?? join(__dirname, '..', '..', 'cdk.out')).app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`settings: ${error.message}`);
  process.exitCode = 64;
}
