// The store: raw files as they came, what was cleaned, the programs, and who read what.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';

export interface Buckets {
  readonly accessLogs: s3.Bucket;
  readonly raw: s3.Bucket;
  readonly clean: s3.Bucket;
  readonly artifacts: s3.Bucket;
}

/** Where the dashboard's load balancer writes who asked for what. */
export const LOAD_BALANCER_LOGS = 'load-balancer';

const LEFT_OVER_UPLOADS: s3.LifecycleRule = {
  id: 'left-over-uploads',
  abortIncompleteMultipartUploadAfter: Duration.days(7),
};

/** Older files are read seldom, but at once when they are: no class that takes hours to answer. */
const CHEAPER_WITH_AGE: s3.LifecycleRule = {
  id: 'cheaper-with-age',
  transitions: [
    { storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(90) },
    { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(400) },
  ],
};

export function makeBuckets(
  scope: Construct,
  settings: Settings,
  key: kms.IKey,
  removalPolicy: RemovalPolicy,
): Buckets {
  const shared = {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    removalPolicy,
  };
  const accessLogs = new s3.Bucket(scope, 'AccessLogs', {
    ...shared,
    encryption: s3.BucketEncryption.S3_MANAGED, // S3 delivers access logs to no bucket with a key of its own
    lifecycleRules: [
      LEFT_OVER_UPLOADS,
      {
        id: 'kept-for-two-school-years',
        expiration: Duration.days(800),
        noncurrentVersionExpiration: Duration.days(30),
      },
    ],
  });
  const bucket = (id: string, prefix: string, lifecycleRules: s3.LifecycleRule[], more: Partial<s3.BucketProps> = {}) =>
    new s3.Bucket(scope, id, {
      ...shared,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true, // one request to KMS for many objects
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: `${prefix}/`,
      lifecycleRules: [LEFT_OVER_UPLOADS, ...lifecycleRules],
      ...more,
    });

  // No rule deletes a raw file, nor an older version of one: only a recorded erasure does, or the district's own policy.
  const raw = bucket(
    'Raw',
    'raw',
    [CHEAPER_WITH_AGE],
    settings.objectLockDays === 0
      ? {}
      : {
          objectLockEnabled: true,
          objectLockDefaultRetention: s3.ObjectLockRetention.governance(Duration.days(settings.objectLockDays)),
        },
  );
  (raw.node.defaultChild as s3.CfnBucket).notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
  // What was cleaned can be cleaned again from the raw file, so old versions go.
  const clean = bucket('Clean', 'clean', [
    { id: 'old-versions', noncurrentVersionExpiration: Duration.days(90) },
    {
      id: 'half-written',
      prefix: 'temporary/',
      expiration: Duration.days(2),
      noncurrentVersionExpiration: Duration.days(1),
    },
    { ...CHEAPER_WITH_AGE, prefix: 'clean/' },
  ]);
  const artifacts = bucket('Artifacts', 'artifacts', [
    { id: 'old-versions', noncurrentVersionExpiration: Duration.days(365) },
  ]);
  if (settings.service !== undefined) {
    accessLogs.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'LoadBalancerLogs',
        principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [accessLogs.arnForObjects(`${LOAD_BALANCER_LOGS}/AWSLogs/${Stack.of(scope).account}/*`)],
      }),
    );
  }
  return { accessLogs, raw, clean, artifacts };
}
