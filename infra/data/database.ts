// PostgreSQL on RDS: private, TLS only, its password made and changed by RDS itself every seven days
// (docs/decisions/aws-database-password.md). A given database is only described.
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { Settings, isGivenDatabase } from '../app/settings';

export interface Database {
  readonly host: string;
  readonly port: number | string;
  readonly name: string;
  readonly secretArn: string;
  /** The key of the secret; none where the account's default key is used. */
  readonly secretKeyArn?: string;
  readonly securityGroupId?: string;
  readonly cidr?: string;
  /** For alarms; none where it is not on RDS. */
  readonly instanceName?: string;
  readonly gb: number;
}

// Statements would carry students' values into the log: a log says who came, what was slow, and what went wrong.
const PARAMETERS: Record<string, string> = {
  'rds.force_ssl': '1',
  ssl_min_protocol_version: 'TLSv1.2',
  password_encryption: 'scram-sha-256',
  log_connections: '1',
  log_disconnections: '1',
  log_lock_waits: '1',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
};

export function makeDatabase(
  scope: Construct,
  settings: Settings,
  vpc: ec2.IVpc,
  keys: { data: kms.Key; operations: kms.Key },
  removalPolicy: RemovalPolicy,
): Database {
  const { database, profile } = settings;
  if (isGivenDatabase(database)) return { ...database, gb: database.instanceGb ?? 0 };

  const securityGroup = new ec2.SecurityGroup(scope, 'DatabaseGroup', {
    vpc,
    description: 'Homeroom database: lets in who was named, lets nothing out',
    allowAllOutbound: false,
  });
  for (const cidr of settings.readerCidrs) {
    securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(5432), 'Readers, such as Tableau');
  }
  const subnets = new rds.CfnDBSubnetGroup(scope, 'DatabaseSubnets', {
    dbSubnetGroupDescription: 'Homeroom database: private subnets',
    subnetIds: vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
  });
  const parameters = new rds.CfnDBParameterGroup(scope, 'DatabaseParameters', {
    family: `postgres${database.postgresVersion.split('.')[0]}`,
    description: 'Homeroom database: TLS only, no statement in a log',
    parameters: PARAMETERS,
  });
  const monitoring = new iam.Role(scope, 'DatabaseMonitoring', {
    assumedBy: new iam.ServicePrincipal('monitoring.rds.amazonaws.com'),
    inlinePolicies: {
      metrics: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: [
              'logs:CreateLogGroup',
              'logs:PutRetentionPolicy',
              'logs:CreateLogStream',
              'logs:PutLogEvents',
              'logs:DescribeLogStreams',
              'logs:GetLogEvents',
            ],
            resources: ['', ':log-stream:*'].map((end) =>
              Stack.of(scope).formatArn({
                service: 'logs',
                resource: `log-group:RDSOSMetrics${end}`,
              }),
            ),
          }),
        ],
      }),
    },
  });
  const instanceName = `${settings.prefix}-database`;
  // RDS would make them by itself, kept for ever and without our key.
  const written = ['postgresql', 'upgrade'];
  const groups = written.map(
    (name) =>
      new logs.LogGroup(scope, `DatabaseLog-${name}`, {
        logGroupName: `/aws/rds/instance/${instanceName}/${name}`,
        encryptionKey: keys.operations,
        retention: profile.logDays,
        removalPolicy,
      }),
  );
  const instance = new rds.CfnDBInstance(scope, 'Database', {
    dbInstanceIdentifier: instanceName,
    engine: 'postgres',
    engineVersion: database.postgresVersion,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    dbInstanceClass: profile.databaseClass,
    dbName: 'homeroom',
    port: '5432',
    masterUsername: 'homeroom_admin',
    manageMasterUserPassword: true,
    masterUserSecret: { kmsKeyId: keys.data.keyArn },
    enableIamDatabaseAuthentication: true,
    dbSubnetGroupName: subnets.ref,
    vpcSecurityGroups: [securityGroup.securityGroupId],
    publiclyAccessible: false,
    dbParameterGroupName: parameters.ref,
    caCertificateIdentifier: 'rds-ca-rsa2048-g1',
    storageEncrypted: true,
    kmsKeyId: keys.data.keyArn,
    storageType: 'gp3',
    allocatedStorage: String(profile.databaseGb),
    maxAllocatedStorage: profile.databaseMaxGb,
    multiAz: profile.databaseMultiAz,
    backupRetentionPeriod: profile.databaseBackupDays,
    preferredBackupWindow: '08:00-09:00',
    preferredMaintenanceWindow: 'sun:09:30-sun:10:30',
    copyTagsToSnapshot: true,
    deleteAutomatedBackups: settings.deleteData,
    deletionProtection: !settings.deleteData,
    enableCloudwatchLogsExports: written,
    monitoringInterval: 60,
    monitoringRoleArn: monitoring.roleArn,
    enablePerformanceInsights: true,
    performanceInsightsRetentionPeriod: 7,
    performanceInsightsKmsKeyId: keys.data.keyArn, // it shows statements
  });
  instance.node.addDependency(...groups);
  instance.applyRemovalPolicy(removalPolicy);
  return {
    host: instance.attrEndpointAddress,
    port: instance.attrEndpointPort,
    name: 'homeroom',
    secretArn: instance.attrMasterUserSecretSecretArn,
    secretKeyArn: keys.data.keyArn,
    securityGroupId: securityGroup.securityGroupId,
    instanceName,
    gb: profile.databaseGb,
  };
}
