// Dashboard, approvals and undo: one small container beside the database, behind a load balancer that is inside the VPC
// and speaks TLS only. Made when the settings name an image.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Service as ServiceSettings, Settings } from '../app/settings';
import { LOAD_BALANCER_LOGS } from '../data/buckets';
import { Data } from '../pipeline/data';
import { Endpoints } from '../pipeline/endpoints';
import {
  allow,
  catalogArns,
  decryptsWith,
  listsBuckets,
  reachDatabase,
  readsObjects,
  role,
  stackArn,
  usesKey,
  writesObjects,
} from '../pipeline/grants';

const PORT = 8080;
const DESIRED = 1; // one at a time: the watcher and the workers inside take turns through the database anyway

export class Service extends Construct {
  readonly cluster: string;
  readonly name: string;
  readonly desired = DESIRED;
  readonly address: string;

  constructor(
    scope: Construct,
    settings: Settings,
    service: ServiceSettings,
    data: Data,
    endpoints: Endpoints,
    catalogDatabase: string,
    notices: sns.ITopic,
  ) {
    super(scope, 'Service');
    const { buckets, database, keys, vpc } = data;
    this.name = `${settings.prefix}-dashboard`;
    this.cluster = settings.prefix;
    const log = new logs.LogGroup(this, 'Log', {
      encryptionKey: keys.operations,
      retention: settings.profile.logDays,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const group = endpoints.groupOfCaller(this, 'Group', vpc, 'Homeroom dashboard');
    reachDatabase(this, 'Dashboard', group, data);

    const cluster = new ecs.CfnCluster(this, 'Cluster', {
      clusterName: this.cluster,
      clusterSettings: [{ name: 'containerInsights', value: 'enabled' }],
    });
    const repository = service.image.replace(/^[^/]+\//, '').replace(/[:@].*$/, '');
    const startRole = role(this, 'StartRole', 'ecs-tasks', 'Homeroom: starts the dashboard', [
      allow('SignsInToEcr', ['ecr:GetAuthorizationToken'], ['*']),
      allow(
        'PullsImage',
        ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
        [stackArn(this, 'ecr', 'repository', repository)],
      ),
      allow('WritesLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], [log.logGroupArn]),
      allow('ReadsSecret', ['secretsmanager:GetSecretValue'], [database.secretArn]),
      ...(database.secretKeyArn === undefined ? [] : [decryptsWith('OpensSecret', database.secretKeyArn)]),
    ]);
    const taskRole = role(this, 'TaskRole', 'ecs-tasks', 'Homeroom: dashboard, approvals, undo', [
      readsObjects('ReadsStore', buckets.raw, ['']),
      readsObjects('ReadsClean', buckets.clean, ['clean/', 'quarantine/', 'runs/']),
      readsObjects('ReadsContracts', buckets.artifacts, ['contracts/']),
      writesObjects('TakesUploads', buckets.raw, ['raw/']),
      listsBuckets([buckets.raw, buckets.clean, buckets.artifacts]),
      usesKey('UsesDataKey', keys.data),
      usesKey('SealsMessages', keys.operations),
      allow('SignsIn', ['secretsmanager:GetSecretValue'], [database.secretArn]),
      allow(
        'KeepsCatalog',
        [
          'glue:GetDatabase',
          'glue:GetTable',
          'glue:GetTables',
          'glue:CreateTable',
          'glue:UpdateTable',
          'glue:GetPartitions',
          'glue:BatchCreatePartition',
          'glue:UpdatePartition',
        ],
        catalogArns(this, catalogDatabase),
      ),
      allow('TellsStewards', ['sns:Publish'], [notices.topicArn]),
    ]);
    const secret = (field: string): string => `${database.secretArn}:${field}::`;
    const task = new ecs.CfnTaskDefinition(this, 'Task', {
      family: this.name,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(settings.profile.serviceCpu),
      memory: String(settings.profile.serviceMemoryMb),
      runtimePlatform: {
        cpuArchitecture: settings.architecture === 'arm64' ? 'ARM64' : 'X86_64',
        operatingSystemFamily: 'LINUX',
      },
      executionRoleArn: startRole.roleArn,
      taskRoleArn: taskRole.roleArn,
      volumes: [{ name: 'scratch' }],
      containerDefinitions: [
        {
          name: 'dashboard',
          image: service.image,
          essential: true,
          user: '1000:1000',
          readonlyRootFilesystem: true,
          mountPoints: [{ containerPath: '/tmp', sourceVolume: 'scratch', readOnly: false }],
          portMappings: [{ containerPort: PORT, protocol: 'tcp' }],
          linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
          environment: Object.entries({
            HOMEROOM_LISTEN: `0.0.0.0:${PORT}`,
            HOMEROOM_RAW_BUCKET: buckets.raw.bucketName,
            HOMEROOM_CLEAN_BUCKET: buckets.clean.bucketName,
            HOMEROOM_CONTRACTS: `s3://${buckets.artifacts.bucketName}/contracts/`,
            HOMEROOM_NOTICES_TOPIC: notices.topicArn,
            PGHOST: database.host,
            PGPORT: String(database.port),
            PGDATABASE: database.name,
            PGSSLMODE: 'verify-full',
          }).map(([name, value]) => ({ name, value })),
          secrets: [
            { name: 'PGUSER', valueFrom: secret('username') },
            { name: 'PGPASSWORD', valueFrom: secret('password') },
          ],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': log.logGroupName,
              'awslogs-region': Stack.of(this).region,
              'awslogs-stream-prefix': 'dashboard',
            },
          },
        },
      ],
    });

    const front = new ec2.SecurityGroup(this, 'FrontGroup', {
      vpc,
      description: 'Homeroom dashboard: networks of the district',
      allowAllOutbound: false,
    });
    for (const cidr of service.clientCidrs)
      front.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(443), 'People of the district');
    front.addEgressRule(group, ec2.Port.tcp(PORT), 'To the dashboard');
    group.addIngressRule(front, ec2.Port.tcp(PORT), 'From the load balancer');
    const balancer = new elb.ApplicationLoadBalancer(this, 'Front', {
      vpc,
      internetFacing: false,
      securityGroup: front,
      vpcSubnets: { subnets: vpc.isolatedSubnets },
      dropInvalidHeaderFields: true,
      deletionProtection: !settings.deleteData,
    });
    balancer.setAttribute('access_logs.s3.enabled', 'true');
    balancer.setAttribute('access_logs.s3.bucket', buckets.accessLogs.bucketName);
    balancer.setAttribute('access_logs.s3.prefix', LOAD_BALANCER_LOGS);
    this.address = balancer.loadBalancerDnsName;
    const target = new elb.CfnTargetGroup(this, 'Target', {
      vpcId: vpc.vpcId,
      protocol: 'HTTP',
      port: PORT,
      targetType: 'ip',
      healthCheckPath: '/healthz',
      healthCheckIntervalSeconds: 15,
      healthyThresholdCount: 2,
      targetGroupAttributes: [
        { key: 'deregistration_delay.timeout_seconds', value: String(Duration.seconds(30).toSeconds()) },
      ],
    });
    const listener = new elb.CfnListener(this, 'Tls', {
      loadBalancerArn: balancer.loadBalancerArn,
      protocol: 'HTTPS',
      port: 443,
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificates: [{ certificateArn: service.certificateArn }],
      defaultActions: [{ type: 'forward', targetGroupArn: target.ref }],
    });
    const running = new ecs.CfnService(this, 'Running', {
      serviceName: this.name,
      cluster: cluster.ref,
      launchType: 'FARGATE',
      taskDefinition: task.ref,
      desiredCount: DESIRED,
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        minimumHealthyPercent: 100,
        maximumPercent: 200,
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          assignPublicIp: 'DISABLED',
          subnets: vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
          securityGroups: [group.securityGroupId],
        },
      },
      loadBalancers: [{ containerName: 'dashboard', containerPort: PORT, targetGroupArn: target.ref }],
      propagateTags: 'SERVICE',
      enableExecuteCommand: false,
    });
    running.addResourceDependency(listener);
  }
}
