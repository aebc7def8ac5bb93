// Settings: each wrong one is told of in words that say what to write.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROFILES, ProfileName } from '../app/profiles';
import { SettingsError, isGivenDatabase, readSettings } from '../app/settings';
import { monthly, table } from '../cost/estimate';
import { VARIANTS } from './variants';

const WRONG: [string, any, RegExp][] = [
  ['a name that is no setting', { buget: 5 }, /"buget" is not a setting; there are: prefix, profile/],
  ['a profile that is none', { profile: 'huge' }, /profile "huge" must be small, medium or large/],
  ['a prefix that S3 would refuse', { prefix: 'Home Room' }, /prefix must be 2 to 20 lower case/],
  ['another architecture', { architecture: 'mips' }, /architecture must be x86_64 or arm64/],
  [
    'a dashboard open to the internet',
    { service: { ...VARIANTS['everything'].service, clientCidrs: ['0.0.0.0/0'] } },
    /0\.0\.0\.0\/0 is not a private network/,
  ],
  [
    'a private network that is wider than it',
    { service: { ...VARIANTS['everything'].service, clientCidrs: ['172.16.0.0/8'] } },
    /is not a private network/,
  ],
  [
    'no network where one is needed',
    { service: { ...VARIANTS['everything'].service, clientCidrs: undefined } },
    /must be a list of networks/,
  ],
  [
    'an image that cannot be reached',
    { service: { ...VARIANTS['everything'].service, image: 'docker.example/homeroom' } },
    /must be an image in ECR/,
  ],
  [
    'a dashboard without TLS',
    { service: { ...VARIANTS['everything'].service, certificateArn: undefined } },
    /served over TLS only/,
  ],
  [
    'readers from the internet',
    { readerCidrs: ['203.0.113.0/24'] },
    /readerCidrs: 203\.0\.113\.0\/24 is not a private network/,
  ],
  [
    'a VPC with one subnet',
    { network: { ...VARIANTS['given'].network, subnetIds: ['subnet-0a'] } },
    /two private subnets or more/,
  ],
  [
    'a VPC without a way to S3',
    { network: { ...VARIANTS['given'].network, routeTableIds: [] } },
    /routeTableIds must name/,
  ],
  [
    'a VPN beside a given VPC',
    { ...VARIANTS['given'], vpn: VARIANTS['everything'].vpn },
    /vpn is only for a VPC that Homeroom makes/,
  ],
  [
    'a database without a secret',
    { database: { host: 'db.district.example', cidr: '10.0.0.0/8' } },
    /secretArn must be the ARN/,
  ],
  [
    'a database that nobody says where it is',
    { database: { host: 'db.district.example', secretArn: VARIANTS['given'].database.secretArn } },
    /either securityGroupId .* or cidr/,
  ],
  [
    'a schedule that is none',
    { expectedFile: { schedule: 'half past seven' } },
    /expectedFile.schedule must be such as/,
  ],
];

for (const [what, given, message] of WRONG) {
  test(`settings: ${what} is refused, and the message says what to write`, () => {
    assert.throws(
      () => readSettings(given),
      (error) => error instanceof SettingsError && message.test(error.message),
    );
  });
}

test('settings: without any, it is a small deployment of our own', () => {
  const settings = readSettings();
  assert.equal(settings.profileName, 'small');
  assert.equal(isGivenDatabase(settings.database), false);
  assert.equal(settings.service, undefined);
});

test("settings: the profile of the command line goes before the file's, and none before small", () => {
  assert.equal(readSettings({ profile: 'medium' }, 'large').profileName, 'large');
  assert.equal(readSettings({ profile: 'medium' }, '').profileName, 'medium');
});

test('settings: deleting data cannot be written into a file', () => {
  assert.throws(() => readSettings({ deleteData: true }), SettingsError);
});

test('cost: the table in the guide is what the estimate says', () => {
  const guide = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'guide', 'aws.md'), 'utf8');
  assert.ok(guide.includes(table()), 'docs/guide/aws.md: take the table of `make cost`');
});

test('cost: the budget of each profile is above its estimate, but not twice as high', () => {
  for (const name of Object.keys(PROFILES) as ProfileName[]) {
    const budget = PROFILES[name].monthlyBudgetUsd;
    assert.ok(monthly(name) < budget && budget < 2 * monthly(name), `${name}: ${monthly(name)} and ${budget}`);
  }
});
