"""Writes the arrays of zarr version 2 in this folder, and what zarr-python reads of each as .npy.

Needs zarr 2.13 and numcodecs 0.11 (Debian 12: python3-zarr). Run in this folder: python3 make.py
"""
import itertools
import json
import os
import shutil

import numcodecs
import numpy as np
import zarr

BLOSC = ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]
SHUFFLES = {"plain": numcodecs.Blosc.NOSHUFFLE, "bytes": numcodecs.Blosc.SHUFFLE, "bits": numcodecs.Blosc.BITSHUFFLE}


def write(name, data, chunks, compressor, fill=0, order="C", separator=".", missing=()):
    shutil.rmtree(name, ignore_errors=True)
    array = zarr.open(zarr.DirectoryStore(name, dimension_separator=separator), mode="w", shape=data.shape, chunks=chunks,
                      dtype=data.dtype, compressor=compressor, fill_value=fill, order=order, dimension_separator=separator)
    array[...] = data
    for key in missing:
        os.remove(os.path.join(name, key))
    return zarr.open(name, mode="r")[...]


def save(name, data):
    np.save(name + ".npy", np.ascontiguousarray(data.astype(data.dtype.newbyteorder("<"))))


random = np.random.default_rng(2611)

# One picture by every compressor and shuffle of blosc, in chunks larger than the array. Bits are only shuffled in eights of elements.
rows, columns = np.mgrid[0:30, 0:50]
picture = (2000 + 300 * np.sin(rows / 5) * np.cos(columns / 7) + random.integers(0, 3, (30, 50))).astype("<u2")
save("picture", picture)
for compressor, (shuffle, number) in itertools.product(BLOSC, SHUFFLES.items()):
    write(f"blosc_{compressor}_{shuffle}.zarr", picture, (32, 33), numcodecs.Blosc(compressor, 5, number))

# Several blocks in a chunk, the last smaller: it takes many elements, which have to be easy ones for a small file.
steps = (np.arange(300 * 400, dtype="<u4") // 1234 * 1234567).reshape(300, 400)
for compressor, (shuffle, number) in itertools.product(BLOSC, SHUFFLES.items()):
    write(f"steps_{compressor}_{shuffle}.zarr", steps, (300, 400), numcodecs.Blosc(compressor, 5, number, 100000))

# Every type, with the rest in turn. Values take the whole range of the type.
kinds = ["|b1", "|i1", "|u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8",
         "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]
compressors = [None, numcodecs.Zlib(5), numcodecs.GZip(5), numcodecs.Zstd(3), numcodecs.Blosc("lz4", 5, numcodecs.Blosc.SHUFFLE),
               numcodecs.Blosc("zstd", 5, numcodecs.Blosc.BITSHUFFLE)]
fills = {"b": [True, False], "i": [-7, 0], "u": [200, None], "f": [float("nan"), float("inf"), float("-inf"), 1.5, None]}
for number, kind in enumerate(kinds):
    dtype = np.dtype(kind)
    if dtype.kind == "b":
        data = random.integers(0, 2, (5, 7, 3)).astype(bool)
    elif dtype.kind == "f":
        data = random.normal(0, 100, (5, 7, 3)).astype(dtype)
        data[0, 0] = np.nan, np.inf, -np.inf
    else:
        info = np.iinfo(dtype)
        data = random.integers(info.min, info.max, (5, 7, 3), dtype=dtype.newbyteorder("="), endpoint=True).astype(dtype)
    choices = fills[dtype.kind]
    separator = "./"[number % 2]
    name = f"type_{number:02}_{dtype.name}_{'big' if kind[0] == '>' else 'little'}"
    fill = choices[number % len(choices)]
    # Without a fill value the elements of a chunk that is not stored are undefined.
    missing = [] if fill is None else [separator.join("110")]
    save(name, write(name + ".zarr", data, (2, 4, 3), compressors[number % len(compressors)], fill, "CF"[number // 2 % 2], separator, missing))

# What other writers do: filters that are null, no separator named, and fill values in their other forms.
for name, changes in {"type_00_bool_little": {"fill_value": 1}, "type_05_uint16_little": {"filters": []}}.items():
    path = os.path.join(name + ".zarr", ".zarray")
    with open(path) as file:
        metadata = json.load(file)
    metadata.update(changes)
    with open(path, "w") as file:
        json.dump(metadata, file, indent=1)
