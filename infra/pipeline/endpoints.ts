// The only doors of the private subnets: one endpoint for each AWS service that something inside calls. Each lets in
// this account's identities only, and S3's reaches Homeroom's buckets only.
import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Settings, isGivenNetwork } from '../app/settings';
import { Data } from './data';

// Kind of endpoint: what may be called through it.
const ALWAYS: Record<string, string[]> = {
  logs: [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:AssociateKmsKey',
    'logs:PutRetentionPolicy',
  ],
  monitoring: ['cloudwatch:PutMetricData'],
  glue: ['glue:*'], // Glue's own runtime calls through it what no page lists; jobs are held by their roles
  secretsmanager: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
  sns: ['sns:Publish'],
  kms: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
};
const FOR_THE_SERVICE: Record<string, string[]> = {
  'ecr.api': [
    'ecr:GetAuthorizationToken',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchCheckLayerAvailability',
  ],
  'ecr.dkr': ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
};

export class Endpoints extends Construct {
  /** Who wants to call AWS belongs to a group that is let in here. */
  readonly securityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, settings: Settings, data: Data) {
    super(scope, 'Endpoints');
    const { vpc, buckets } = data;
    const stack = Stack.of(this);
    const there = isGivenNetwork(settings.network) ? settings.network.endpointsThere : [];
    const routeTables = isGivenNetwork(settings.network)
      ? settings.network.routeTableIds
      : vpc.isolatedSubnets.map((subnet) => subnet.routeTable.routeTableId);
    this.securityGroup = new ec2.SecurityGroup(this, 'Group', {
      vpc,
      description: 'Homeroom: the endpoints of AWS services',
      allowAllOutbound: false,
    });
    const subnetIds = vpc.isolatedSubnets.slice(0, settings.profile.endpointZones).map((subnet) => subnet.subnetId);

    if (!there.includes('s3')) {
      const own = [buckets.raw, buckets.clean, buckets.artifacts];
      const statements = [
        new iam.PolicyStatement({
          sid: 'OwnBuckets',
          principals: [new iam.AnyPrincipal()],
          actions: [
            's3:GetObject',
            's3:GetObjectVersion',
            's3:PutObject',
            's3:DeleteObject',
            's3:ListBucket',
            's3:ListBucketMultipartUploads',
            's3:ListMultipartUploadParts',
            's3:AbortMultipartUpload',
            's3:GetBucketLocation',
          ],
          resources: own.flatMap((bucket) => [bucket.bucketArn, bucket.arnForObjects('*')]),
          conditions: { StringEquals: { 'aws:PrincipalAccount': stack.account } },
        }),
      ];
      if (settings.service !== undefined) {
        statements.push(
          new iam.PolicyStatement({
            sid: 'ImageLayersOfEcr',
            principals: [new iam.AnyPrincipal()],
            actions: ['s3:GetObject'],
            resources: [`arn:${stack.partition}:s3:::prod-${stack.region}-starport-layer-bucket/*`],
          }),
        );
      }
      new ec2.CfnVPCEndpoint(this, 'S3', {
        vpcId: vpc.vpcId,
        vpcEndpointType: 'Gateway',
        serviceName: `com.amazonaws.${stack.region}.s3`,
        routeTableIds: routeTables,
        policyDocument: new iam.PolicyDocument({ statements }),
      });
    }
    const kinds = { ...ALWAYS, ...(settings.service === undefined ? {} : FOR_THE_SERVICE) };
    for (const [kind, actions] of Object.entries(kinds).filter(([kind]) => !there.includes(kind))) {
      new ec2.CfnVPCEndpoint(this, kind.replace('.', '-'), {
        vpcId: vpc.vpcId,
        vpcEndpointType: 'Interface',
        serviceName: `com.amazonaws.${stack.region}.${kind}`,
        privateDnsEnabled: true,
        subnetIds,
        securityGroupIds: [this.securityGroup.securityGroupId],
        policyDocument: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              sid: 'OwnIdentities',
              principals: [new iam.AnyPrincipal()],
              actions,
              resources: ['*'], // a policy of an endpoint only narrows what the caller's own policy grants
              conditions: { StringEquals: { 'aws:PrincipalAccount': stack.account } },
            }),
          ],
        }),
      });
    }
  }

  /** A group for something that calls AWS from inside: out to the endpoints and S3, and nowhere else. */
  groupOfCaller(scope: Construct, id: string, vpc: ec2.IVpc, description: string): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(scope, id, { vpc, description, allowAllOutbound: false });
    // From the endpoints' side as a resource of its own: their group must not depend on every caller.
    new ec2.CfnSecurityGroupIngress(scope, `${id}ToAws`, {
      groupId: this.securityGroup.securityGroupId,
      sourceSecurityGroupId: group.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      description: `${description}: calls of AWS services`,
    });
    // S3's gateway has no group, only public addresses that the route table leads to it. Without any other route, this
    // leads to the endpoints alone.
    new ec2.CfnSecurityGroupEgress(scope, `${id}ToEndpoints`, {
      groupId: group.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      cidrIp: '0.0.0.0/0',
      description: 'TLS to the endpoints of AWS services; the subnets have no other way out',
    });
    return group;
  }
}
