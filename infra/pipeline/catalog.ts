// The Glue database and the crawler that fills it from the clean files, with the settings that keep types and headers
// right there: a file of nothing but text columns would otherwise lose its header.
import { Stack } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { Settings } from '../app/settings';
import { Data } from './data';
import { allow, catalogArns, listsBuckets, readsObjects, role, usesKey } from './grants';

// s3://BUCKET/clean/DATASET: the third level is the table.
const TABLE_LEVEL = 3;

export class Catalog extends Construct {
  readonly databaseName: string;
  readonly crawlerName: string;
  readonly securityConfiguration: string;

  constructor(scope: Construct, settings: Settings, data: Data) {
    super(scope, 'Catalog');
    const stack = Stack.of(this);
    const { buckets, keys } = data;
    this.databaseName = settings.prefix.replaceAll('-', '_');
    this.crawlerName = `${settings.prefix}-clean-files`;
    this.securityConfiguration = `${settings.prefix}-sealed`;

    new glue.CfnSecurityConfiguration(this, 'Sealed', {
      name: this.securityConfiguration,
      encryptionConfiguration: {
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: keys.data.keyArn }],
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: keys.operations.keyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn: keys.data.keyArn },
      },
    });
    const database = new glue.CfnDatabase(this, 'Database', {
      catalogId: stack.account,
      databaseInput: {
        name: this.databaseName,
        description: 'Clean files of Homeroom, one table a data set',
        locationUri: `s3://${buckets.clean.bucketName}/clean/`,
      },
    });
    const classifier = new glue.CfnClassifier(this, 'Csv', {
      csvClassifier: {
        name: `${settings.prefix}-csv`,
        delimiter: ',',
        quoteSymbol: '"',
        containsHeader: 'PRESENT',
        allowSingleColumn: true,
        disableValueTrimming: true,
      },
    });
    const crawlerRole = role(this, 'CrawlerRole', 'glue', 'Homeroom: reads clean files and describes them', [
      readsObjects('ReadsClean', buckets.clean, ['clean/']),
      listsBuckets([buckets.clean]),
      usesKey('UsesDataKey', keys.data),
      allow(
        'WritesCatalog',
        [
          'glue:GetDatabase',
          'glue:GetTable',
          'glue:GetTables',
          'glue:CreateTable',
          'glue:UpdateTable',
          'glue:GetPartition',
          'glue:GetPartitions',
          'glue:BatchGetPartition',
          'glue:BatchCreatePartition',
          'glue:CreatePartition',
          'glue:UpdatePartition',
          'glue:BatchUpdatePartition',
        ],
        catalogArns(this, this.databaseName),
      ),
      allow('ReadsItsSettings', ['glue:GetClassifier', 'glue:GetSecurityConfiguration'], ['*']),
      ...glueLogs(this),
    ]);
    const crawler = new glue.CfnCrawler(this, 'Crawler', {
      name: this.crawlerName,
      description: 'Describes the clean files in the catalog; started by the state machine only',
      role: crawlerRole.roleArn,
      databaseName: this.databaseName,
      classifiers: [classifier.ref],
      crawlerSecurityConfiguration: this.securityConfiguration,
      targets: { s3Targets: [{ path: `s3://${buckets.clean.bucketName}/clean/` }] },
      recrawlPolicy: { recrawlBehavior: 'CRAWL_EVERYTHING' },
      schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'LOG' },
      configuration: JSON.stringify({
        Version: 1.0,
        CrawlerOutput: {
          Partitions: { AddOrUpdateBehavior: 'InheritFromTable' },
          Tables: { AddOrUpdateBehavior: 'MergeNewColumns' },
        },
        Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas', TableLevelConfiguration: TABLE_LEVEL },
      }),
    });
    crawler.addResourceDependency(database);
  }
}

/** Glue writes its own log groups, whose names it chooses, and seals them by the security configuration. */
export function glueLogs(scope: Construct) {
  const group = (name: string): string => Stack.of(scope).formatArn({ service: 'logs', resource: `log-group:${name}` });
  return [
    allow(
      'WritesLog',
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'],
      [group('/aws-glue/*'), group('/aws-glue/*:log-stream:*')],
    ),
  ];
}
