// Two topics: alarms for who runs the deployment, notices for who looks after the data.
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';
import { Data } from '../pipeline/data';

export class Topics extends Construct {
  readonly alarms: sns.Topic;
  readonly notices: sns.Topic;

  constructor(scope: Construct, settings: Settings, data: Data) {
    super(scope, 'Topics');
    const topic = (id: string, displayName: string, email: string | undefined): sns.Topic => {
      const made = new sns.Topic(this, id, { displayName, masterKey: data.keys.operations, enforceSSL: true });
      if (email !== undefined) {
        new sns.CfnSubscription(this, `${id}Email`, { topicArn: made.topicArn, protocol: 'email', endpoint: email });
      }
      return made;
    };
    this.alarms = topic('Alarms', 'Homeroom alarms', settings.alarmEmail);
    this.notices = topic('Notices', 'Homeroom notices', settings.noticeEmail);
    this.alarms.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsAndBudgets',
        principals: [
          new iam.ServicePrincipal('cloudwatch.amazonaws.com'),
          new iam.ServicePrincipal('budgets.amazonaws.com'),
        ],
        actions: ['sns:Publish'],
        resources: [this.alarms.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
