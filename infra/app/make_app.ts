// The app with its two stacks and the checks of cdk-nag, for the program and for the tests.
import { App, BootstraplessSynthesizer, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { DataStack } from './data_stack';
import { PipelineStack } from './pipeline_stack';
import { Settings } from './settings';
import { markForCheckov } from './findings';

export interface Made {
  readonly app: App;
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
}

/** Today's behaviour of the CDK, where it keeps an older one for apps that began before. */
const FLAGS = {
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-iam:minimizePolicies': false, // statements keep their names
};

export function makeApp(settings: Settings, outdir: string, judge: 'judged' | 'unjudged' = 'unjudged'): Made {
  const judged = judge === 'judged';
  const app = new App({
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: judged, // what CloudFormation would refuse is a finding too
    context: { ...FLAGS, '@aws-cdk/core:validateAgainstDefaultRules': judged },
  });
  // No stack has a file to upload, so the account needs no bootstrap, and nobody a role that it makes.
  const props = { synthesizer: new BootstraplessSynthesizer() };
  const data = new DataStack(app, `${settings.prefix}-data`, settings, {
    ...props,
    description: 'Homeroom: files, database, keys and their network; kept when the pipeline is taken down',
  });
  const pipeline = new PipelineStack(app, `${settings.prefix}-pipeline`, settings, data, {
    ...props,
    description: 'Homeroom: cleans, describes and loads files, and watches over it',
  });
  for (const [key, value] of Object.entries(settings.tags)) Tags.of(app).add(key, value);
  // Findings are judged by the tests, against the reasons in findings.ts.
  if (judged) Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app));
  markForCheckov(data, pipeline);
  return { app, data, pipeline };
}
