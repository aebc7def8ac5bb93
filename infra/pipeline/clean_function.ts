// The Lambda: cleans one raw object into the clean bucket. No database, no way out of the VPC, no right on anything that
// it does not read or write.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';
import { Artifacts } from './artifacts';
import { Data } from './data';
import { Endpoints } from './endpoints';
import {
  NETWORK_INTERFACES,
  allow,
  listsBuckets,
  prefixesOf,
  readsObjects,
  role,
  tracing,
  usesKey,
  writesObjects,
} from './grants';

/** Lambda's own limit: a file that takes longer is handed to the Glue job. */
export const CLEAN_TIMEOUT = Duration.minutes(15);

export class CleanFunction extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(
    scope: Construct,
    settings: Settings,
    data: Data,
    endpoints: Endpoints,
    artifacts: Artifacts,
    deadLetters: sqs.IQueue,
  ) {
    super(scope, 'CleanFunction');
    const { buckets, keys, vpc } = data;
    this.name = `${settings.prefix}-clean`;
    this.arn = Stack.of(this).formatArn({ service: 'lambda', resource: `function:${this.name}` });
    const log = new logs.LogGroup(this, 'Log', {
      encryptionKey: keys.operations,
      retention: settings.profile.logDays,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const group = endpoints.groupOfCaller(this, 'Group', vpc, 'Homeroom clean function');
    const executionRole = role(this, 'Role', 'lambda', 'Homeroom: cleans one raw object', [
      readsObjects('ReadsRaw', buckets.raw, ['']),
      readsObjects('ReadsContracts', buckets.artifacts, ['contracts/']),
      readsObjects('ReadsWhatIsThere', buckets.clean, ['clean/', 'quarantine/', 'runs/', 'temporary/']),
      writesObjects('WritesClean', buckets.clean, ['clean/', 'quarantine/', 'runs/', 'temporary/']),
      allow('RemovesHalfWritten', ['s3:DeleteObject'], prefixesOf(buckets.clean, ['temporary/'])),
      listsBuckets([buckets.raw, buckets.clean, buckets.artifacts]),
      usesKey('UsesDataKey', keys.data),
      allow('WritesLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], [`${log.logGroupArn}`]),
      allow(
        'JoinsVpc',
        [...NETWORK_INTERFACES, 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
        ['*'],
      ),
      tracing(),
      allow('LeavesDeadLetters', ['sqs:SendMessage'], [deadLetters.queueArn]),
      usesKey('SealsDeadLetters', keys.operations),
      // Lambda joins the VPC with this role; the program itself, that runs with it too, must not.
      new iam.PolicyStatement({
        sid: 'ProgramJoinsNothing',
        effect: iam.Effect.DENY,
        actions: NETWORK_INTERFACES,
        resources: ['*'],
        conditions: { ArnEquals: { 'lambda:SourceFunctionArn': this.arn } },
      }),
    ]);
    new lambda.CfnFunction(this, 'Function', {
      functionName: this.name,
      description: 'Cleans one file of the raw bucket into the clean bucket',
      runtime: 'provided.al2023',
      handler: 'bootstrap',
      architectures: [settings.architecture],
      code: { s3Bucket: buckets.artifacts.bucketName, s3Key: artifacts.lambdaZip },
      role: executionRole.roleArn,
      memorySize: settings.profile.cleanMemoryMb,
      timeout: CLEAN_TIMEOUT.toSeconds(),
      reservedConcurrentExecutions: settings.cleanConcurrency === 0 ? undefined : settings.cleanConcurrency,
      deadLetterConfig: { targetArn: deadLetters.queueArn },
      kmsKeyArn: keys.data.keyArn,
      loggingConfig: { logGroup: log.logGroupName, logFormat: 'JSON' },
      tracingConfig: { mode: 'Active' },
      vpcConfig: {
        subnetIds: vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
        securityGroupIds: [group.securityGroupId],
      },
      environment: {
        variables: {
          HOMEROOM_CLEAN_BUCKET: buckets.clean.bucketName,
          HOMEROOM_CONTRACTS: `s3://${buckets.artifacts.bucketName}/contracts/`,
          HOMEROOM_LOG_LEVEL: 'info',
        },
      },
    });
  }
}
