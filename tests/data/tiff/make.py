#!/usr/bin/env python3
"""Makes the files of this folder: make.py TARGET. Needs python3-tifffile and numpy, libtiff-tools and libvips-tools.

Pictures are of smooth noise, so that every codec has something to find. NAME.tif is read by the tests, NAME.npy is what
another reader (tifffile, or libvips where tifffile cannot decode) says that it holds, with axes as Upweave names them.
"""
import os
import subprocess
import sys

import numpy
import tifffile

target = sys.argv[1]
scratch = os.path.join(target, "scratch")
os.makedirs(scratch, exist_ok=True)
random = numpy.random.default_rng(17)


def picture(shape, dtype):
    """Channels last. A random walk along each row."""
    steps = random.integers(-3, 4, shape).cumsum(axis=1).cumsum(axis=0)
    if numpy.dtype(dtype).kind == "f":
        return (steps / 7).astype(dtype)
    low = numpy.iinfo(dtype).min
    return ((steps - steps.min()) * 37 + low).astype(dtype) if numpy.dtype(dtype).itemsize > 1 else (steps % 251 + low).astype(dtype)


def at(name):
    return os.path.join(target, name + ".tif")


def run(*command):
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def cyx(array):
    """A page as Upweave has it: channels first, be it one."""
    return array[None] if array.ndim == 2 else numpy.moveaxis(array, -1, 0)


def save(name, array):
    numpy.save(os.path.join(target, name + ".npy"), numpy.ascontiguousarray(array))


def by_tifffile(name):
    save(name, cyx(tifffile.imread(at(name))))


def by_vips(name):
    raw = os.path.join(scratch, "v.tif")
    run("vips", "tiffsave", at(name), raw, "--compression", "none")
    save(name, cyx(tifffile.imread(raw)))


def converted(name, array, arguments, expected=None, **options):
    """Written plainly by tifffile, converted by libtiff; what went in must come out."""
    plain = os.path.join(scratch, "p.tif")
    tifffile.imwrite(plain, array, metadata=None, **options)
    run("tiffcp", *arguments, plain, at(name))
    save(name, cyx(array) if expected is None else expected)


# Every type, in both orders of bytes, plain.
for dtype in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
    array = picture((13, 17), dtype)
    for order in "<>":
        name = f"plain_{dtype}_{'le' if order == '<' else 'be'}"
        tifffile.imwrite(at(name), array, byteorder=order, rowsperstrip=5, metadata=None)
        by_tifffile(name)

# BigTIFF, tiles, several samples, planes.
tifffile.imwrite(at("big_tiles_rgb_u2_be"), picture((37, 45, 3), "u2"), byteorder=">", bigtiff=True, tile=(16, 32),
                 photometric="rgb", metadata=None)
by_tifffile("big_tiles_rgb_u2_be")
tifffile.imwrite(at("planar_rgba_u1"), numpy.moveaxis(picture((21, 19, 4), "u1"), -1, 0), planarconfig="separate", photometric="rgb",
                 extrasamples=["unassalpha"], rowsperstrip=6, metadata=None)
save("planar_rgba_u1", tifffile.imread(at("planar_rgba_u1")))
tifffile.imwrite(at("planar_tiles_5_f4"), numpy.moveaxis(picture((35, 20, 5), "f4"), -1, 0), planarconfig="separate",
                 photometric="minisblack", tile=(16, 16), compression="zlib", metadata=None)
save("planar_tiles_5_f4", tifffile.imread(at("planar_tiles_5_f4")))
tifffile.imwrite(at("chunky_7_i2"), picture((20, 31, 7), "i2"), planarconfig="contig", photometric="minisblack", metadata=None)
by_tifffile("chunky_7_i2")

# Codecs of tifffile itself, and of libtiff; predictors.
tifffile.imwrite(at("deflate_tiles_rgb_u1"), picture((40, 50, 3), "u1"), photometric="rgb", tile=(16, 16), compression="zlib",
                 metadata=None)
by_tifffile("deflate_tiles_rgb_u1")
tifffile.imwrite(at("deflate_u2_be"), picture((40, 50), "u2"), byteorder=">", rowsperstrip=7, compression="zlib", metadata=None)
by_tifffile("deflate_u2_be")
converted("packbits_u1", picture((40, 33), "u1"), ["-c", "packbits", "-r", "9"])
by_tifffile("packbits_u1")
converted("deflate_old_u2", picture((30, 41), "u2"), ["-c", "zip", "-r", "8"])
for dtype in ["u1", "u2", "u4"]:
    for order, option in [("le", "-L"), ("be", "-B")]:
        converted(f"lzw_2_{dtype}_{order}", picture((45, 52), dtype), ["-c", "lzw:2", option, "-t", "-w", "16", "-l", "32"])
converted("lzw_rgb_u1", picture((70, 90, 3), "u1"), ["-c", "lzw", "-r", "11"], photometric="rgb")
converted("lzw_clear_u1", picture((150, 140), "u1"), ["-c", "lzw"])  # one strip: the table of codes fills up and is cleared
converted("lzw_2_rgb_u2", picture((33, 52, 3), "u2"), ["-c", "lzw:2", "-t", "-w", "32", "-l", "16"], photometric="rgb")
converted("zip_2_planar_u1", picture((33, 52, 3), "u1"), ["-c", "zip:2", "-p", "separate", "-r", "10"], photometric="rgb")
for dtype in ["f4", "f8"]:
    array = picture((21, 30), dtype)
    converted(f"zip_3_{dtype}_le", array, ["-c", "zip:3", "-L", "-r", "6"])
    # The predictor gives the same bytes in files of both orders; tiffcp -B of libtiff 4.5 swaps them before it, so that no reader,
    # its own included, finds what went in. So the strips of the one are put into a file of the other order.
    with tifffile.TiffFile(at(f"zip_3_{dtype}_le")) as le:
        page = le.pages[0]
        content = open(at(f"zip_3_{dtype}_le"), "rb").read()
        strips = [content[offset:offset + count] for offset, count in zip(page.dataoffsets, page.databytecounts)]
    tifffile.imwrite(at(f"zip_3_{dtype}_be"), iter(strips), shape=(21, 30), dtype=f">{dtype}", byteorder=">", rowsperstrip=6,
                     compression="zlib", metadata=None)
    with open(at(f"zip_3_{dtype}_be"), "r+b") as be:
        content = be.read()
        software = content.index(b"\x01\x31\x00\x02")  # its field makes room for Predictor's
        be.seek(software)
        be.write(bytes([1, 0x3D, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0]))
    if dtype == "f4":
        by_vips(f"zip_3_{dtype}_be")  # it does not read f8
        assert numpy.array_equal(numpy.load(os.path.join(target, f"zip_3_{dtype}_be.npy")), cyx(array))
    save(f"zip_3_{dtype}_be", cyx(array))
converted("lzw_3_rgb_f4", picture((21, 30, 3), "f4"), ["-c", "lzw:3", "-t", "-w", "16", "-l", "16"], photometric="rgb")
converted("zstd_2_u2", picture((41, 52), "u2"), ["-c", "zstd:2", "-t", "-w", "32", "-l", "32"])
converted("white_u1", picture((11, 12), "u1"), ["-c", "lzw"], photometric="miniswhite")
by_vips("white_u1")
converted("white_plain_u2", picture((11, 12), "u2"), ["-c", "none"], photometric="miniswhite")
by_vips("white_plain_u2")

# JPEG, as whole-slide scanners write it: tables apart, YCbCr with and without subsampling, and a pyramid.
colour = (picture((70, 90, 3), "u2") // 64 % 256).astype("u1")
raw = os.path.join(scratch, "j.tif")
tifffile.imwrite(raw, colour, photometric="rgb", metadata=None)
for name, options in {
    "jpeg_ycbcr": ["--Q", "80"],
    "jpeg_444": ["--Q", "92"],
    "jpeg_pyramid": ["--Q", "70", "--pyramid"],
}.items():
    run("vips", "tiffsave", raw, at(name), "--compression", "jpeg", "--tile", "--tile-width", "32", "--tile-height", "32", *options)
    run("vips", "tiffsave", at(name), os.path.join(scratch, "v.tif"), "--compression", "none")
    save(name, cyx(tifffile.imread(os.path.join(scratch, "v.tif"))))
run("vips", "extract_band", raw, os.path.join(scratch, "g.tif"), "1")
run("tiffcp", "-c", "jpeg:75", "-r", "16", os.path.join(scratch, "g.tif"), at("jpeg_grey"))
by_vips("jpeg_grey")
run("tiffcp", "-c", "jpeg:r:75", "-r", "16", raw, at("jpeg_rgb"))
by_vips("jpeg_rgb")
run("vips", "tiffsave", raw, at("pyramid_subifd"), "--compression", "deflate", "--tile", "--tile-width", "32", "--tile-height", "32",
    "--pyramid", "--subifd", "--bigtiff")
save("pyramid_subifd", cyx(colour))

# Stacks, ImageJ's hyperstacks, OME-TIFF.
stack = numpy.stack([picture((14, 18), "u2") for _ in range(24)])
tifffile.imwrite(at("stack"), stack[:5], photometric="minisblack", compression="zlib", metadata=None)
save("stack", stack[:5])
tifffile.imwrite(at("stack_rgb"), numpy.stack([picture((14, 18, 3), "u1") for _ in range(4)]), photometric="rgb", metadata=None)
save("stack_rgb", numpy.moveaxis(tifffile.imread(at("stack_rgb")), -1, 0))
hyper = stack.reshape(2, 4, 3, 14, 18)  # TZCYX
for name, options in {"imagej": {}, "imagej_one_page": {"truncate": True}}.items():
    tifffile.imwrite(at(name), hyper, imagej=True, resolution=(4.0, 5.0),
                     metadata={"axes": "TZCYX", "spacing": 2.5, "unit": "um"}, **options)
    save(name, hyper.transpose(0, 2, 1, 3, 4))
for order in ["TCZYX", "CTZYX", "ZTCYX"]:
    shape = [{"T": 2, "C": 3, "Z": 4, "Y": 14, "X": 18}[axis] for axis in order]
    tifffile.imwrite(os.path.join(target, f"ome_{order.lower()}.tif"), stack.reshape(shape), ome=True, compression="zlib", metadata={
        "axes": order, "PhysicalSizeX": 0.25, "PhysicalSizeXUnit": "\u00b5m", "PhysicalSizeY": 300, "PhysicalSizeYUnit": "nm",
        "PhysicalSizeZ": 1.5})
    save(f"ome_{order.lower()}", stack.reshape(shape).transpose([order.index(axis) for axis in "TCZYX"]))
tifffile.imwrite(at("ome_rgb"), numpy.stack([picture((14, 18, 3), "u1") for _ in range(3)]), ome=True, photometric="rgb",
                 metadata={"axes": "ZYXS"})
save("ome_rgb", numpy.moveaxis(tifffile.imread(at("ome_rgb")), -1, 0))

# Maps: where they lie, and nothing where there is nothing.
keys = lambda raster: [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, raster, 3072, 0, 1, 32632]
for name, raster in {"geo_area": 1, "geo_point": 2}.items():
    tifffile.imwrite(at(name), picture((9, 12), "f4"), metadata=None, extratags=[
        (33550, "d", 3, (10.0, 20.0, 0.0), True), (33922, "d", 6, (0.0, 0.0, 0.0, 500000.0, 5400000.0, 0.0), True),
        (34735, "H", 16, keys(raster), True), (34737, "s", 0, "WGS 84 / UTM 32N|", True), (42113, "s", 0, "-9999", True)])
    by_tifffile(name)
tifffile.imwrite(at("geo_matrix"), picture((9, 12), "u1"), metadata=None, extratags=[
    (34264, "d", 16, (2.0, 1.0, 0.0, 100.0, 0.5, -3.0, 0.0, 200.0) + (0.0,) * 7 + (1.0,), True), (34735, "H", 16, keys(1), True)])
by_tifffile("geo_matrix")

# Kinds that are not read by box.
tifffile.imwrite(at("palette"), picture((9, 12), "u1"), photometric="palette", colormap=numpy.arange(768).reshape(3, 256).astype("u2") * 85,
                 metadata=None)

# One colour, as small as the codecs can make it: 7 everywhere, which needs no file beside it.
tifffile.imwrite(os.path.join(scratch, "p.tif"), numpy.full((1000, 1600), 7, "u1"), metadata=None)
for codec in ["zip", "lzw", "packbits", "zstd"]:
    run("tiffcp", "-r", "1000", "-c", codec, os.path.join(scratch, "p.tif"), at(f"constant_{codec}"))

for name in os.listdir(scratch):
    os.remove(os.path.join(scratch, name))
os.rmdir(scratch)
