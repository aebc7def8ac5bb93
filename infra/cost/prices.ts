// Unit prices in US dollars, us-east-1, on demand, without free tiers and taxes. `read` says how the number came here:
// `2026` was compared in November 2026 with pages that quote AWS's own of that year; `2025` is AWS's page as of 2025 and
// could not be read again from where this was written. Look again before you rely on one: the pages are named.

export interface Price {
  readonly usd: number;
  readonly unit: string;
  readonly page: string;
  readonly read: '2025' | '2026';
}

const rds = 'aws.amazon.com/rds/postgresql/pricing';
const glue = 'aws.amazon.com/glue/pricing';
const price = (usd: number, unit: string, page: string, read: Price['read'] = '2025'): Price => ({
  usd,
  unit,
  page,
  read,
});

export const DATABASE_HOUR: Record<string, Price> = {
  'db.t4g.medium': price(0.065, 'hour', rds, '2026'),
  'db.m7g.large': price(0.168, 'hour', rds),
  'db.r7g.2xlarge': price(0.957, 'hour', rds),
};

export const PRICES = {
  databaseGb: price(0.115, 'GB and month, gp3, one zone', rds, '2026'),
  glueDpuHour: price(0.44, 'DPU and hour, at least one minute', glue, '2026'),
  crawlerDpuHour: price(0.44, 'DPU and hour, at least ten minutes', glue, '2026'),
  lambdaGbSecond: price(0.0000166667, 'GB and second, x86', 'aws.amazon.com/lambda/pricing'),
  lambdaMillion: price(0.2, 'million requests', 'aws.amazon.com/lambda/pricing'),
  storageGb: price(0.023, 'GB and month, S3 Standard', 'aws.amazon.com/s3/pricing'),
  storageThousandPuts: price(0.005, 'thousand writes', 'aws.amazon.com/s3/pricing'),
  storageThousandGets: price(0.0004, 'thousand reads', 'aws.amazon.com/s3/pricing'),
  thousandTransitions: price(0.025, 'thousand transitions of Step Functions', 'aws.amazon.com/step-functions/pricing'),
  endpointHour: price(0.01, 'endpoint, zone and hour', 'aws.amazon.com/privatelink/pricing'),
  key: price(1, 'key and month', 'aws.amazon.com/kms/pricing'),
  secret: price(0.4, 'secret and month', 'aws.amazon.com/secrets-manager/pricing'),
  alarm: price(0.1, 'alarm and month', 'aws.amazon.com/cloudwatch/pricing'),
  logGb: price(0.5, 'GB of logs taken in', 'aws.amazon.com/cloudwatch/pricing'),
  fargateCpuHour: price(0.04048, 'virtual processor and hour', 'aws.amazon.com/fargate/pricing'),
  fargateGbHour: price(0.004445, 'GB and hour', 'aws.amazon.com/fargate/pricing'),
  balancerHour: price(0.0225, 'load balancer and hour', 'aws.amazon.com/elasticloadbalancing/pricing'),
  vpnHour: price(0.05, 'VPN connection and hour', 'aws.amazon.com/vpn/pricing'),
};
