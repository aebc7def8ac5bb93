// Statements that several parts need word for word. Each names its actions one by one.
import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Data } from './data';

export const allow = (
  sid: string,
  actions: string[],
  resources: string[],
  conditions?: Record<string, unknown>,
): iam.PolicyStatement => new iam.PolicyStatement({ sid, actions, resources, conditions });

export const prefixesOf = (bucket: s3.IBucket, prefixes: string[]): string[] =>
  prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));

export const readsObjects = (sid: string, bucket: s3.IBucket, prefixes: string[]): iam.PolicyStatement =>
  allow(sid, ['s3:GetObject', 's3:GetObjectVersion'], prefixesOf(bucket, prefixes));

/** Without it a missing object is answered with 403, as if access were refused. */
export const listsBuckets = (buckets: s3.IBucket[]): iam.PolicyStatement =>
  allow(
    'ListsBuckets',
    ['s3:ListBucket', 's3:GetBucketLocation'],
    buckets.map((bucket) => bucket.bucketArn),
  );

export const writesObjects = (sid: string, bucket: s3.IBucket, prefixes: string[]): iam.PolicyStatement =>
  allow(sid, ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], prefixesOf(bucket, prefixes));

export const usesKey = (sid: string, key: kms.IKey): iam.PolicyStatement =>
  allow(sid, ['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]);

export const decryptsWith = (sid: string, keyArn: string): iam.PolicyStatement => allow(sid, ['kms:Decrypt'], [keyArn]);

/** Network interfaces in a VPC: EC2 knows no narrower resource for these calls before the interface exists. */
export const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DescribeSecurityGroups',
];

export const stackArn = (scope: Construct, service: string, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({ service, resource, resourceName });

/** The catalog, one database of it, and its tables: Glue asks for all three. */
export function catalogArns(scope: Construct, database: string): string[] {
  const stack = Stack.of(scope);
  return [['catalog'], ['database', database], ['table', `${database}/*`]].map(([resource, resourceName]) =>
    stack.formatArn({ service: 'glue', resource: resource!, resourceName }),
  );
}

export const tracing = (): iam.PolicyStatement =>
  allow(
    'Traces',
    ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    ['*'],
  );

export const role = (
  scope: Construct,
  id: string,
  service: string,
  description: string,
  statements: iam.PolicyStatement[],
): iam.Role =>
  new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal(`${service}.amazonaws.com`, {
      // Lambda is not documented to say for whom it comes; who may hand it a role is a matter of iam:PassRole.
      conditions:
        service === 'lambda' ? undefined : { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description,
    inlinePolicies: { allowed: new iam.PolicyDocument({ statements }) },
  });

/** From a group to PostgreSQL: both ends where the database has a group here, ours alone where it stands elsewhere. */
export function reachDatabase(scope: Construct, id: string, group: ec2.ISecurityGroup, data: Data): void {
  const { database } = data;
  const port = typeof database.port === 'number' ? database.port : 5432;
  const rule = {
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    description: `Homeroom ${id.toLowerCase()} to PostgreSQL`,
  };
  if (database.securityGroupId !== undefined) {
    new ec2.CfnSecurityGroupEgress(scope, `${id}ToDatabase`, {
      ...rule,
      groupId: group.securityGroupId,
      destinationSecurityGroupId: database.securityGroupId,
    });
    new ec2.CfnSecurityGroupIngress(scope, `${id}IntoDatabase`, {
      ...rule,
      groupId: database.securityGroupId,
      sourceSecurityGroupId: group.securityGroupId,
    });
  } else {
    new ec2.CfnSecurityGroupEgress(scope, `${id}ToDatabase`, {
      ...rule,
      groupId: group.securityGroupId,
      cidrIp: database.cidr,
    });
  }
}
