#!/usr/bin/env python3
"""Writes the NIfTI files here, and what nibabel 5.0 (Debian's python3-nibabel) reads of them: NAME.npy has the elements as
[n, c, z, y, x] without the axes that the file does not have, cases.json the affine. The .header files are what Upweave's
writer must write before the elements, put together by nibabel."""
import gzip
import json
import tempfile
import nibabel as nib
import numpy as np

random = np.random.default_rng(7)
ROTATED = np.array([[2, 0.25, 0, -5], [-0.5, 3, 0.125, 7], [0, 0.5, -1.5, 2], [0, 0, 0, 1]])
TURNED = np.array([[0.8, -1.8, 0, 1], [0.6, 2.4, 0, 2], [0, 0, -4, 3], [0, 0, 0, 1]])  # and turned over
cases = {}


def elements(shape, dtype):
    if np.dtype(dtype).kind == "f":
        return random.normal(size=shape).astype(dtype)
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)


def contents(cls, shape, dtype, endian, affine=None, qform=False, unit=None, slope=None, inter=0, extension=None):
    header = cls.header_class(endianness=endian)
    header.set_data_shape(shape)
    header.set_data_dtype(np.dtype(dtype))
    if unit:
        header.set_xyzt_units(unit)
    if affine is not None and qform:
        header.set_qform(affine, code=1)
    elif affine is not None:
        header.set_sform(affine, code=4)
        spoilt = np.diag([9.0, 9, 9, 1])
        header.set_qform(spoilt, code=1)  # the sform comes first
        header["pixdim"][1:4] = np.linalg.norm(affine[:3, :3], axis=0)
    else:
        header["pixdim"][1:4] = [0.5, 0.75, 1.25]
    header["scl_slope"] = np.nan if slope is None else slope
    header["scl_inter"] = inter
    start = header.single_vox_offset
    more = b"\0" * 4
    if extension:
        more = b"\1\0\0\0" + np.array([32, 6], endian + "i4").tobytes() + extension.ljust(24, b"\0")
    header["vox_offset"] = start - 4 + len(more)
    array = elements(shape, dtype)
    return header.binaryblock + more + array.astype(np.dtype(dtype).newbyteorder(endian)).tobytes("F")


def add(name, data, axes, scaled=None):
    compressed = name.endswith(".gz")
    with open(name, "wb") as file:
        file.write(gzip.compress(data, mtime=0) if compressed else data)
    image = nib.load(name)
    shape = list(image.shape) + [1] * (5 - len(image.shape))
    array = np.asanyarray(image.dataobj).reshape(shape).transpose(3, 4, 2, 1, 0)
    kept = [place for place, letter in enumerate("nczyx") if letter in axes]
    array = np.ascontiguousarray(array.reshape([array.shape[place] for place in kept]))
    if scaled:
        array = array.astype(scaled)
    np.save(name + ".npy", array.astype(array.dtype.newbyteorder("=")))
    header = image.header
    coded = header["sform_code"] > 0 or header["qform_code"] > 0
    # Without a code nibabel centres the array and turns x round; the standard says neither.
    affine = header.get_best_affine() if coded else np.diag([*header["pixdim"][1:4].astype(float), 1.0])
    code = int(header["sform_code"] or header["qform_code"])
    cases[name] = {"axes": axes, "affine": affine.tolist(), "unit": header.get_xyzt_units()[0], "code": code}


One, Two = nib.Nifti1Image, nib.Nifti2Image
add("v1_u8_scaled.nii", contents(One, (5, 4, 3), "u1", "<", ROTATED, unit="mm", slope=0.35245904, inter=6.6783638), "zyx", "f4")
add("v1_big_i16_qform.nii", contents(One, (4, 3, 5), "i2", ">", TURNED, qform=True, unit="micron"), "zyx")
add("v1_f64_plane.nii", contents(One, (6, 5), "f8", "<"), "yx")
add("v1_i8_line.nii", contents(One, (7,), "i1", "<"), "x")
add("v1_u16_time.nii", contents(One, (3, 4, 2, 5), "u2", "<", ROTATED), "nzyx")
add("v1_big_f32_channels.nii", contents(One, (3, 2, 4, 1, 3), "f4", ">", ROTATED, extension=b"a comment"), "czyx")
add("v2_i32_scaled_all.nii", contents(Two, (3, 2, 4, 2, 3), "i4", "<", ROTATED, unit="meter", slope=-0.125, inter=3), "nczyx", "f8")
add("v2_big_u32_all.nii", contents(Two, (3, 2, 2, 3, 2), "u4", ">", ROTATED), "nczyx")
add("v2_i64.nii", contents(Two, (3, 2, 2), "i8", "<", ROTATED), "zyx")
add("v2_u64_scaled.nii", contents(Two, (3, 2, 2), "u8", "<", ROTATED, slope=1, inter=0.5), "zyx", "f8")
add("v1_u8_scaled.nii.gz", contents(One, (5, 4, 3), "u1", "<", ROTATED, unit="mm", slope=0.35245904, inter=6.6783638), "zyx", "f4")
add("v2_big_i16_all.nii.gz", contents(Two, (3, 2, 2, 3, 2), "i2", ">", ROTATED), "nczyx")
with open("cases.json", "w") as file:
    lines = [f' "{name}": {json.dumps(case)}' for name, case in cases.items()]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")


def written(name, cls, shape, dtype, affine=None, unit=None, comment=None):
    header = cls.header_class()
    header.set_data_shape(shape)
    header.set_data_dtype(np.dtype(dtype))
    header["scl_slope"], header["scl_inter"] = 1, 0
    if affine is not None:
        header.set_sform(affine, code=2)
        header["pixdim"][1:4] = np.linalg.norm(affine[:3, :3], axis=0)
        header.set_xyzt_units(unit)
    more = b"\0" * 4
    if comment:
        size = 8 + len(comment)
        size += -size % 16
        more = b"\1\0\0\0" + np.array([size, 6], "<i4").tobytes() + comment.ljust(size - 8, b"\0")
    header["vox_offset"] = header.single_vox_offset - 4 + len(more)
    count = int(np.prod(shape))
    array = (np.arange(count) % 251).astype(dtype).reshape(shape, order="F")
    with tempfile.NamedTemporaryFile(suffix=".nii") as file:
        file.write(header.binaryblock + more + array.tobytes("F"))
        file.flush()
        assert np.array_equal(np.asanyarray(nib.load(file.name).dataobj), array)
    with open(name + ".header", "wb") as file:
        file.write(header.binaryblock + more)


written("volume", One, (5, 4, 3), "u2", ROTATED, "mm", b'{"software":"Upweave"}')
written("channels_and_batch", One, (4, 3, 1, 2, 3), "f4")
written("long", Two, (32768, 2), "u1", np.diag([0.5, 0.25, 1, 1]), "micron", b'{}')
