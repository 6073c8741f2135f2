#!/usr/bin/env python3
"""Makes MODEL.onnx and MODEL.npz of ONNX's test folders: make.py SOURCE TARGET. Needs nothing but Python.

A model whose weights are a test input gets them as an initializer: protobuf merges messages that are written one after the other,
so a ModelProto with nothing but that initializer is appended. x and y go to an .npz."""
import os
import struct
import sys
import zipfile


def fields(data):
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            size = varint() if key & 7 == 2 else 8 if key & 7 == 1 else 4
            yield key >> 3, data[at:at + size]
            at += size


def npy(data):
    dims = [value for number, value in fields(data) if number == 1 and isinstance(value, int)]
    raw = b"".join(value for number, value in fields(data) if number in (4, 9))
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s,), }" % ", ".join(map(str, dims))
    text = text.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + raw


def sized(number, data):
    size, out = len(data), bytes([number << 3 | 2])
    while size > 127:
        out += bytes([size & 127 | 128])
        size >>= 7
    return out + bytes([size]) + data


source, target = sys.argv[1:]
for name in sorted(os.listdir(source)):
    folder = os.path.join(source, name)
    if not os.path.isdir(folder):
        continue

    def read(file):
        with open(os.path.join(folder, file), "rb") as stream:
            return stream.read()

    model = read("model.onnx")
    weights = "test_data_set_0/input_1.pb"
    if os.path.exists(os.path.join(folder, weights)):
        model += sized(7, sized(5, read(weights)))
    with open(os.path.join(target, name + ".onnx"), "wb") as stream:
        stream.write(model)
    with zipfile.ZipFile(os.path.join(target, name + ".npz"), "w") as archive:
        archive.writestr(zipfile.ZipInfo("x.npy"), npy(read("test_data_set_0/input_0.pb")))
        archive.writestr(zipfile.ZipInfo("y.npy"), npy(read("test_data_set_0/output_0.pb")))
