// Two keys: one for what students' data is stored under, one for messages and logs. AWS services that send alarms
// need a grant on the second; so none of them has one on the first.
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface Keys {
  readonly data: kms.Key;
  readonly operations: kms.Key;
}

export function makeKeys(scope: Construct, prefix: string, removalPolicy: RemovalPolicy): Keys {
  const data = new kms.Key(scope, 'DataKey', {
    alias: `${prefix}-data`,
    description: 'Homeroom: files, database, secrets',
    enableKeyRotation: true,
    removalPolicy,
  });
  const operations = new kms.Key(scope, 'OperationsKey', {
    alias: `${prefix}-operations`,
    description: 'Homeroom: logs, queues, alarms; nothing of a student is encrypted with it',
    enableKeyRotation: true,
    removalPolicy,
  });
  const stack = Stack.of(scope);
  const ownAccount = { StringEquals: { 'aws:SourceAccount': stack.account } };
  operations.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'LogsAreEncrypted',
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:DescribeKey',
      ],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '*',
            arnFormat: undefined,
          }),
        },
      },
    }),
  );
  operations.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsAndEventsAreSent',
      principals: ['cloudwatch', 'events', 'budgets', 'scheduler'].map(
        (service) => new iam.ServicePrincipal(`${service}.amazonaws.com`),
      ),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: ownAccount,
    }),
  );
  return { data, operations };
}
