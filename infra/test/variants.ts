// The deployments that are tested: the three profiles as they come, and what settings can add or replace. Accounts, ids
// and addresses are made up.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings, readSettings } from '../app/settings';
import { makeApp } from '../app/make_app';

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly Metadata?: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Parameters?: Record<string, any>;
  readonly Outputs?: Record<string, any>;
}

export interface Templates {
  readonly data: Template;
  readonly pipeline: Template;
}

const SERVICE = {
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/homeroom:1.0.0',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000',
  clientCidrs: ['10.20.0.0/16'],
};

export const VARIANTS: Record<string, any> = {
  small: {},
  medium: { profile: 'medium' },
  large: { profile: 'large' },
  // All that can be added to a deployment of our own.
  everything: {
    profile: 'large',
    architecture: 'arm64',
    alarmEmail: 'alarms@district.example',
    noticeEmail: 'stewards@district.example',
    objectLockDays: 30,
    service: SERVICE,
    readerCidrs: ['10.20.0.0/16'],
    vpn: { deviceIp: '203.0.113.7', cidrs: ['10.20.0.0/16'] },
    tags: { district: 'example' },
  },
  // The district's own VPC, and its own PostgreSQL behind its VPN.
  given: {
    profile: 'medium',
    network: {
      vpcId: 'vpc-0123456789abcdef0',
      cidr: '10.40.0.0/16',
      subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      routeTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
      endpointsThere: ['logs'],
    },
    database: {
      host: 'warehouse.district.example',
      cidr: '10.20.30.0/24',
      secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:warehouse-AbCdEf',
    },
    service: SERVICE,
  },
};

const made = new Map<string, Templates>();

export function templatesOf(name: string, more: Partial<Settings> = {}): Templates {
  const key = name + JSON.stringify(more);
  let templates = made.get(key);
  if (templates === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'homeroom-infra-'));
    try {
      const { app } = makeApp({ ...readSettings(VARIANTS[name]), ...more }, folder);
      app.synth();
      const read = (stack: string): Template =>
        JSON.parse(readFileSync(join(folder, `homeroom-${stack}.template.json`), 'utf8'));
      templates = { data: read('data'), pipeline: read('pipeline') };
    } finally {
      rmSync(folder, { recursive: true });
    }
    made.set(key, templates);
  }
  return templates;
}

/** All resources of both stacks, by name. */
export function resourcesOf(name: string, more: Partial<Settings> = {}): [string, Resource][] {
  const { data, pipeline } = templatesOf(name, more);
  return [...Object.entries(data.Resources), ...Object.entries(pipeline.Resources)];
}

export const ofType = (resources: [string, Resource][], type: string): [string, Resource][] =>
  resources.filter(([, resource]) => resource.Type === type);
