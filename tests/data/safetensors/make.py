#!/usr/bin/env python3
"""Makes types.safetensors: make.py TARGET. The values are exact in every type, and of both signs."""
import json
import struct
import sys

VALUES = [0.5, -1.0, 2.0, -3.5, 96.0, -0.0078125]


def bf16(value):
    return struct.pack("<f", value)[2:]


parts = {
    "a.F32": ("F32", b"".join(struct.pack("<f", value) for value in VALUES)),
    "b.F16": ("F16", b"".join(struct.pack("<e", value) for value in VALUES)),
    "c.BF16": ("BF16", b"".join(bf16(value) for value in VALUES)),
    "d.F64": ("F64", b"".join(struct.pack("<d", value) for value in VALUES)),
    "e.I64": ("I64", b"".join(struct.pack("<q", int(value)) for value in VALUES)),
}
header, data = {"__metadata__": {"format": "pt"}}, b""
for name, (dtype, raw) in parts.items():
    header[name] = {"dtype": dtype, "shape": [1, 2, 3], "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(sys.argv[1], "wb") as stream:
    stream.write(struct.pack("<Q", len(text)) + text + data)
