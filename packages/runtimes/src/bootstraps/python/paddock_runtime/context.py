"""The context object (spec 11.3)."""

import json
import os
import sys
import time

from .faults import LAMBDA_CONTEXT_UNMARSHAL_ERROR, Fault

_now = time.time


class _Record:
    """Named fields, None unless given; nothing else can be set."""

    __slots__ = ()

    def __init__(self, values=None):
        for name in self.__slots__:
            setattr(self, name, values.get(name) if values else None)

    def __repr__(self):
        fields = ",".join(f"{name}={getattr(self, name)}" for name in self.__slots__)
        return f"{type(self).__name__}([{fields}])"


class CognitoIdentity(_Record):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Record):
    __slots__ = (
        "installation_id",
        "app_title",
        "app_version_name",
        "app_version_code",
        "app_package_name",
    )


class ClientContext(_Record):
    __slots__ = ("custom", "env", "client")


def _parse(text, name):
    if not text:
        return None
    try:
        return json.loads(text)
    except Exception as error:
        message = f"Unable to parse {name} JSON: {error}"
        raise Fault(LAMBDA_CONTEXT_UNMARSHAL_ERROR, message) from None


def _client_context(text):
    values = _parse(text, "Client Context")
    if not isinstance(values, dict):
        return None
    context = ClientContext(values)
    context.client = Client(context.client) if isinstance(context.client, dict) else None
    return context


def _identity(text):
    values = _parse(text, "Cognito Identity") or {}
    return CognitoIdentity(
        {
            "cognito_identity_id": values.get("cognitoIdentityId"),
            "cognito_identity_pool_id": values.get("cognitoIdentityPoolId"),
        }
    )


class LambdaContext:
    def __init__(self, header):
        environ = os.environ
        self.aws_request_id = header["requestId"]
        self.log_group_name = environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = header.get("invokedFunctionArn")
        self.tenant_id = header.get("tenantId")
        self.client_context = _client_context(header.get("clientContext"))
        self.identity = _identity(header.get("cognitoIdentity"))
        self._epoch_deadline_time_in_ms = header["deadlineMs"]

    def get_remaining_time_in_millis(self):
        return max(0, int(self._epoch_deadline_time_in_ms - int(_now() * 1000)))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        shown = (
            "aws_request_id",
            "log_group_name",
            "log_stream_name",
            "function_name",
            "memory_limit_in_mb",
            "function_version",
            "invoked_function_arn",
            "client_context",
            "identity",
            "tenant_id",
        )
        fields = ",".join(f"{name}={getattr(self, name)}" for name in shown)
        return f"LambdaContext([{fields}])"
