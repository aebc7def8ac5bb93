// "No file by the expected hour": a schedule in the district's time zone asks, at that hour, whether anything has come.
// CloudWatch alone cannot: its alarms know no hours, no weekends and no time zones.
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';
import { Data } from '../pipeline/data';
import { allow, role, usesKey } from '../pipeline/grants';
import { machine, machineArn } from '../pipeline/run';

export class ExpectedFile extends Construct {
  constructor(scope: Construct, settings: Settings, data: Data, files: sqs.IQueue, undelivered: sqs.IQueue) {
    super(scope, 'ExpectedFile');
    const name = `${settings.prefix}-expected-file`;
    const arn = machineArn(this, name);
    machine(this, 'Machine', name, 'expected_file.asl.json', { FilesQueue: files.queueName }, settings, data, [
      allow('CountsFiles', ['cloudwatch:GetMetricStatistics'], ['*']),
      allow('SaysWhatIsMissing', ['cloudwatch:PutMetricData'], ['*'], {
        StringEquals: { 'cloudwatch:namespace': 'Homeroom' },
      }),
    ]);
    const schedulerRole = role(this, 'ScheduleRole', 'scheduler', 'Homeroom: asks at the expected hour', [
      allow('Asks', ['states:StartExecution'], [arn]),
      allow('LeavesDeadLetters', ['sqs:SendMessage'], [undelivered.queueArn]),
      usesKey('SealsMessages', data.keys.operations),
    ]);
    new scheduler.CfnSchedule(this, 'Schedule', {
      name,
      description: 'The hour by which a file should have come',
      scheduleExpression: settings.expectedFile.schedule,
      scheduleExpressionTimezone: settings.expectedFile.timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: data.keys.operations.keyArn,
      target: {
        arn,
        roleArn: schedulerRole.roleArn,
        input: JSON.stringify({ hour: '<aws.scheduler.scheduled-time>' }),
        deadLetterConfig: { arn: undelivered.queueArn },
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 3600 },
      },
    });
  }
}
