// What a deployment costs a month: what stands there whether files come or not, and what files cost. The numbers of files
// are guesses of a district's day, and the times of cleaning and loading were not measured on AWS: each is named here.
import { PROFILES, ProfileName } from '../app/profiles';
import { DATABASE_HOUR, PRICES } from './prices';

const HOURS = 730;
const SCHOOL_DAYS = 21;
const SECRETS = 1;
const KEYS = 2;
const ALARMS = 17;
const ENDPOINTS = 6;
const TRANSITIONS_A_FILE = 4;
const TRANSITIONS_A_BATCH = 20;
const CRAWLER_DPU = 2;
const CRAWLER_MINUTES = 10; // AWS counts ten where it was less
/** Guess: starting a program, and one second for each 20 MB, with the network. */
const cleanSeconds = (mb: number): number => 0.5 + mb / 20;
/** Guess: Spark's start, and one minute for each 500 MB on each worker. */
const loadMinutes = (mb: number, workers: number): number => 2 + mb / 500 / workers;

export interface Day {
  readonly files: number;
  readonly mb: number;
  readonly batches: number;
  /** Of all files that were ever kept, raw and clean. */
  readonly storedGb: number;
  readonly logGb: number;
}

export const DAYS: Record<ProfileName, Day> = {
  small: { files: 30, mb: 60, batches: 3, storedGb: 30, logGb: 2 },
  medium: { files: 300, mb: 1000, batches: 10, storedGb: 500, logGb: 10 },
  large: { files: 2000, mb: 10000, batches: 30, storedGb: 5000, logGb: 50 },
};

export interface Line {
  readonly what: string;
  readonly usd: number;
}

const WORKER_DPU = { 'G.1X': 1, 'G.2X': 2 };

export function estimate(name: ProfileName): { fixed: Line[]; files: Line[]; extra: Line[] } {
  const profile = PROFILES[name];
  const day = DAYS[name];
  const zones = profile.databaseMultiAz ? 2 : 1;
  const batches = day.batches * SCHOOL_DAYS;
  const files = day.files * SCHOOL_DAYS;
  const dpu = WORKER_DPU[profile.glueWorkerType] * profile.glueWorkers;
  const batchMinutes = loadMinutes(day.mb / day.batches, profile.glueWorkers);
  const fileSeconds = cleanSeconds(day.mb / day.files);
  return {
    fixed: [
      {
        what: `PostgreSQL (${profile.databaseClass}${zones === 2 ? ', two zones' : ''})`,
        usd: DATABASE_HOUR[profile.databaseClass]!.usd * zones * HOURS,
      },
      { what: `Its storage, ${profile.databaseGb} GB`, usd: PRICES.databaseGb.usd * zones * profile.databaseGb },
      {
        what: `VPC endpoints (${ENDPOINTS} in ${profile.endpointZones === 1 ? 'one zone' : 'two zones'})`,
        usd: PRICES.endpointHour.usd * ENDPOINTS * profile.endpointZones * HOURS,
      },
      {
        what: 'Keys, secret, alarms',
        usd: PRICES.key.usd * KEYS + PRICES.secret.usd * SECRETS + PRICES.alarm.usd * ALARMS,
      },
    ],
    files: [
      {
        what: 'Lambda',
        usd:
          files *
          (((fileSeconds * profile.cleanMemoryMb) / 1024) * PRICES.lambdaGbSecond.usd + PRICES.lambdaMillion.usd / 1e6),
      },
      { what: 'Glue load job', usd: ((batches * dpu * batchMinutes) / 60) * PRICES.glueDpuHour.usd },
      { what: 'Glue crawler', usd: ((batches * CRAWLER_DPU * CRAWLER_MINUTES) / 60) * PRICES.crawlerDpuHour.usd },
      {
        what: 'Step Functions',
        usd: ((files * TRANSITIONS_A_FILE + batches * TRANSITIONS_A_BATCH) / 1000) * PRICES.thousandTransitions.usd,
      },
      {
        what: `S3, ${day.storedGb} GB and requests`,
        usd:
          day.storedGb * PRICES.storageGb.usd +
          (files * (5 * PRICES.storageThousandPuts.usd + 20 * PRICES.storageThousandGets.usd)) / 1000,
      },
      { what: `Logs, ${day.logGb} GB`, usd: day.logGb * PRICES.logGb.usd },
    ],
    extra: [
      {
        what: 'dashboard: container, balancer, two more endpoints',
        usd:
          HOURS *
          ((profile.serviceCpu / 1024) * PRICES.fargateCpuHour.usd +
            (profile.serviceMemoryMb / 1024) * PRICES.fargateGbHour.usd +
            PRICES.balancerHour.usd +
            2 * profile.endpointZones * PRICES.endpointHour.usd),
      },
      { what: 'VPN to the district', usd: PRICES.vpnHour.usd * HOURS },
    ],
  };
}

const sum = (lines: Line[]): number => lines.reduce((total, { usd }) => total + usd, 0);
const dollars = (usd: number): string => (usd < 10 ? usd.toFixed(2) : usd.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ','));

/** The table of the guide, which a test compares with it. */
export function table(): string {
  const names = Object.keys(PROFILES) as ProfileName[];
  const all = names.map(estimate);
  const rows: string[] = [
    `| A month, in US dollars | ${names.join(' | ')} |`,
    '| --- | --: | --: | --: |',
    `| Students | ${names.map((name) => PROFILES[name].students).join(' | ')} |`,
    `| Files, MB a school day | ${names.map((name) => `${DAYS[name].files}, ${DAYS[name].mb}`).join(' | ')} |`,
  ];
  const row = (what: string, values: number[]): void => {
    rows.push(`| ${what} | ${values.map(dollars).join(' | ')} |`);
  };
  const short = (what: string): string => what.replace(/ \(.*\)$|, \d.*$/, '');
  for (const part of ['fixed', 'files', 'extra'] as const) {
    all[0]![part].forEach((line, index) =>
      row(
        part === 'extra' ? `(${line.what})` : short(line.what),
        all.map((one) => one[part][index]!.usd),
      ),
    );
    if (part === 'files')
      row(
        '**Together**',
        all.map((one) => sum(one.fixed) + sum(one.files)),
      );
  }
  return rows.join('\n');
}

export const monthly = (name: ProfileName): number => {
  const { fixed, files, extra } = estimate(name);
  return sum([...fixed, ...files, ...extra]);
};
