// One script, two Glue jobs: `clean` takes files that are too large for the Lambda and cannot reach the database; `load`
// reaches the database and cannot read a raw file.
import { CfnParameter, Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Settings, isGivenNetwork } from '../app/settings';
import { Artifacts } from './artifacts';
import { Catalog, glueLogs } from './catalog';
import { Data } from './data';
import { Endpoints } from './endpoints';
import {
  NETWORK_INTERFACES,
  allow,
  catalogArns,
  decryptsWith,
  listsBuckets,
  prefixesOf,
  reachDatabase,
  readsObjects,
  role,
  stackArn,
  usesKey,
  writesObjects,
} from './grants';

const GLUE_VERSION = '5.1'; // Spark 3.5.6, Python 3.11: what the transform is tested with
const MINUTES_AT_MOST = 480;

export class Jobs extends Construct {
  readonly cleanName: string;
  readonly loadName: string;

  constructor(
    scope: Construct,
    settings: Settings,
    data: Data,
    endpoints: Endpoints,
    artifacts: Artifacts,
    catalog: Catalog,
    notices: sns.ITopic,
  ) {
    super(scope, 'Jobs');
    const { buckets, database, keys, vpc } = data;
    this.cleanName = `${settings.prefix}-clean-large`;
    this.loadName = `${settings.prefix}-load`;
    const artifact = (key: string): string => `s3://${buckets.artifacts.bucketName}/${key}`;

    const common = (connection: string): iam.PolicyStatement[] => [
      readsObjects('ReadsPrograms', buckets.artifacts, ['']),
      writesObjects('WritesTemporary', buckets.clean, ['temporary/']),
      allow('RemovesTemporary', ['s3:DeleteObject'], prefixesOf(buckets.clean, ['temporary/'])),
      usesKey('UsesDataKey', keys.data),
      usesKey('SealsLogs', keys.operations),
      allow(
        'FindsConnection',
        ['glue:GetConnection'],
        [...catalogArns(this, catalog.databaseName).slice(0, 1), arnOfConnection(this, connection)],
      ),
      allow(
        'JoinsVpc',
        [...NETWORK_INTERFACES, 'ec2:DescribeVpcEndpoints', 'ec2:DescribeRouteTables', 'ec2:DescribeVpcAttribute'],
        ['*'],
      ),
      allow('MarksItsInterfaces', ['ec2:CreateTags', 'ec2:DeleteTags'], [arnOfInterfaces(this)], {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['aws-glue-service-resource'] },
      }),
      allow('Counts', ['cloudwatch:PutMetricData'], ['*'], {
        StringEquals: { 'cloudwatch:namespace': ['Homeroom', 'Glue'] },
      }),
      ...glueLogs(this),
    ];
    const shared = {
      '--job-language': 'python',
      '--job-bookmark-option': 'job-bookmark-disable', // the ledger says what was loaded
      '--enable-metrics': 'true',
      '--enable-observability-metrics': 'true',
      '--enable-continuous-cloudwatch-log': 'true',
      '--additional-python-modules': artifact(artifacts.jobWheels),
      '--python-modules-installer-option': '--no-index', // there is no way to a package registry, and none is wanted
      '--TempDir': `s3://${buckets.clean.bucketName}/temporary/glue/`,
      '--clean_bucket': buckets.clean.bucketName,
      '--contracts': `s3://${buckets.artifacts.bucketName}/contracts/`,
    };

    const cleanConnection = this.connect('Clean', `${settings.prefix}-clean`, settings, endpoints, vpc).name;
    const cleanRole = role(this, 'CleanRole', 'glue', 'Homeroom: cleans raw files that are too large for the Lambda', [
      ...common(cleanConnection),
      readsObjects('ReadsRaw', buckets.raw, ['']),
      readsObjects('ReadsWhatIsThere', buckets.clean, ['clean/', 'quarantine/', 'runs/', 'temporary/']),
      writesObjects('WritesClean', buckets.clean, ['clean/', 'quarantine/', 'runs/']),
      listsBuckets([buckets.raw, buckets.clean, buckets.artifacts]),
    ]);
    this.job('CleanJob', this.cleanName, 'Cleans files that are too large for the Lambda', settings, catalog, {
      role: cleanRole,
      connection: cleanConnection,
      script: artifact(artifacts.jobScript),
      concurrent: 3,
      arguments: { ...shared, '--mode': 'clean' },
    });

    const { name: loadConnection, group } = this.connect('Load', `${settings.prefix}-load`, settings, endpoints, vpc);
    reachDatabase(this, 'Load', group, data);
    const loadRole = role(this, 'LoadRole', 'glue', 'Homeroom: loads clean files into PostgreSQL', [
      ...common(loadConnection),
      readsObjects('ReadsClean', buckets.clean, ['clean/', 'quarantine/', 'runs/', 'temporary/']),
      writesObjects('WritesWhatOnlyTheLoadFinds', buckets.clean, ['quarantine/', 'runs/']),
      listsBuckets([buckets.clean, buckets.artifacts]),
      allow(
        'ReadsCatalog',
        ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartition', 'glue:GetPartitions'],
        catalogArns(this, catalog.databaseName),
      ),
      allow('SignsIn', ['secretsmanager:GetSecretValue'], [database.secretArn]),
      ...(database.secretKeyArn === undefined ? [] : [decryptsWith('OpensSecret', database.secretKeyArn)]),
      allow('TellsStewards', ['sns:Publish'], [notices.topicArn]),
    ]);
    this.job('LoadJob', this.loadName, 'Loads clean files into PostgreSQL, one run at a time', settings, catalog, {
      role: loadRole,
      connection: loadConnection,
      script: artifact(artifacts.jobScript),
      concurrent: 1,
      arguments: {
        ...shared,
        '--mode': 'load',
        '--enable-glue-datacatalog': 'true',
        '--catalog_database': catalog.databaseName,
        '--database_host': database.host,
        '--database_port': String(database.port),
        '--database_name': database.name,
        '--database_secret': database.secretArn,
        // Checked by name and authority (verify-full): TLS alone would trust whoever answers.
        '--database_authority': artifact(artifacts.databaseAuthority),
        '--notices_topic': notices.topicArn,
      },
    });
  }

  /** Where a job stands in the VPC. Spark's processes on several machines talk to each other within the group. */
  private connect(id: string, name: string, settings: Settings, endpoints: Endpoints, vpc: ec2.IVpc) {
    const group = endpoints.groupOfCaller(this, `${id}Group`, vpc, `Homeroom ${id.toLowerCase()} job`);
    const own = {
      groupId: group.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: 0,
      toPort: 65535,
      description: 'Spark among its own',
    };
    new ec2.CfnSecurityGroupIngress(this, `${id}FromItself`, { ...own, sourceSecurityGroupId: group.securityGroupId });
    new ec2.CfnSecurityGroupEgress(this, `${id}ToItself`, {
      ...own,
      destinationSecurityGroupId: group.securityGroupId,
    });
    const zone = isGivenNetwork(settings.network)
      ? new CfnParameter(this, `${id}Zone`, {
          default: settings.network.availabilityZones[0],
          description: 'Zone of the first subnet',
        }).valueAsString
      : Fn.select(0, Fn.getAzs());
    new glue.CfnConnection(this, `${id}Connection`, {
      catalogId: vpc.env.account,
      connectionInput: {
        name,
        connectionType: 'NETWORK',
        connectionProperties: {},
        physicalConnectionRequirements: {
          availabilityZone: zone,
          subnetId: vpc.isolatedSubnets[0]!.subnetId,
          securityGroupIdList: [group.securityGroupId],
        },
      },
    });
    return { name, group };
  }

  private job(
    id: string,
    name: string,
    description: string,
    settings: Settings,
    catalog: Catalog,
    what: {
      role: iam.Role;
      connection: string;
      script: string;
      concurrent: number;
      arguments: Record<string, string>;
    },
  ): void {
    new glue.CfnJob(this, id, {
      name,
      description,
      glueVersion: GLUE_VERSION,
      role: what.role.roleArn,
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: what.script },
      defaultArguments: what.arguments,
      connections: { connections: [what.connection] },
      securityConfiguration: catalog.securityConfiguration,
      workerType: settings.profile.glueWorkerType,
      numberOfWorkers: settings.profile.glueWorkers,
      executionClass: 'STANDARD',
      executionProperty: { maxConcurrentRuns: what.concurrent },
      maxRetries: 0, // the state machine tries again, and says so
      timeout: MINUTES_AT_MOST,
    });
  }
}

const arnOfConnection = (scope: Construct, name: string): string => stackArn(scope, 'glue', 'connection', name);
const arnOfInterfaces = (scope: Construct): string => stackArn(scope, 'ec2', 'network-interface', '*');
