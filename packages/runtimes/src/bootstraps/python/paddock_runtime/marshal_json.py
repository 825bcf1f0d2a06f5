"""JSON as Lambda's Python runtime writes it (spec 11.3): Decimal as a number, bytes as text, and
since Python 3.12 no escapes for characters outside ASCII.
"""

import json
import os
import sys

from .faults import MARSHAL_ERROR, UNMARSHAL_ERROR, Fault

_ENSURE_ASCII = sys.version_info < (3, 12)
_loads = json.loads


class _Encoder(json.JSONEncoder):
    """The standard encoder cannot write a number from text: a marked string stands for it first."""

    def __init__(self):
        super().__init__(ensure_ascii=_ENSURE_ASCII, allow_nan=True)
        self.decimals = []
        self.mark = ""

    def default(self, o):
        # Nobody has a Decimal who has not imported its module.
        decimal = sys.modules.get("decimal")
        if decimal is not None and isinstance(o, decimal.Decimal):
            return float("nan") if o.is_nan() else self._stand_in(o)
        if isinstance(o, bytes):
            return o.decode("utf-8")
        return super().default(o)

    def _stand_in(self, number):
        # Random, so that no string of the function can be taken for it.
        self.mark = self.mark or os.urandom(16).hex()
        self.decimals.append(str(number))
        return f"{self.mark}:{len(self.decimals) - 1}"

    def encode_document(self, document):
        text = self.encode(document)
        for index, number in enumerate(self.decimals):
            text = text.replace(f'"{self.mark}:{index}"', number, 1)
        return text


_plain = json.JSONEncoder(ensure_ascii=_ENSURE_ASCII, allow_nan=True)


def to_json_bytes(document):
    """Raises what the encoder raises."""
    try:
        text = _plain.encode(document)
    except TypeError:
        text = _Encoder().encode_document(document)
    return text.encode("utf-8")


def marshal_response(response):
    """(content type or "" for JSON, payload)."""
    if isinstance(response, bytes):
        return "application/unknown", response
    try:
        return "", to_json_bytes(response)
    except Exception as error:
        raise Fault(MARSHAL_ERROR, f"Unable to marshal response: {error}") from None


def unmarshal_event(event):
    try:
        return _loads(event)
    except Exception as error:
        raise Fault(UNMARSHAL_ERROR, f"Unable to unmarshal input: {error}") from None


def error_payload(document, max_bytes):
    """The error document within the bound: without its trace and the end of its message."""
    payload = to_json_bytes(_without_surrogates(document))
    if len(payload) <= max_bytes:
        return payload
    # An escaped character takes up to 12 bytes; type and message share what there is.
    characters = max_bytes // 32
    short = {
        **document,
        "errorMessage": document["errorMessage"][:characters],
        "errorType": document["errorType"][:characters],
        "stackTrace": [],
    }
    return to_json_bytes(_without_surrogates(short))


def _without_surrogates(document):
    def clean(value):
        if isinstance(value, list):
            return [clean(item) for item in value]
        return value.encode("utf-8", "replace").decode("utf-8")

    return {key: clean(value) for key, value in document.items()}
