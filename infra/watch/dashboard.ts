// One CloudWatch dashboard, from left to right and top to bottom as a file goes.
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';
import { Watched } from './alarms';

export class Dashboard extends Construct {
  constructor(scope: Construct, settings: Settings, watched: Watched, alarms: cloudwatch.Alarm[]) {
    super(scope, 'Dashboard');
    const metric = (namespace: string, metricName: string, dimensionsMap: Record<string, string>, statistic = 'Sum') =>
      new cloudwatch.Metric({ namespace, metricName, dimensionsMap, statistic, period: Duration.minutes(5) });
    const graph = (title: string, left: cloudwatch.IMetric[], right: cloudwatch.IMetric[] = []) =>
      new cloudwatch.GraphWidget({ title, left, right, width: 8 });
    const lambda = { FunctionName: watched.functionName };
    const machine = { StateMachineArn: watched.stateMachineArn };
    const rows: cloudwatch.IWidget[][] = [
      [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
      [
        graph(
          'Files that arrived',
          [metric('AWS/SQS', 'NumberOfMessagesSent', { QueueName: watched.filesQueue })],
          [metric('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: watched.filesQueue }, 'Maximum')],
        ),
        graph(
          'Dead letters',
          Object.values(watched.deadQueues).map((name) =>
            metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: name }, 'Maximum'),
          ),
        ),
        graph(
          'Runs',
          ['ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionsFailed'].map((name) =>
            metric('AWS/States', name, machine),
          ),
          [metric('AWS/States', 'ExecutionTime', machine, 'Maximum')],
        ),
      ],
      [
        graph(
          'Cleaning: files',
          ['Invocations', 'Errors', 'Throttles'].map((name) => metric('AWS/Lambda', name, lambda)),
        ),
        graph(
          'Cleaning: milliseconds a file',
          ['p50', 'p99', 'Maximum'].map((statistic) => metric('AWS/Lambda', 'Duration', lambda, statistic)),
        ),
        graph('Cleaning: at once', [metric('AWS/Lambda', 'ConcurrentExecutions', lambda, 'Maximum')]),
      ],
    ];
    if (watched.database !== undefined) {
      const database = { DBInstanceIdentifier: watched.database.instanceName };
      rows.push([
        graph(
          'Database: processor, %',
          [metric('AWS/RDS', 'CPUUtilization', database, 'Average')],
          [metric('AWS/RDS', 'DatabaseConnections', database, 'Maximum')],
        ),
        graph('Database: free storage', [metric('AWS/RDS', 'FreeStorageSpace', database, 'Minimum')]),
        graph('Database: free memory', [metric('AWS/RDS', 'FreeableMemory', database, 'Average')]),
      ]);
    }
    new cloudwatch.Dashboard(this, 'Pipeline', { dashboardName: `${settings.prefix}-pipeline`, widgets: rows });
  }
}
