// What a district decides about its deployment: infra/settings.json, or nothing at all. Every wrong setting is
// told of before anything is synthesised, in a sentence that says what to write instead.
import { readFileSync } from 'node:fs';
import { PROFILES, Profile, ProfileName } from './profiles';

/** A VPC that Homeroom makes: private subnets only, no internet gateway, no NAT. */
export interface OwnNetwork {
  readonly cidr: string;
}

/** A VPC that is there already. */
export interface GivenNetwork {
  readonly vpcId: string;
  readonly cidr: string;
  readonly subnetIds: string[];
  readonly availabilityZones: string[];
  /** Route tables of those subnets; the S3 gateway endpoint is entered there. */
  readonly routeTableIds: string[];
  /** Kinds of endpoint (`s3`, `logs` ...) that the VPC has already: a second one would clash. */
  readonly endpointsThere: string[];
}

/** An RDS PostgreSQL that Homeroom makes. */
export interface OwnDatabase {
  readonly postgresVersion: string;
}

/** A PostgreSQL that is there already: RDS, or the district's own server behind a VPN. */
export interface GivenDatabase {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** A secret with `username` and `password`. */
  readonly secretArn: string;
  /** The key that the secret is encrypted with, where it is not the account's default. */
  readonly secretKeyArn?: string;
  /** The server's security group, where it stands in the same VPC. */
  readonly securityGroupId?: string;
  /** The server's addresses, where it stands elsewhere. */
  readonly cidr?: string;
  /** The name of the RDS instance, for alarms on its storage and processor. */
  readonly instanceName?: string;
  readonly instanceGb?: number;
}

export interface Vpn {
  /** The public address of the district's VPN device. */
  readonly deviceIp: string;
  /** Networks of the district that are behind it. */
  readonly cidrs: string[];
  readonly bgpAsn: number;
}

export interface Service {
  /** An image in this account's ECR, with its digest or tag. */
  readonly image: string;
  /** A certificate in ACM for the dashboard's name. */
  readonly certificateArn: string;
  /** Who may reach the dashboard: networks of the district. */
  readonly clientCidrs: string[];
}

export interface Settings {
  readonly prefix: string;
  readonly profileName: ProfileName;
  readonly profile: Profile;
  readonly architecture: 'x86_64' | 'arm64';
  readonly tags: Record<string, string>;
  readonly alarmEmail?: string;
  readonly noticeEmail?: string;
  readonly monthlyBudgetUsd: number;
  /** Ten or more files are cleaned at once only where the account's Lambda quota allows; 0 reserves nothing. */
  readonly cleanConcurrency: number;
  readonly expectedFile: { readonly schedule: string; readonly timeZone: string };
  /** Raw files cannot be deleted by anyone for this many days; 0 is no Object Lock. Only when the bucket is made. */
  readonly objectLockDays: number;
  /** True: deleting the stacks deletes every student's data. Only infra/destroy --data sets it, in between. */
  readonly deleteData: boolean;
  readonly network: OwnNetwork | GivenNetwork;
  readonly database: OwnDatabase | GivenDatabase;
  /** Networks from which readers, such as Tableau, connect to the database that Homeroom makes. */
  readonly readerCidrs: string[];
  readonly vpn?: Vpn;
  readonly service?: Service;
}

export class SettingsError extends Error {}

export const isGivenNetwork = (network: Settings['network']): network is GivenNetwork => 'vpcId' in network;
export const isGivenDatabase = (database: Settings['database']): database is GivenDatabase => 'host' in database;

const KNOWN = [
  'prefix',
  'profile',
  'architecture',
  'tags',
  'alarmEmail',
  'noticeEmail',
  'monthlyBudgetUsd',
  'cleanConcurrency',
  'expectedFile',
  'objectLockDays',
  'network',
  'database',
  'readerCidrs',
  'vpn',
  'service',
];

function demand(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new SettingsError(sentence);
}

/** Private networks only: the dashboard and the database are never opened to the internet. */
function demandPrivate(cidrs: string[], name: string): void {
  demand(Array.isArray(cidrs) && cidrs.length > 0, `${name} must be a list of networks, such as ["10.20.0.0/16"]`);
  for (const cidr of cidrs) {
    const parts = /^(\d+)\.(\d+)\.\d+\.\d+\/(\d+)$/.exec(cidr);
    demand(parts !== null, `${name}: "${cidr}" is not a network; write it as "10.20.0.0/16"`);
    const [first, second, bits] = parts.slice(1).map(Number) as [number, number, number];
    const inside =
      (first === 10 && bits >= 8) ||
      (first === 172 && second >= 16 && second <= 31 && bits >= 12) ||
      (first === 192 && second === 168 && bits >= 16) ||
      (first === 100 && second >= 64 && second <= 127 && bits >= 10);
    demand(
      inside,
      `${name}: ${cidr} is not a private network (10/8, 172.16/12, 192.168/16, 100.64/10); ` +
        'people reach Homeroom through a VPN, never through the internet',
    );
  }
}

function readNetwork(given: any): Settings['network'] {
  if (given?.vpcId === undefined) {
    const cidr = given?.cidr ?? '10.61.0.0/20';
    demandPrivate([cidr], 'network.cidr');
    return { cidr };
  }
  const network = { routeTableIds: [], endpointsThere: [], ...given } as GivenNetwork;
  demand(/^vpc-[0-9a-f]+$/.test(network.vpcId), 'network.vpcId must look like "vpc-0123456789abcdef0"');
  demand(
    Array.isArray(network.subnetIds) && network.subnetIds.length >= 2,
    'network.subnetIds must name two private subnets or more, in different availability zones',
  );
  demand(
    network.availabilityZones?.length === network.subnetIds.length,
    'network.availabilityZones must name the zone of each subnet, in the same order',
  );
  demand(
    network.endpointsThere.includes('s3') || network.routeTableIds.length > 0,
    'network.routeTableIds must name the subnets\' route tables, or network.endpointsThere must include "s3"',
  );
  demandPrivate([network.cidr], 'network.cidr');
  return network;
}

function readDatabase(given: any): Settings['database'] {
  if (given?.host === undefined) return { postgresVersion: given?.postgresVersion ?? '15.19' };
  const database = { port: 5432, name: 'homeroom', ...given } as GivenDatabase;
  demand(
    /^arn:[\w-]+:secretsmanager:/.test(database.secretArn ?? ''),
    'database.secretArn must be the ARN of a secret with username and password',
  );
  demand(
    (database.securityGroupId === undefined) !== (database.cidr === undefined),
    'database needs either securityGroupId (a server in the same VPC) or cidr (a server elsewhere)',
  );
  if (database.cidr !== undefined) demandPrivate([database.cidr], 'database.cidr');
  return database;
}

export function readSettings(given: any = {}, profileName?: string): Settings {
  for (const name of Object.keys(given)) {
    demand(KNOWN.includes(name), `"${name}" is not a setting; there are: ${KNOWN.join(', ')}`);
  }
  const chosen = (profileName || given.profile) ?? 'small';
  demand(Object.hasOwn(PROFILES, chosen), `profile "${chosen}" must be small, medium or large`);
  const profile = PROFILES[chosen as ProfileName];
  const prefix = given.prefix ?? 'homeroom';
  demand(/^[a-z][a-z0-9-]{1,19}$/.test(prefix), 'prefix must be 2 to 20 lower case letters, digits and hyphens');
  const architecture = given.architecture ?? 'x86_64';
  demand(['x86_64', 'arm64'].includes(architecture), 'architecture must be x86_64 or arm64');
  if (given.vpn !== undefined) {
    demand(
      given.network?.vpcId === undefined,
      'vpn is only for a VPC that Homeroom makes; a given VPC has its own way in',
    );
    demandPrivate(given.vpn.cidrs, 'vpn.cidrs');
    demand(/^\d+\.\d+\.\d+\.\d+$/.test(given.vpn.deviceIp ?? ''), 'vpn.deviceIp must be the address of the VPN device');
  }
  if (given.readerCidrs !== undefined) {
    demand(given.database?.host === undefined, 'readerCidrs is only for a database that Homeroom makes');
    demandPrivate(given.readerCidrs, 'readerCidrs');
  }
  if (given.service !== undefined) {
    demandPrivate(given.service.clientCidrs, 'service.clientCidrs');
    demand(
      /\.dkr\.ecr\./.test(given.service.image ?? ''),
      'service.image must be an image in ECR: from the private subnets nothing else can be reached',
    );
    demand(
      /^arn:[\w-]+:acm:/.test(given.service.certificateArn ?? ''),
      'service.certificateArn must be the ARN of a certificate in ACM: the dashboard is served over TLS only',
    );
  }
  const schedule = given.expectedFile?.schedule ?? 'cron(30 7 ? * MON-FRI *)';
  demand(/^cron\(.+\)$/.test(schedule), 'expectedFile.schedule must be such as "cron(30 7 ? * MON-FRI *)"');
  return {
    prefix,
    profileName: chosen as ProfileName,
    profile,
    architecture,
    tags: { application: 'homeroom', 'data-classification': 'student-records', ...given.tags },
    alarmEmail: given.alarmEmail,
    noticeEmail: given.noticeEmail,
    monthlyBudgetUsd: given.monthlyBudgetUsd ?? profile.monthlyBudgetUsd,
    cleanConcurrency: given.cleanConcurrency ?? profile.cleanConcurrency,
    expectedFile: { schedule, timeZone: given.expectedFile?.timeZone ?? 'America/Chicago' },
    objectLockDays: given.objectLockDays ?? 0,
    deleteData: false,
    network: readNetwork(given.network),
    database: readDatabase(given.database),
    readerCidrs: given.readerCidrs ?? [],
    vpn: given.vpn === undefined ? undefined : { bgpAsn: 65000, ...given.vpn },
    service: given.service,
  };
}

/** Reads the file where there is one; a missing file means that every setting has its default. */
export function readSettingsFile(path: string | undefined, profileName?: string): Settings {
  if (path === undefined || path === '') return readSettings({}, profileName);
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SettingsError(`${path} cannot be read as JSON: ${(error as Error).message}`);
  }
  return readSettings(given, profileName);
}
