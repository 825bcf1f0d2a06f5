"""Errors of the runtime itself, and error documents (spec 2.3, 2.5)."""

import os

IMPORT_MODULE_ERROR = "Runtime.ImportModuleError"
HANDLER_NOT_FOUND = "Runtime.HandlerNotFound"
MALFORMED_HANDLER_NAME = "Runtime.MalformedHandlerName"
USER_CODE_SYNTAX_ERROR = "Runtime.UserCodeSyntaxError"
BUILT_IN_MODULE_CONFLICT = "Runtime.BuiltInModuleConflict"
MARSHAL_ERROR = "Runtime.MarshalError"
UNMARSHAL_ERROR = "Runtime.UnmarshalError"
LAMBDA_CONTEXT_UNMARSHAL_ERROR = "Runtime.LambdaContextUnmarshalError"

# The traceback of a function begins after the frames of these files.
_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))


class Fault(Exception):
    def __init__(self, error_type, message, trace=None):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace


def fault_document(fault, request_id=""):
    return _document(fault.message, fault.error_type, fault.trace, request_id)


def exception_document(error, request_id=""):
    # Needed by nobody whose functions do not fail, and slow to load.
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    while frames and os.path.dirname(frames[0].filename) == _OWN_FOLDER:
        frames = frames[1:]
    listed = [(frame.filename, frame.lineno, frame.name, frame.line) for frame in frames]
    trace = traceback.format_list(listed)
    return _document(_text_of(error), type(error).__name__, trace, request_id)


def _text_of(error):
    try:
        return str(error)
    except Exception:
        return ""


def _document(message, error_type, trace, request_id):
    return {
        "errorMessage": message or "",
        "errorType": error_type or "",
        "requestId": request_id,
        "stackTrace": trace or [],
    }
