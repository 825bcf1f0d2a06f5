"""The framed socket that was descriptor 3 (../../../framed/README.md).

Reading and writing block: between two events this process waits in one system call. Frames are
written whole under a lock, because threads of the function log too.
"""

import os
import struct
from _thread import RLock

_DESCRIPTOR = 3
_READ_BYTES = 64 * 1024
# As runtimeLimits on the other side.
_LOG_TEXT_BYTES = 256 * 1024
_LABEL_BYTES = 1024

INITIALIZE = 0x01
INVOKE = 0x02
_BOOT_READY = 0x81
_INIT_DONE = 0x82
_INIT_ERROR = 0x83
_RESPONSE = 0x84
_ERROR = 0x85
_RESPONSE_TOO_LARGE = 0x87
_LOG = 0x89

_SETTLED_FLAG = 0x01
_PROTOCOL_VERSION = 1

_HEADER = struct.Struct(">IB")
_ANSWER = struct.Struct(">BH")
_LENGTH = struct.Struct(">I")
_TIMESTAMP = struct.Struct(">d")

_os_read = os.read
_os_write = os.write


class ChannelClosed(Exception):
    """The worker closed its end: nothing this process does can reach anybody."""


class Channel:
    def __init__(self):
        # A high descriptor of our own survives a function that closes the low ones. It is not
        # inherited by programs that the function starts.
        import fcntl

        self._descriptor = fcntl.fcntl(_DESCRIPTOR, fcntl.F_DUPFD_CLOEXEC, 100)
        os.close(_DESCRIPTOR)
        self._received = b""
        self._lock = RLock()

    def receive(self):
        """Blocks for the next frame: (type, body)."""
        self._fill(_HEADER.size)
        body_bytes, frame_type = _HEADER.unpack_from(self._received)
        end = _HEADER.size + body_bytes
        self._fill(end)
        body = self._received[_HEADER.size : end]
        self._received = self._received[end:]
        return frame_type, body

    def _fill(self, byte_count):
        if len(self._received) >= byte_count:
            return
        pieces = [self._received]
        missing = byte_count - len(self._received)
        while missing > 0:
            piece = _os_read(self._descriptor, max(missing, _READ_BYTES))
            if not piece:
                raise ChannelClosed()
            pieces.append(piece)
            missing -= len(piece)
        self._received = b"".join(pieces)

    def _send(self, frame_type, body):
        frame = _HEADER.pack(len(body), frame_type) + body
        with self._lock:
            written = _os_write(self._descriptor, frame)
            while written < len(frame):
                written += _os_write(self._descriptor, memoryview(frame)[written:])

    def _send_answer(self, frame_type, flags, label, payload):
        label_bytes = label.encode("utf-8", "replace")
        if len(label_bytes) > _LABEL_BYTES:
            label_bytes = b""
        self._send(frame_type, _ANSWER.pack(flags, len(label_bytes)) + label_bytes + payload)

    def send_boot_ready(self):
        self._send(_BOOT_READY, bytes([_PROTOCOL_VERSION]))

    def send_init_done(self):
        self._send(_INIT_DONE, b"")

    def send_init_error(self, error_type, payload):
        self._send_answer(_INIT_ERROR, 0, error_type, payload)

    def send_error(self, error_type, payload):
        self._send_answer(_ERROR, _SETTLED_FLAG, error_type, payload)

    def send_response(self, content_type, payload):
        """No content type means application/json."""
        self._send_answer(_RESPONSE, _SETTLED_FLAG, content_type, payload)

    def send_response_too_large(self):
        self._send_answer(_RESPONSE_TOO_LARGE, _SETTLED_FLAG, "", b"")

    def send_log(self, timestamp_ms, text):
        """One frame for each piece of at most _LOG_TEXT_BYTES, cut between characters."""
        data = text.encode("utf-8", "replace")
        head = _TIMESTAMP.pack(timestamp_ms)
        start = 0
        while True:
            end = min(start + _LOG_TEXT_BYTES, len(data))
            while end < len(data) and (data[end] & 0xC0) == 0x80:
                end -= 1
            self._send(_LOG, head + data[start:end])
            start = end
            if start >= len(data):
                return


def split_invoke(body):
    """Body of an invoke frame: (header document, event), both bytes."""
    (document_bytes,) = _LENGTH.unpack_from(body)
    event_start = _LENGTH.size + document_bytes
    return body[_LENGTH.size : event_start], body[event_start:]
