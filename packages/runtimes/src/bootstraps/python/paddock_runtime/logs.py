"""The function's log: what its loggers write, and the lines of failures (spec 4.3)."""

import json
import os
import time

from . import lazy_logging

_NO_BREAK_SPACE = "\u00a0"
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

class Log:
    def __init__(self, channel):
        self._channel = channel
        self.request_id = ""
        self.tenant_id = None
        self._is_json = False
        self._level = ""

    def write(self, timestamp_ms, text):
        self._channel.send_log(timestamp_ms, text)

    def install(self):
        """Reads AWS_LAMBDA_LOG_FORMAT and _LEVEL: called when the environment is in place."""
        self._is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
        self._level = "DEBUG" if level == "TRACE" else level
        lazy_logging.install(self._install_handler)

    def _install_handler(self, logging):
        from .log_handler import install_handler

        install_handler(self, logging.getLogger(), self._level, self._is_json)

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
