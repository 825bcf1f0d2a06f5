"""The root logger's handler, and the lines of failures (spec 4.3)."""

import json
import logging
import os
import time
import traceback

_NO_BREAK_SPACE = "\u00a0"
_TEXT_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
_SECONDS_FORMAT = "%Y-%m-%dT%H:%M:%S"

UNHANDLED_AT_INIT = (
    "LAMBDA_WARNING: Unhandled exception. "
    "The most likely cause is an issue in the function code. "
    "However, in rare cases, a Lambda runtime update can cause unexpected function behavior. "
    "For functions using managed runtimes, runtime updates can be triggered by a function change, "
    "or can be applied automatically. To determine if the runtime has been updated, check the "
    "runtime version in the INIT_START log entry. If this error correlates with a change in the "
    "runtime version, you may be able to mitigate this error by temporarily rolling back to the "
    "previous runtime version. For more information, see "
    "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html"
)

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


class Log:
    def __init__(self, channel):
        self._channel = channel
        self.request_id = ""
        self.tenant_id = None
        self._is_json = False

    def write(self, timestamp_ms, text):
        self._channel.send_log(timestamp_ms, text)

    def install(self):
        """Reads AWS_LAMBDA_LOG_FORMAT and _LEVEL: called when the environment is in place."""
        self._is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
        level = "DEBUG" if level == "TRACE" else level
        logging.Formatter.converter = time.gmtime
        text_formatter = logging.Formatter(_TEXT_FORMAT, _SECONDS_FORMAT)
        handler = LambdaLoggerHandler(self)
        handler.setFormatter(JsonFormatter() if self._is_json else text_formatter)
        handler.addFilter(self._add_ids)
        root = logging.getLogger()
        if isinstance(logging.getLevelName(level), int):
            root.setLevel(level)
        root.addHandler(handler)

    def _add_ids(self, record):
        record.aws_request_id = self.request_id
        record.tenant_id = self.tenant_id
        return True

    def write_error(self, document):
        text = self._json_error(document) if self._is_json else _text_error(document)
        self.write(time.time() * 1000, text)

    def _json_error(self, document):
        timestamp = time.strftime(_SECONDS_FORMAT + "Z", time.gmtime())
        line = {"timestamp": timestamp, "log_level": "ERROR", **document}
        return json.dumps(line, ensure_ascii=False, default=str)


def _text_error(document):
    title = "[ERROR]"
    if document["errorType"]:
        title += f" {document['errorType']}"
    if document["errorMessage"]:
        separator = ":" if document["errorType"] else ""
        title += f"{separator} {document['errorMessage']}"
    lines = [title, "Traceback (most recent call last):"]
    for element in document["stackTrace"]:
        for line in element.splitlines() or [""]:
            content = line.lstrip(" ")
            lines.append(_NO_BREAK_SPACE * (len(line) - len(content)) + content)
    return "\n".join(lines)
