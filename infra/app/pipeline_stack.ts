// Everything that works on the data and can be taken down and put up again without losing any of it.
import { CfnOutput, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Artifacts } from '../pipeline/artifacts';
import { Catalog } from '../pipeline/catalog';
import { CLEAN_TIMEOUT, CleanFunction } from '../pipeline/clean_function';
import { Data } from '../pipeline/data';
import { Endpoints } from '../pipeline/endpoints';
import { Intake, queue } from '../pipeline/intake';
import { Jobs } from '../pipeline/jobs';
import { Run, machineArn } from '../pipeline/run';
import { Service } from '../service/service';
import { Alarms, Watched } from '../watch/alarms';
import { Budget } from '../watch/budget';
import { Dashboard } from '../watch/dashboard';
import { ExpectedFile } from '../watch/expected_file';
import { Topics } from '../watch/topics';
import { Settings } from './settings';

export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, data: Data, props: StackProps) {
    super(scope, id, props);
    const undelivered = queue(this, 'Undelivered', data);
    const topics = new Topics(this, settings, data);
    const endpoints = new Endpoints(this, settings, data);
    const artifacts = new Artifacts(this, settings.architecture);
    const cleaning = new CleanFunction(this, settings, data, endpoints, artifacts, undelivered);
    const catalog = new Catalog(this, settings, data);
    const jobs = new Jobs(this, settings, data, endpoints, artifacts, catalog, topics.notices);
    const runName = `${settings.prefix}-run`;
    const runArn = machineArn(this, runName);
    new Run(this, runName, settings, data, {
      functionName: cleaning.name,
      functionArn: cleaning.arn,
      cleanJob: jobs.cleanName,
      loadJob: jobs.loadName,
      crawler: catalog.crawlerName,
      alarms: topics.alarms,
    });
    const intake = new Intake(this, settings, data, undelivered, runArn);
    new ExpectedFile(this, settings, data, intake.files, undelivered);
    const service =
      settings.service === undefined
        ? undefined
        : new Service(this, settings, settings.service, data, endpoints, catalog.databaseName, topics.notices);

    const { database } = data;
    const watched: Watched = {
      functionName: cleaning.name,
      functionTimeout: CLEAN_TIMEOUT,
      filesQueue: intake.files.queueName,
      deadQueues: { DeadFiles: intake.deadFiles.queueName, Undelivered: undelivered.queueName },
      pipeName: intake.pipeName,
      stateMachineArn: runArn,
      jobs: [jobs.cleanName, jobs.loadName],
      crawler: catalog.crawlerName,
      fileRule: intake.rule.ref,
      database:
        database.instanceName === undefined ? undefined : { instanceName: database.instanceName, gb: database.gb },
      service,
    };
    const alarms = new Alarms(this, settings, watched, topics.alarms);
    new Dashboard(this, settings, watched, alarms.all);
    new Budget(this, settings, topics.alarms);

    new CfnOutput(this, 'StateMachine', { value: runArn });
    new CfnOutput(this, 'AlarmTopic', { value: topics.alarms.topicArn });
    new CfnOutput(this, 'NoticeTopic', { value: topics.notices.topicArn });
    if (service !== undefined) new CfnOutput(this, 'DashboardAddress', { value: service.address });
  }
}
