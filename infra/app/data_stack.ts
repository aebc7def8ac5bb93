// What is kept when the rest is taken down: files, database, keys, and the network that the database stands in.
import { CfnOutput, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Buckets, makeBuckets } from '../data/buckets';
import { Database, makeDatabase } from '../data/database';
import { Keys, makeKeys } from '../data/keys';
import { makeNetwork } from '../data/network';
import { Settings } from './settings';

export class DataStack extends Stack {
  readonly keys: Keys;
  readonly buckets: Buckets;
  readonly vpc: ec2.IVpc;
  readonly database: Database;

  constructor(scope: Construct, id: string, settings: Settings, props: StackProps) {
    super(scope, id, { ...props, terminationProtection: !settings.deleteData });
    const removalPolicy = settings.deleteData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.keys = makeKeys(this, settings.prefix, removalPolicy);
    this.buckets = makeBuckets(this, settings, this.keys.data, removalPolicy);
    this.vpc = makeNetwork(this, settings, this.keys.operations, removalPolicy);
    this.database = makeDatabase(this, settings, this.vpc, this.keys, removalPolicy);
    const outputs: Record<string, string> = {
      RawBucket: this.buckets.raw.bucketName,
      CleanBucket: this.buckets.clean.bucketName,
      ArtifactsBucket: this.buckets.artifacts.bucketName,
      AccessLogsBucket: this.buckets.accessLogs.bucketName,
      DatabaseHost: this.database.host,
      DatabaseSecret: this.database.secretArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
