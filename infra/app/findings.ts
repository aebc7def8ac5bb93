// What the checkers find and we leave as it is, each with its reason: the one place for that. The tests fail when a
// checker finds anything that is not here, and when something stands here that no checker finds any more.
import { CfnResource, Stack } from 'aws-cdk-lib';

export interface Reason {
  /** A rule of cdk-nag (AwsSolutions, NIST.800.53.R5), to the whole of its name. */
  readonly rule: RegExp;
  /** Where: the construct's path, without the name of the app's prefix. */
  readonly where: RegExp;
  readonly reason: string;
}

const ONE_ROLE_ONE_POLICY =
  'The policy belongs to this one role and goes with it; a shared policy would be attached elsewhere one day.';
const OBJECTS_BY_PREFIX =
  "Objects of one bucket below one prefix: their names are the district's file names, which nobody knows before.";

export const REASONS: Reason[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*(Raw|Clean|Artifacts)\w+Arn\w+\/[a-z/]*\*\]$/,
    where: /Role\/Resource$/,
    reason: OBJECTS_BY_PREFIX,
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:glue:.*:table\/homeroom\/\*\]$/,
    where: /Role\/Resource$/,
    reason: "Tables of Homeroom's own database: one a data set, made as files come.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:network-interface\/\*\]$/,
    where: /Jobs\/\w+Role\/Resource$/,
    reason: 'Glue tags the interfaces that it makes, whose ids nobody knows before; only its own tag may be set.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:log-group:\/aws-glue\/\*(:log-stream:\*)?\]$/,
    where: /Role\/Resource$/,
    reason: 'Glue chooses the names of its log groups below this one.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:log-group:RDSOSMetrics:log-stream:\*\]$/,
    where: /DatabaseMonitoring\/Resource$/,
    reason: 'Streams of one log group, named by RDS.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    where: /(CleanFunction\/Role|Jobs\/\w+Role)\/Resource$/,
    reason:
      'Lambda and Glue join the VPC: EC2 wants "*" for its Describe calls, and Lambda documents that it needs ' +
        '"*" to make and remove interfaces. The program itself is denied them. X-Ray and PutMetricData know no ' +
        'resources; the namespace is a condition.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    where: /MachineRole\/Resource$/,
    reason: 'X-Ray, delivery of logs and reading a metric know no resources.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    where: /CrawlerRole\/Resource$/,
    reason: 'glue:GetClassifier and GetSecurityConfiguration know no resources.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    where: /Service\/StartRole\/Resource$/,
    reason: 'ecr:GetAuthorizationToken knows no resources.',
  },
  { rule: /^NIST\.800\.53\.R5-IAMNoInlinePolicy$/, where: /./, reason: ONE_ROLE_ONE_POLICY },
  {
    rule: /^AwsSolutions-RDS11$/,
    where: /Database$/,
    reason:
      'Another port hides nothing from who is inside the VPC, and every tool of the readers expects 5432. ' +
        'Security groups name who may connect.',
  },
  {
    rule: /^(AwsSolutions-RDS3|NIST\.800\.53\.R5-RDSMultiAZSupport)$/,
    where: /Database$/,
    reason:
      'Profile small only: a second instance doubles the bill. What is lost with a zone comes back from ' +
        'point-in-time backups within hours, and from the raw files.',
  },
  {
    rule: /^NIST\.800\.53\.R5-RDSInBackupPlan$/,
    where: /Database$/,
    reason: 'RDS keeps its own backups, to any second, for as many days as the profile says.',
  },
  {
    rule: /^NIST\.800\.53\.R5-S3BucketReplicationEnabled$/,
    where: /./,
    reason:
      'One region: S3 keeps every object in three zones, versions are kept, and student records are not to be ' +
        'in more places than needed. A district that wants a second region adds it.',
  },
  {
    rule: /^NIST\.800\.53\.R5-S3DefaultEncryptionKMS$/,
    where: /AccessLogs\/Resource$/,
    reason: 'S3 delivers its access logs only to a bucket with SSE-S3.',
  },
  {
    rule: /^AwsSolutions-ECS2$/,
    where: /Service\/Task$/,
    reason: 'They are names of buckets and hosts; what is secret comes from Secrets Manager.',
  },
  {
    rule: /^NIST\.800\.53\.R5-ALBWAFEnabled$/,
    where: /Service\/Front\/Resource$/,
    reason:
      "The balancer is inside the VPC, reached from the district's networks only; a firewall against the " +
        "internet would have nothing to stop.",
  },
  {
    rule: /^NIST\.800\.53\.R5-VPCDefaultSecurityGroupClosed$/,
    where: /Vpc\/Resource$/,
    reason: 'CloudFormation cannot close it without a function of its own. Nothing is in that group.',
  },
];

interface Skip {
  readonly id: string;
  /** Which resources: the template's type, and the path of the construct. */
  readonly type: string;
  readonly where: RegExp;
  readonly comment: string;
  readonly holds?: (properties: any) => boolean;
}

/** Checkov reads its exceptions from the metadata of the resource in the template. */
export const CHECKOV: Skip[] = [
  {
    id: 'CKV_AWS_18',
    type: 'AWS::S3::Bucket',
    where: /AccessLogs/,
    comment: 'The bucket of the logs: logs of it would be logs of writing logs',
  },
  {
    id: 'CKV_AWS_157',
    type: 'AWS::RDS::DBInstance',
    where: /Database/,
    holds: (properties) => properties.multiAz === false,
    comment: 'Profile small: point-in-time backups instead of a second instance',
  },
  {
    id: 'CKV_AWS_111',
    type: 'AWS::IAM::Role',
    where: /(CleanFunction\/Role|Jobs\/\w+Role)/,
    comment:
      'Interfaces in the VPC, which Lambda and Glue make under ids that nobody knows before; the Lambda program is denied it',
  },
];

export function markForCheckov(...stacks: Stack[]): void {
  for (const stack of stacks) {
    for (const construct of stack.node.findAll()) {
      if (!CfnResource.isCfnResource(construct)) continue;
      const skip = CHECKOV.filter(
        ({ type, where, holds }) =>
          construct.cfnResourceType === type && where.test(construct.node.path) && (holds?.(construct) ?? true),
      );
      if (skip.length > 0) construct.addMetadata('checkov', { skip: skip.map(({ id, comment }) => ({ id, comment })) });
    }
  }
}
