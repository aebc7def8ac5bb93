// The state machine that takes a batch of files from raw to loaded. Its definition is a plain file, which the local test
// runs too (infra/statemachine/pipeline.asl.json).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';
import { Data } from './data';
import { allow, role, stackArn, tracing, usesKey, writesObjects } from './grants';

/** The compiled program runs from infra/build/pipeline, the definitions lie in infra/statemachine. */
export const DEFINITIONS = join(__dirname, '..', '..', 'statemachine');

export interface Machine {
  readonly name: string;
  readonly arn: string;
}

export interface Parts {
  readonly functionName: string;
  readonly functionArn: string;
  readonly cleanJob: string;
  readonly loadJob: string;
  readonly crawler: string;
  readonly alarms: sns.ITopic;
}

export const machineArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: `stateMachine:${name}`,
  });

/** A state machine whose log names states and errors, without the data that went through them. */
export function machine(
  scope: Construct,
  id: string,
  name: string,
  definition: string,
  substitutions: Record<string, string>,
  settings: Settings,
  data: Data,
  statements: iam.PolicyStatement[],
): void {
  const log = new logs.LogGroup(scope, `${id}Log`, {
    encryptionKey: data.keys.operations,
    retention: settings.profile.logDays,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const machineRole = role(scope, `${id}Role`, 'states', `Homeroom: runs the state machine ${name}`, [
    ...statements,
    tracing(),
    allow(
      'DeliversItsLog',
      [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      ['*'],
    ),
  ]);
  new stepfunctions.CfnStateMachine(scope, id, {
    stateMachineName: name,
    stateMachineType: 'STANDARD',
    definitionString: JSON.stringify(JSON.parse(readFileSync(join(DEFINITIONS, definition), 'utf8'))),
    definitionSubstitutions: substitutions,
    roleArn: machineRole.roleArn,
    loggingConfiguration: {
      level: 'ALL',
      includeExecutionData: false,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: log.logGroupArn } }],
    },
    tracingConfiguration: { enabled: true },
  });
}

export class Run extends Construct {
  constructor(scope: Construct, name: string, settings: Settings, data: Data, parts: Parts) {
    super(scope, 'Run');
    const job = (jobName: string): string => stackArn(this, 'glue', 'job', jobName);
    machine(
      this,
      'Machine',
      name,
      'pipeline.asl.json',
      {
        CleanFunction: parts.functionName,
        CleanBucket: data.buckets.clean.bucketName,
        CleanJob: parts.cleanJob,
        LoadJob: parts.loadJob,
        Crawler: parts.crawler,
        AlarmTopic: parts.alarms.topicArn,
      },
      settings,
      data,
      [
        allow('Cleans', ['lambda:InvokeFunction'], [parts.functionArn]),
        allow(
          'RunsJobs',
          ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
          [job(parts.cleanJob), job(parts.loadJob)],
        ),
        allow('Crawls', ['glue:StartCrawler', 'glue:GetCrawler'], [stackArn(this, 'glue', 'crawler', parts.crawler)]),
        writesObjects('ListsBatches', data.buckets.clean, ['runs/batches/']),
        usesKey('UsesDataKey', data.keys.data),
        allow('Tells', ['sns:Publish'], [parts.alarms.topicArn]),
        usesKey('SealsMessages', data.keys.operations),
      ],
    );
  }
}
