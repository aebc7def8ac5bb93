// What must hold of every deployment, read from the templates as CloudFormation gets them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionsOf, statementsOf } from './policies';
import { Resource, VARIANTS, ofType, resourcesOf, templatesOf } from './variants';

function inEvery(sentence: string, check: (resources: [string, Resource][], variant: string) => void): void {
  for (const variant of Object.keys(VARIANTS))
    test(`${variant}: ${sentence}`, () => check(resourcesOf(variant), variant));
}

const text = (value: unknown): string => JSON.stringify(value);

inEvery('every bucket is encrypted, versioned, closed to the public, swept by rules and logged', (resources) => {
  const buckets = ofType(resources, 'AWS::S3::Bucket');
  assert.equal(buckets.length, 4);
  for (const [name, { Properties: bucket }] of buckets) {
    const [rule] = bucket.BucketEncryption.ServerSideEncryptionConfiguration;
    const algorithm = rule.ServerSideEncryptionByDefault.SSEAlgorithm;
    assert.equal(algorithm, name.startsWith('AccessLogs') ? 'AES256' : 'aws:kms', name);
    assert.equal(bucket.VersioningConfiguration.Status, 'Enabled', name);
    assert.deepEqual(Object.values(bucket.PublicAccessBlockConfiguration), [true, true, true, true], name);
    assert.equal(bucket.OwnershipControls.Rules[0].ObjectOwnership, 'BucketOwnerEnforced', name);
    assert.ok(bucket.LifecycleConfiguration.Rules.length >= 2, name);
    assert.equal(bucket.LoggingConfiguration !== undefined, !name.startsWith('AccessLogs'), name);
  }
});

inEvery('every bucket, queue and topic refuses whoever comes without TLS', (resources) => {
  const kinds: Record<string, [string, string]> = {
    'AWS::S3::Bucket': ['AWS::S3::BucketPolicy', 'Bucket'],
    'AWS::SQS::Queue': ['AWS::SQS::QueuePolicy', 'Queues'],
    'AWS::SNS::Topic': ['AWS::SNS::TopicPolicy', 'Topics'],
  };
  for (const [kind, [policyKind, property]] of Object.entries(kinds)) {
    for (const [name] of ofType(resources, kind)) {
      const policies = ofType(resources, policyKind).filter(([, policy]) =>
        text(policy.Properties[property]).includes(`"${name}"`),
      );
      const denials = policies
        .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement)
        .filter(
          (statement: any) =>
            statement.Effect === 'Deny' && statement.Condition?.Bool?.['aws:SecureTransport'] === 'false',
        );
      assert.ok(denials.length > 0, `${kind} ${name}`);
    }
  }
});

inEvery('no raw file is ever deleted by a rule', (resources) => {
  const [[, raw]] = ofType(resources, 'AWS::S3::Bucket').filter(([name]) => name.startsWith('Raw')) as [
    [string, Resource],
  ];
  for (const rule of raw.Properties.LifecycleConfiguration.Rules) {
    assert.ok(!('ExpirationInDays' in rule) && !('NoncurrentVersionExpiration' in rule), text(rule));
  }
});

inEvery('no statement allows a wildcard action', (resources) => {
  const accepted: string[] = [];
  for (const { where, type, statement } of statementsOf(resources)) {
    assert.ok(!('NotAction' in statement) && !('NotResource' in statement), where);
    if (statement.Effect === 'Deny') continue;
    for (const action of actionsOf(statement)) {
      if (!action.includes('*')) continue;
      // A key that its own account cannot manage is lost for ever: the account's root keeps the right to give rights.
      const root = type === 'AWS::KMS::Key' && action === 'kms:*' && text(statement.Principal).includes(':root');
      // Glue's runtime calls what no page lists; who may call what is in the jobs' roles.
      const door = type === 'AWS::EC2::VPCEndpoint' && action === 'glue:*';
      assert.ok(root || door, `${where} allows ${action}`);
      accepted.push(action);
    }
  }
  assert.deepEqual([...new Set(accepted)].sort(), ['glue:*', 'kms:*']);
});

inEvery('nobody outside the account is let in by a policy', (resources) => {
  for (const { where, type, statement } of statementsOf(resources)) {
    if (statement.Effect === 'Deny' || statement.Principal === undefined) continue;
    const everybody = text(statement.Principal).includes('"*"');
    if (!everybody) continue;
    assert.equal(type, 'AWS::EC2::VPCEndpoint', where);
    const layers = statement.Sid === 'ImageLayersOfEcr'; // a bucket of AWS, read only
    assert.ok(layers || statement.Condition.StringEquals['aws:PrincipalAccount'] !== undefined, where);
  }
});

inEvery('each role trusts one service, and only for this account where the service says for whom it comes', (resources) => {
  for (const [name, { Properties: role }] of ofType(resources, 'AWS::IAM::Role')) {
    const [trust, ...more] = role.AssumeRolePolicyDocument.Statement;
    assert.equal(more.length, 0, name);
    assert.deepEqual(Object.keys(trust.Principal), ['Service'], name);
    assert.equal(role.ManagedPolicyArns, undefined, `${name} has a policy that AWS may widen`);
    if (!/^(DatabaseMonitoring|VpcFlow|CleanFunction)/.test(name)) {
      assert.ok(trust.Condition.StringEquals['aws:SourceAccount'] !== undefined, name);
    }
  }
});

inEvery('there is no way from or to the internet', (resources, variant) => {
  for (const type of [
    'AWS::EC2::InternetGateway',
    'AWS::EC2::NatGateway',
    'AWS::EC2::EIP',
    'AWS::EC2::EgressOnlyInternetGateway',
  ]) {
    assert.deepEqual(ofType(resources, type), [], type);
  }
  for (const [name, { Properties: subnet }] of ofType(resources, 'AWS::EC2::Subnet')) {
    assert.equal(subnet.MapPublicIpOnLaunch, false, name);
  }
  for (const [name, { Properties: route }] of ofType(resources, 'AWS::EC2::Route'))
    assert.fail(`${name} ${text(route)}`);
  for (const [name, { Properties: balancer }] of ofType(resources, 'AWS::ElasticLoadBalancingV2::LoadBalancer')) {
    assert.equal(balancer.Scheme, 'internal', name);
  }
  for (const [name, { Properties: service }] of ofType(resources, 'AWS::ECS::Service')) {
    assert.equal(service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp, 'DISABLED', name);
  }
  const endpoints = ofType(resources, 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) =>
    text(Properties.ServiceName),
  );
  const wanted = [
    's3',
    'monitoring',
    'glue',
    'secretsmanager',
    'sns',
    'kms',
    ...(variant === 'given' ? [] : ['logs']),
    ...(['given', 'everything'].includes(variant) ? ['ecr.api', 'ecr.dkr'] : []),
  ];
  assert.equal(endpoints.length, wanted.length);
  for (const kind of wanted)
    assert.ok(
      endpoints.some((name) => name.includes(`.${kind}"`)),
      kind,
    );
});

inEvery('no security group lets anyone in but named groups and private networks', (resources) => {
  const rules = ofType(resources, 'AWS::EC2::SecurityGroup')
    .flatMap(([name, { Properties }]) => (Properties.SecurityGroupIngress ?? []).map((rule: any) => [name, rule]))
    .concat(ofType(resources, 'AWS::EC2::SecurityGroupIngress').map(([name, { Properties }]) => [name, Properties]));
  assert.ok(rules.length > 3);
  for (const [name, rule] of rules) {
    assert.ok(rule.CidrIpv6 === undefined && rule.CidrIp !== '0.0.0.0/0', name);
    assert.ok(rule.SourceSecurityGroupId !== undefined || /^(10|172|192)\./.test(rule.CidrIp), name);
    assert.notEqual(rule.IpProtocol, '-1', name);
  }
  for (const [name, { Properties: rule }] of ofType(resources, 'AWS::EC2::SecurityGroupEgress')) {
    if (rule.CidrIp === '0.0.0.0/0') assert.deepEqual([rule.FromPort, rule.ToPort], [443, 443], name);
  }
});

inEvery(
  'the database takes TLS only, is not public, is encrypted, and RDS changes its password',
  (resources, variant) => {
    const databases = ofType(resources, 'AWS::RDS::DBInstance');
    if (variant === 'given') {
      assert.deepEqual(databases, []);
      assert.deepEqual(ofType(resources, 'AWS::EC2::VPC'), []);
      return;
    }
    const [[, { Properties: database, DeletionPolicy }]] = databases as [[string, Resource]];
    const [[, { Properties: parameters }]] = ofType(resources, 'AWS::RDS::DBParameterGroup') as [[string, Resource]];
    assert.equal(parameters.Parameters['rds.force_ssl'], '1');
    assert.equal(parameters.Parameters.log_statement, 'none');
    assert.equal(database.PubliclyAccessible, false);
    assert.equal(database.StorageEncrypted, true);
    assert.equal(database.ManageMasterUserPassword, true);
    assert.equal(database.MasterUserPassword, undefined);
    assert.equal(database.DeletionProtection, true);
    assert.equal(DeletionPolicy, 'Retain');
    assert.equal(database.MultiAZ, variant !== 'small');
    assert.ok(database.BackupRetentionPeriod >= 14);
  },
);

const ALARMS = [
  'LambdaErrors',
  'LambdaThrottles',
  'LambdaDuration',
  'FilesWait',
  'PipeFailures',
  'EventsUndelivered',
  'RunsFailed',
  'RunsTimedOut',
  'RunsAborted',
  'JobFailures',
  'CrawlerFailures',
  'DeadFiles',
  'Undelivered',
  'NoFileByExpectedHour',
];
const DATABASE_ALARMS = ['DatabaseStorage', 'DatabaseCpu', 'DatabaseMemory'];

inEvery('every alarm is there, says what to do, and tells when it begins and when it is over', (resources, variant) => {
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  const wanted = [
    ...ALARMS,
    ...(variant === 'given' ? [] : DATABASE_ALARMS),
    ...(['given', 'everything'].includes(variant) ? ['ServiceDown'] : []),
  ];
  assert.deepEqual(alarms.map((alarm) => alarm.AlarmName).sort(), wanted.map((name) => `homeroom-${name}`).sort());
  for (const alarm of alarms) {
    assert.ok(alarm.AlarmDescription.length > 20, alarm.AlarmName);
    assert.equal(alarm.AlarmActions.length, 1, alarm.AlarmName);
    assert.deepEqual(alarm.OKActions, alarm.AlarmActions, alarm.AlarmName);
  }
});

inEvery('what cannot be handled ends in a dead-letter queue, wherever it fails', (resources) => {
  const queues = ofType(resources, 'AWS::SQS::Queue');
  assert.equal(queues.length, 3);
  const redriven = queues.filter(([, { Properties }]) => Properties.RedrivePolicy !== undefined);
  assert.deepEqual(
    redriven.map(([, { Properties }]) => Properties.RedrivePolicy.maxReceiveCount),
    [3],
  );
  for (const [name, { Properties }] of queues) assert.ok(Properties.KmsMasterKeyId !== undefined, name);
  const [[, clean]] = ofType(resources, 'AWS::Lambda::Function') as [[string, Resource]];
  assert.ok(clean.Properties.DeadLetterConfig.TargetArn !== undefined);
  const [[, schedule]] = ofType(resources, 'AWS::Scheduler::Schedule') as [[string, Resource]];
  assert.ok(schedule.Properties.Target.DeadLetterConfig.Arn !== undefined);
  const arrivals = ofType(resources, 'AWS::Events::Rule').filter(([, { Properties }]) =>
    text(Properties.EventPattern).includes('aws.s3'),
  );
  assert.ok(arrivals[0]![1].Properties.Targets[0].DeadLetterConfig.Arn !== undefined);
});

inEvery('the Lambda is the static program, bounded in number, and knows no password', (resources, variant) => {
  const [[, { Properties: clean }]] = ofType(resources, 'AWS::Lambda::Function') as [[string, Resource]];
  assert.equal(clean.Runtime, 'provided.al2023');
  assert.deepEqual(clean.Architectures, [variant === 'everything' ? 'arm64' : 'x86_64']);
  assert.ok(clean.ReservedConcurrentExecutions >= 5);
  assert.deepEqual(Object.keys(clean.Environment.Variables).sort(), [
    'HOMEROOM_CLEAN_BUCKET',
    'HOMEROOM_CONTRACTS',
    'HOMEROOM_LOG_LEVEL',
  ]);
  assert.ok(text(clean.Code.S3Key).includes('LambdaZip'));
});

inEvery('cleaning cannot reach the database, and loading cannot read a raw file', (resources) => {
  const role = (start: string): string =>
    text(ofType(resources, 'AWS::IAM::Role').filter(([name]) => name.startsWith(start)));
  for (const start of ['CleanFunctionRole', 'JobsCleanRole']) assert.ok(!role(start).includes('secretsmanager'), start);
  assert.ok(role('JobsLoadRole').includes('secretsmanager:GetSecretValue'));
  assert.ok(role('JobsCleanRole').includes('GetAttRaw') && !role('JobsLoadRole').includes('GetAttRaw'));
  for (const start of ['CleanFunctionRole', 'JobsCleanRole', 'JobsLoadRole']) {
    assert.ok(!/s3:(PutObject|DeleteObject)[^}]*GetAttRaw/.test(role(start)), `${start} writes raw files`);
  }
});

inEvery('crawler and classifier keep headers and types', (resources) => {
  const [[, { Properties: classifier }]] = ofType(resources, 'AWS::Glue::Classifier') as [[string, Resource]];
  assert.equal(classifier.CsvClassifier.ContainsHeader, 'PRESENT');
  const [[, { Properties: crawler }]] = ofType(resources, 'AWS::Glue::Crawler') as [[string, Resource]];
  assert.equal(crawler.SchemaChangePolicy.DeleteBehavior, 'LOG');
  assert.deepEqual(JSON.parse(crawler.Configuration), {
    Version: 1,
    CrawlerOutput: {
      Partitions: { AddOrUpdateBehavior: 'InheritFromTable' },
      Tables: { AddOrUpdateBehavior: 'MergeNewColumns' },
    },
    Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas', TableLevelConfiguration: 3 },
  });
  for (const [name, { Properties: job }] of ofType(resources, 'AWS::Glue::Job')) {
    assert.equal(job.GlueVersion, '5.1', name);
    assert.equal(job.DefaultArguments['--python-modules-installer-option'], '--no-index', name);
  }
});

inEvery('every log group has our key and an end', (resources) => {
  for (const [name, { Properties: group }] of ofType(resources, 'AWS::Logs::LogGroup')) {
    assert.ok(group.KmsKeyId !== undefined && group.RetentionInDays >= 365, name);
  }
});

inEvery('deleting the stacks deletes no data', (resources) => {
  for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::RDS::DBInstance']) {
    for (const [name, resource] of ofType(resources, type)) {
      assert.deepEqual([resource.DeletionPolicy, resource.UpdateReplacePolicy], ['Retain', 'Retain'], name);
    }
  }
});

test('data goes with the stacks only where that was asked for', () => {
  const resources = resourcesOf('small', { deleteData: true });
  for (const type of ['AWS::S3::Bucket', 'AWS::RDS::DBInstance']) {
    for (const [name, resource] of ofType(resources, type)) assert.equal(resource.DeletionPolicy, 'Delete', name);
  }
  assert.equal(ofType(resources, 'AWS::RDS::DBInstance')[0]![1].Properties.DeletionProtection, false);
});

test('with Object Lock no raw file can be deleted before its time', () => {
  const [[, raw]] = ofType(resourcesOf('everything'), 'AWS::S3::Bucket').filter(([name]) => name.startsWith('Raw')) as [
    [string, Resource],
  ];
  assert.equal(raw.Properties.ObjectLockEnabled, true);
  assert.deepEqual(raw.Properties.ObjectLockConfiguration.Rule.DefaultRetention, { Mode: 'GOVERNANCE', Days: 30 });
});

inEvery("everything that can have tags has the application's", (resources) => {
  for (const type of [
    'AWS::S3::Bucket',
    'AWS::Lambda::Function',
    'AWS::RDS::DBInstance',
    'AWS::IAM::Role',
    'AWS::StepFunctions::StateMachine',
  ]) {
    for (const [name, { Properties }] of ofType(resources, type)) {
      const tags = Object.fromEntries((Properties.Tags ?? []).map(({ Key, Value }: any) => [Key, Value]));
      assert.equal(tags.application, 'homeroom', name);
      assert.equal(tags['data-classification'], 'student-records', name);
    }
  }
});

inEvery('no template names an account, a machine or a secret', (_resources, variant) => {
  const { data, pipeline } = templatesOf(variant);
  const found = (text(data) + text(pipeline))
    .replaceAll('111122223333', '')
    .match(/[:"]\d{12}[:"]|\/home\/|\/root\/|AKIA[A-Z0-9]{16}|BEGIN [A-Z ]*PRIVATE KEY/g);
  assert.equal(found, null);
});

inEvery('the state machines name only what the template gives them', (resources) => {
  for (const [name, { Properties: machine }] of ofType(resources, 'AWS::StepFunctions::StateMachine')) {
    const named = [...text(machine.DefinitionString).matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]!);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(machine.DefinitionSubstitutions).sort(), name);
  }
});

inEvery('the data template is small enough to be sent without a bucket, which it is to make', (_resources, variant) => {
  assert.ok(JSON.stringify(templatesOf(variant).data, null, 1).length < 51_200);
});
