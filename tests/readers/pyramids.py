#!/usr/bin/env python3
"""Makes TIFF pyramids in the working folder as other people's software lays them out, with tifffile and libvips.

NAME.tif are the files. Standard output is a JSON object: for each name the number of its lower resolutions.
"""
import json
import subprocess

import numpy
import tifffile

random = numpy.random.default_rng(31)


def noise(*shape, dtype="uint8"):
    return random.integers(0, 250, shape).astype(dtype)


def vips(*arguments):
    subprocess.run(["vips", *arguments], check=True)


# OME-TIFF: SubIFDs of each plane, of which there are six, and the size of a pixel.
volume = noise(2, 3, 100, 131, dtype="uint16")
with tifffile.TiffWriter("ome.ome.tif", bigtiff=True) as tif:
    metadata = {"axes": "CZYX", "PhysicalSizeX": 0.5, "PhysicalSizeXUnit": "nm", "PhysicalSizeY": 0.25, "PhysicalSizeYUnit": "nm"}
    tif.write(volume, subifds=2, tile=(32, 32), photometric="minisblack", compression="zlib", metadata=metadata)
    for step in (2, 4):
        tif.write(volume[..., ::step, ::step], subfiletype=1, tile=(32, 32), photometric="minisblack", compression="zlib")

# A stack with SubIFDs and without OME's description.
stack = noise(4, 60, 50, dtype="float32")
with tifffile.TiffWriter("stack.tif") as tif:
    tif.write(stack, subifds=1, tile=(16, 16), photometric="minisblack")
    tif.write(stack[:, ::2, ::2], subfiletype=1, tile=(16, 16), photometric="minisblack")

# As Aperio's scanners write: the slide, its thumbnail in strips, lower resolutions, the label, and a photograph of the whole glass.
slide = noise(403, 301, 3)
with tifffile.TiffWriter("slide.tif") as tif:
    options = {"photometric": "rgb", "metadata": None}
    tiles = {"tile": (64, 64), **options}
    tif.write(slide, description="Aperio Image Library v10.0.51\n403x301 [0,0 403x301] (64x64) J2K/YUV16|AppMag = 20|MPP = 0.499", **tiles)
    tif.write(slide[::8, ::8], description="Aperio Image Library v10.0.51\n403x301 -> 51x38 - ", rowsperstrip=16, **options)
    tif.write(slide[: 403 // 4 * 4 : 4, : 301 // 4 * 4 : 4][:100, :75], description="Aperio Image Library v10.0.51", **tiles)
    tif.write(slide[::16, ::16][:25, :18], description="Aperio Image Library v10.0.51", **tiles)
    tif.write(noise(40, 37, 3), subfiletype=1, description="Aperio Image Library v10.0.51\nlabel 37x40", rowsperstrip=40, **options)
    tif.write(noise(40, 90, 3), subfiletype=9, description="Aperio Image Library v10.0.51\nmacro 90x40", rowsperstrip=40, **options)

# libvips, one picture in the chain and one in SubIFDs.
tifffile.imwrite("plain.tif", noise(201, 333, 3), photometric="rgb", metadata=None)
for name, more in (("chain", []), ("subifd", ["--subifd"])):
    vips("tiffsave", "plain.tif", name + ".tif", "--tile", "--tile-width", "32", "--tile-height", "32", "--pyramid", *more)

answer = {}
for name in ("ome.ome", "stack", "slide", "chain", "subifd"):
    with tifffile.TiffFile(name + ".tif") as tiff:
        answer[name] = len(tiff.series[0].levels) - 1
print(json.dumps(answer))
