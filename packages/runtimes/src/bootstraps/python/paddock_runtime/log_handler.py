"""The root logger's handler (spec 4.3). Importing this module loads `logging`."""

import json
import logging
import time
import traceback

_TEXT_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
_SECONDS_FORMAT = "%Y-%m-%dT%H:%M:%S"

# What a record has anyway; the rest came from the caller's `extra`.
_STANDARD_FIELDS = set(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "aws_request_id",
    "tenant_id",
    "taskName",
}


class JsonFormatter(logging.Formatter):
    def __init__(self):
        super().__init__(datefmt=_SECONDS_FORMAT + "Z")

    def format(self, record):
        error = record.exc_info if record.exc_info and record.exc_info[0] else None
        plain = isinstance(record.msg, dict) and not record.args
        line = {
            "timestamp": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.msg if plain else record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(error[2]) if error else None,
            "errorType": error[0].__name__ if error else None,
            "errorMessage": str(error[1]) if error else None,
            "requestId": record.aws_request_id,
            "location": f"{record.pathname}:{record.funcName}:{record.lineno}" if error else None,
            "tenantId": record.tenant_id,
        }
        for key, value in record.__dict__.items():
            if key not in _STANDARD_FIELDS and key not in line:
                line[key] = value
        present = {key: value for key, value in line.items() if value is not None}
        return json.dumps(present, ensure_ascii=False, default=str)


class LambdaLoggerHandler(logging.Handler):
    def __init__(self, log):
        super().__init__()
        self._log = log

    def emit(self, record):
        # As on Lambda, a record that cannot be formatted fails in the code that logged it.
        self._log.write(record.created * 1000, self.format(record))


def install_handler(log, root, level, is_json):
    logging.Formatter.converter = time.gmtime
    text_formatter = logging.Formatter(_TEXT_FORMAT, _SECONDS_FORMAT)
    handler = LambdaLoggerHandler(log)
    handler.setFormatter(JsonFormatter() if is_json else text_formatter)

    def add_ids(record):
        record.aws_request_id = log.request_id
        record.tenant_id = log.tenant_id
        return True

    handler.addFilter(add_ids)
    if isinstance(logging.getLevelName(level), int):
        root.setLevel(level)
    root.addHandler(handler)
