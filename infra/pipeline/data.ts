// What the pipeline is given of the data stack.
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Buckets } from '../data/buckets';
import { Database } from '../data/database';
import { Keys } from '../data/keys';

export interface Data {
  readonly keys: Keys;
  readonly buckets: Buckets;
  readonly vpc: ec2.IVpc;
  readonly database: Database;
}
