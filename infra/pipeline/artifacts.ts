// Where the programs lie in the artifacts bucket. Keys are parameters with a hash of the content in them, set by
// infra/deploy: so a stack is synthesised without any program, and a new program is a new key, which updates it.
import { CfnParameter } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export class Artifacts extends Construct {
  readonly lambdaZip: string;
  readonly jobScript: string;
  readonly jobWheels: string;
  readonly databaseAuthority: string;

  constructor(scope: Construct, architecture: string) {
    super(scope, 'Artifacts');
    const key = (id: string, description: string, placeholder: string): string => {
      const parameter = new CfnParameter(this, id, {
        type: 'String',
        description: `Key in the artifacts bucket: ${description}`,
        default: `not-deployed-yet/${placeholder}`,
        allowedPattern: '[A-Za-z0-9._/-]+',
      });
      parameter.overrideLogicalId(id); // infra/deploy sets it by this name
      return parameter.valueAsString;
    };
    this.lambdaZip = key('LambdaZip', 'the Lambda, built by make lambda', `homeroom-lambda-${architecture}.zip`);
    this.jobScript = key('JobScript', 'the Glue job, infra/glue/load_job.py', 'load_job.py');
    this.jobWheels = key(
      'JobWheels',
      'the engine for Python and what it needs, as a zip of wheels',
      'homeroom.gluewheels.zip',
    );
    this.databaseAuthority = key(
      'DatabaseAuthority',
      "certificates that the database's own is checked by",
      'database-authority.pem',
    );
  }
}
