"""Boot, initialise once, then one event after the other."""

import json
import os
import sys
import time

from .channel import INITIALIZE, INVOKE, Channel, ChannelClosed, split_invoke
from .context import LambdaContext
from .faults import Fault, exception_document, fault_document
from .handlers import add_code_folders, load_handler, replace_python_path
from .logs import UNHANDLED_AT_INIT, Log
from .marshal_json import error_payload, marshal_response, unmarshal_event

_EXIT_INIT_ERROR = 1
_loads = json.loads


def run():
    """Returns never: the process ends with the worker's end of the channel, or with sys.exit."""
    channel = Channel()
    try:
        channel.send_boot_ready()
        _serve(channel)
    except (ChannelClosed, BrokenPipeError, ConnectionResetError):
        os._exit(0)


def _serve(channel):
    frame_type, body = channel.receive()
    if frame_type != INITIALIZE:
        raise ChannelClosed()
    start = _loads(body)
    log = Log(channel)
    handler = _initialize(channel, log, start)
    channel.send_init_done()
    while True:
        frame_type, body = channel.receive()
        if frame_type != INVOKE:
            raise ChannelClosed()
        document, event = split_invoke(body)
        header = _loads(document)
        log.request_id = header["requestId"]
        log.tenant_id = header.get("tenantId")
        _export_trace_header(header.get("traceHeader"))
        _handle(channel, log, handler, header, event, start["maxResponseBytes"])


def _initialize(channel, log, start):
    environment = start["environment"]
    boot_python_path = os.environ.get("PYTHONPATH", "")
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    replace_python_path(boot_python_path, environment.get("PYTHONPATH", ""))
    add_code_folders(environment.get("LAMBDA_TASK_ROOT", "/var/task"))
    log.install()
    try:
        return load_handler(start["handler"])
    except Fault as fault:
        document = fault_document(fault)
    except Exception as error:
        document = exception_document(error)
    import logging

    logging.warning(UNHANDLED_AT_INIT)
    log.write_error(document)
    _flush_output()
    payload = error_payload(document, start["maxResponseBytes"])
    channel.send_init_error(document["errorType"], payload)
    sys.exit(_EXIT_INIT_ERROR)


def _handle(channel, log, handler, header, event, max_response_bytes):
    """SystemExit and KeyboardInterrupt go through: they end the process, as on Lambda."""
    try:
        context = LambdaContext(header)
        response = handler(unmarshal_event(event), context)
        content_type, payload = marshal_response(response)
    except Fault as fault:
        document = fault_document(fault, header["requestId"])
    except Exception as error:
        document = exception_document(error, header["requestId"])
    else:
        _flush_output()
        if len(payload) > max_response_bytes:
            channel.send_response_too_large()
        else:
            channel.send_response(content_type, payload)
        return
    log.write_error(document)
    _flush_output()
    channel.send_error(document["errorType"], error_payload(document, max_response_bytes))


def _flush_output():
    """What was printed is in its pipe before the answer; a closed stream has nothing left."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            continue


def _export_trace_header(trace_header):
    if trace_header:
        os.environ["_X_AMZN_TRACE_ID"] = trace_header
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
