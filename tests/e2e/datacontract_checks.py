"""Prints, as JSON, what datacontract-cli says of a contract's table: [[type, column, result], ...].
Run by test_datacontract.py under the Python of .venv-long."""

import json
import logging
import sys

from datacontract.data_contract import DataContract

logging.disable(logging.CRITICAL)
run = DataContract(data_contract_file=sys.argv[1], server=sys.argv[2]).test()
print(json.dumps([[check.type, check.field, getattr(check.result, "value", str(check.result)), check.reason]
                  for check in run.checks]))
