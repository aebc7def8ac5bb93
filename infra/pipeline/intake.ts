// From "an object was created" to one run of the state machine for up to a hundred objects: a thousand files at once do
// not start a thousand Glue jobs.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as pipes from 'aws-cdk-lib/aws-pipes';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';
import { Data } from './data';
import { allow, role, usesKey } from './grants';

/** One event is at most 2 kB (a key has at most 1,024 bytes), and a run's input at most 256 kB. */
const MOST_FILES_A_RUN = 100;
const LONGEST_WAIT_SECONDS = 60;

export function queue(scope: Construct, id: string, data: Data, more: Partial<sqs.QueueProps> = {}): sqs.Queue {
  return new sqs.Queue(scope, id, {
    encryption: sqs.QueueEncryption.KMS,
    encryptionMasterKey: data.keys.operations,
    dataKeyReuse: Duration.hours(1),
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: RemovalPolicy.DESTROY,
    ...more,
  });
}

export class Intake extends Construct {
  readonly rule: events.CfnRule;
  readonly files: sqs.Queue;
  readonly deadFiles: sqs.Queue;
  readonly pipeName: string;

  constructor(scope: Construct, settings: Settings, data: Data, undelivered: sqs.Queue, stateMachineArn: string) {
    super(scope, 'Intake');
    this.deadFiles = queue(this, 'DeadFiles', data);
    this.files = queue(this, 'Files', data, {
      visibilityTimeout: Duration.minutes(5),
      deadLetterQueue: { queue: this.deadFiles, maxReceiveCount: 3 },
    });
    this.rule = new events.CfnRule(this, 'FileArrived', {
      description: 'Every object that is created in the raw bucket',
      eventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [data.buckets.raw.bucketName] } },
      },
      targets: [
        {
          id: 'files',
          arn: this.files.queueArn,
          deadLetterConfig: { arn: undelivered.queueArn },
          retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86400 },
        },
      ],
    });
    for (const target of [this.files, undelivered]) {
      target.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: 'FilesThatArrived',
          principals: [new iam.ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [target.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': this.rule.attrArn } },
        }),
      );
    }
    const log = new logs.LogGroup(this, 'PipeLog', {
      encryptionKey: data.keys.operations,
      retention: settings.profile.logDays,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const pipeRole = role(this, 'PipeRole', 'pipes', 'Homeroom: takes files off the queue and starts runs', [
      allow('TakesFiles', ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [this.files.queueArn]),
      usesKey('OpensMessages', data.keys.operations),
      allow('StartsRuns', ['states:StartExecution'], [stateMachineArn]),
    ]);
    this.pipeName = `${settings.prefix}-files`;
    new pipes.CfnPipe(this, 'Pipe', {
      name: this.pipeName,
      description: 'Gathers files that arrive together into one run',
      roleArn: pipeRole.roleArn,
      source: this.files.queueArn,
      sourceParameters: {
        sqsQueueParameters: { batchSize: MOST_FILES_A_RUN, maximumBatchingWindowInSeconds: LONGEST_WAIT_SECONDS },
      },
      target: stateMachineArn,
      targetParameters: {
        inputTemplate: '<$.body>',
        stepFunctionStateMachineParameters: { invocationType: 'FIRE_AND_FORGET' },
      },
      logConfiguration: {
        level: 'ERROR',
        cloudwatchLogsLogDestination: { logGroupArn: log.logGroupArn },
      },
    });
  }
}
