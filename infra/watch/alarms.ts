// Every alarm, in one table: what is counted, from what on it is too much, and what to do then. All go to one topic, and
// say so again when it is over.
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';

export interface Watched {
  readonly functionName: string;
  readonly functionTimeout: Duration;
  readonly filesQueue: string;
  readonly deadQueues: Record<string, string>;
  readonly pipeName: string;
  readonly stateMachineArn: string;
  readonly jobs: string[];
  readonly crawler: string;
  readonly fileRule: string;
  readonly database?: { readonly instanceName: string; readonly gb: number };
  readonly service?: { readonly cluster: string; readonly name: string; readonly desired: number };
}

interface Line {
  readonly id: string;
  readonly says: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Record<string, string>;
  readonly statistic?: string;
  readonly minutes?: number;
  readonly periods?: number;
  readonly above?: number;
  readonly below?: number;
  /** What silence means. By default nothing: these metrics are only sent when something happens. */
  readonly missing?: cloudwatch.TreatMissingData;
}

const GIB = 1024 ** 3;

function lines(watched: Watched, failures: Record<string, string>): Line[] {
  const lambda = { namespace: 'AWS/Lambda', dimensions: { FunctionName: watched.functionName } };
  const machine = { namespace: 'AWS/States', dimensions: { StateMachineArn: watched.stateMachineArn } };
  const seconds = watched.functionTimeout.toSeconds();
  const result: Line[] = [
    {
      id: 'LambdaErrors',
      says: "Cleaning a file failed. The run tries three times; look into the function's log",
      ...lambda,
      metric: 'Errors',
      statistic: 'Sum',
    },
    {
      id: 'LambdaThrottles',
      says: 'More files at once than the function may take, for a quarter of an hour: raise cleanConcurrency',
      ...lambda,
      metric: 'Throttles',
      statistic: 'Sum',
      periods: 3,
    },
    {
      id: 'LambdaDuration',
      says: 'Cleaning one file took 80 % of the time there is. Larger ones go to the Glue job',
      ...lambda,
      metric: 'Duration',
      statistic: 'Maximum',
      above: seconds * 1000 * 0.8,
    },
    {
      id: 'FilesWait',
      says: 'A file has waited for 30 minutes to be taken: look at the pipe',
      namespace: 'AWS/SQS',
      metric: 'ApproximateAgeOfOldestMessage',
      dimensions: { QueueName: watched.filesQueue },
      statistic: 'Maximum',
      above: 1800,
    },
    {
      id: 'PipeFailures',
      says: 'Runs could not be started for files that arrived',
      namespace: 'AWS/EventBridge/Pipes',
      metric: 'ExecutionFailed',
      dimensions: { PipeName: watched.pipeName },
      statistic: 'Sum',
    },
    {
      id: 'EventsUndelivered',
      says: 'EventBridge could not put an arrival on the queue',
      namespace: 'AWS/Events',
      metric: 'FailedInvocations',
      dimensions: { RuleName: watched.fileRule },
      statistic: 'Sum',
    },
    {
      id: 'RunsFailed',
      says: 'A batch of files was not loaded, or files were set aside; the execution says which',
      ...machine,
      metric: 'ExecutionsFailed',
      statistic: 'Sum',
    },
    {
      id: 'RunsTimedOut',
      says: 'A batch of files took longer than a day',
      ...machine,
      metric: 'ExecutionsTimedOut',
      statistic: 'Sum',
    },
    { id: 'RunsAborted', says: 'A run was stopped by hand', ...machine, metric: 'ExecutionsAborted', statistic: 'Sum' },
    {
      id: 'NoFileByExpectedHour',
      says: 'No file has come by the hour in expectedFile: ask who sends them',
      namespace: 'Homeroom',
      metric: 'NoFileByExpectedHour',
      dimensions: {},
      statistic: 'Maximum',
    },
  ];
  for (const [id, name] of Object.entries(watched.deadQueues)) {
    result.push({
      id,
      says: 'Messages that nobody could handle; see them in the queue, mend the cause, then redrive',
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: name },
      statistic: 'Maximum',
    });
  }
  for (const [id, rule] of Object.entries(failures)) {
    result.push({
      id,
      says:
        id === 'JobFailures'
          ? 'A Glue job failed or ran out of time; see its log'
          : 'The crawler failed: tables of the catalog are as they were',
      namespace: 'AWS/Events',
      metric: 'MatchedEvents',
      dimensions: { RuleName: rule },
      statistic: 'Sum',
    });
  }
  if (watched.database !== undefined) {
    const database = {
      namespace: 'AWS/RDS',
      dimensions: { DBInstanceIdentifier: watched.database.instanceName },
      missing: cloudwatch.TreatMissingData.BREACHING,
    };
    if (watched.database.gb > 0) {
      result.push({
        id: 'DatabaseStorage',
        says: "Less than 15 % of the database's first size is free; it grows by itself up to its limit",
        ...database,
        metric: 'FreeStorageSpace',
        statistic: 'Minimum',
        below: watched.database.gb * GIB * 0.15,
        periods: 3,
      });
    }
    result.push({
      id: 'DatabaseCpu',
      says: 'The database is busy for half an hour on end',
      ...database,
      metric: 'CPUUtilization',
      statistic: 'Average',
      above: 80,
      periods: 6,
    });
    result.push({
      id: 'DatabaseMemory',
      says: 'The database has less than 256 MB of memory free',
      ...database,
      metric: 'FreeableMemory',
      statistic: 'Average',
      below: GIB / 4,
      periods: 6,
    });
  }
  if (watched.service !== undefined) {
    result.push({
      id: 'ServiceDown',
      says: 'The dashboard does not run',
      namespace: 'ECS/ContainerInsights',
      metric: 'RunningTaskCount',
      dimensions: { ClusterName: watched.service.cluster, ServiceName: watched.service.name },
      statistic: 'Minimum',
      below: watched.service.desired,
      periods: 3,
      missing: cloudwatch.TreatMissingData.BREACHING,
    });
  }
  return result;
}

export class Alarms extends Construct {
  readonly all: cloudwatch.Alarm[] = [];

  constructor(scope: Construct, settings: Settings, watched: Watched, topic: sns.ITopic) {
    super(scope, 'Alarms');
    const failures = {
      JobFailures: this.countEvents('JobFailed', 'A Glue job of Homeroom failed', 'Glue Job State Change', {
        jobName: watched.jobs,
        state: ['FAILED', 'TIMEOUT', 'ERROR'],
      }),
      CrawlerFailures: this.countEvents(
        'CrawlerFailed',
        'The crawler of Homeroom failed',
        'Glue Crawler State Change',
        { crawlerName: [watched.crawler], state: ['Failed'] },
      ),
    };
    const notify: cloudwatch.IAlarmAction = { bind: () => ({ alarmActionArn: topic.topicArn }) };
    for (const line of lines(watched, failures)) {
      const alarm = new cloudwatch.Alarm(this, line.id, {
        alarmName: `${settings.prefix}-${line.id}`,
        alarmDescription: line.says,
        metric: new cloudwatch.Metric({
          namespace: line.namespace,
          metricName: line.metric,
          dimensionsMap: line.dimensions,
          statistic: line.statistic ?? 'Sum',
          period: Duration.minutes(line.minutes ?? 5),
        }),
        threshold: line.below ?? line.above ?? 0,
        comparisonOperator:
          line.below === undefined
            ? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
            : cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: line.periods ?? 1,
        treatMissingData: line.missing ?? cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(notify);
      alarm.addOkAction(notify);
      this.all.push(alarm);
    }
  }

  /**
   * Glue sends no metric when a job or crawler fails, only an event: the number of events that a rule matched is the metric.
   * The rule has no target, since the event carries the error's text, which may hold what no message may.
   */
  private countEvents(id: string, description: string, type: string, detail: object): string {
    return new events.CfnRule(this, id, {
      description,
      eventPattern: { source: ['aws.glue'], 'detail-type': [type], detail },
    }).ref;
  }
}
