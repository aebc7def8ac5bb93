# Sourced by infra/deploy and destroy, after environment.sh: who is signed in, where, and the stacks of this deployment.
# shellcheck shell=bash
# The district's own `aws` comes first: it knows how people sign in there. The one of .venv-aws is for where there is none.
PATH=${PATH/$PWD\/..\/.venv-aws\/bin:/}:$PWD/../.venv-aws/bin
export AWS_PAGER=''
rm -rf cdk.out
node build/app/main.js || exit
# shellcheck source=/dev/null
source cdk.out/deployment
data_stack=$prefix-data
pipeline_stack=$prefix-pipeline

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[[ -n $region ]] || fail "no region: set AWS_REGION, for example us-east-1"
export AWS_DEFAULT_REGION=$region
account=$(aws sts get-caller-identity --query Account --output text 2>build/aws.txt) ||
  { cat build/aws.txt >&2; fail "not signed in to AWS: set AWS_PROFILE, or sign in, then try again"; }

# output STACK NAME: what the stack says of itself.
output() {
  aws cloudformation describe-stacks --stack-name "$1" --output text \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue"
}

exists() { aws cloudformation describe-stacks --stack-name "$1" >/dev/null 2>&1; }

# put_stack STACK [ARGUMENT...]: makes it, or changes what is different.
put_stack() {
  local stack=$1
  shift
  say "stack $stack in $region, account $account"
  aws cloudformation deploy --stack-name "$stack" --template-file "cdk.out/$stack.template.json" \
    --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset "$@"
}
