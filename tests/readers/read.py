#!/usr/bin/env python3
"""Reads arrays with other people's software: zarr v2 with zarr, TIFF with tifffile, NIfTI with nibabel, .npy with numpy.

Standard input is a JSON list of {"kind", "path", "out", "array"}; "array" is the path inside a zarr group, or the number of a TIFF's
level. Each array's elements are written to "out" in C order, little-endian. Standard output is a JSON list of what else the reader says,
in the same order; a warning counts as a failure, and of what fails only "error" is said.
"""
import json
import sys
import warnings


def described(array, **more):
    return array, {"shape": list(array.shape), "dtype": array.dtype.newbyteorder("<").str, **more}


def read_zarr(path, inside):
    import zarr

    node = zarr.open(path, mode="r")
    attributes = node.attrs.asdict()
    if inside:
        node = node[inside]
    compressor = node.compressor.get_config() if node.compressor else None
    return described(
        node[...], attributes=attributes, chunks=list(node.chunks), compressor=compressor, order=node.order,
        separator=node._dimension_separator, stored=node.nchunks_initialized)


def read_tiff(path, level):
    import tifffile

    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages[0]
        tags = {str(tag.code): plain(tag.value) for tag in page.tags.values() if tag.code not in (324, 325)}
        return described(
            tiff.series[0].levels[int(level or 0)].asarray(), axes=tiff.series[0].axes,
            levels=[list(one.shape) for one in tiff.series[0].levels], series=len(tiff.series), pages=len(tiff.pages), big=tiff.is_bigtiff,
            photometric=named(page.photometric), planar=named(page.planarconfig), compression=named(page.compression),
            extra=[named(sample) for sample in page.extrasamples], tile=[page.tilelength, page.tilewidth],
            predictor=int(page.predictor), ome=tiff.ome_metadata, description=page.description, tags=tags)


def named(value):
    """What a field has by default is a bare number here."""
    return value.name if hasattr(value, "name") else str(value)


def plain(value):
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return [plain(item) for item in value] if isinstance(value, tuple) else value if isinstance(value, (int, float)) else str(value)


def read_nifti(path, _):
    import nibabel
    import numpy

    image = nibabel.load(path)
    header = image.header
    array = numpy.asanyarray(image.dataobj)
    return described(
        array, affine=image.affine.tolist(), zooms=[float(zoom) for zoom in header.get_zooms()], units=header.get_xyzt_units()[0],
        sform=int(header["sform_code"]), scaling=[None if item is None else float(item) for item in header.get_slope_inter()],
        version=type(image).__name__, stored=header.get_data_dtype().newbyteorder("<").str,
        comments=[extension.get_content().decode("utf-8") for extension in header.extensions])


def read_npy(path, _):
    import numpy

    return described(numpy.load(path, allow_pickle=False))


READERS = {"zarr": read_zarr, "tiff": read_tiff, "nifti": read_nifti, "npy": read_npy}


def read(request):
    import numpy

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # These tell of the reader's own age, not of the file.
        warnings.simplefilter("ignore", DeprecationWarning)
        array, facts = READERS[request["kind"]](request["path"], request.get("array"))
    numpy.ascontiguousarray(array, array.dtype.newbyteorder("<")).tofile(request["out"])
    return facts


def main():
    import logging

    # tifffile logs what displeases it.
    class Loud(logging.Handler):
        def emit(self, record):
            raise ValueError(record.getMessage())

    logging.getLogger("tifffile").handlers = [Loud(logging.WARNING)]
    answers = []
    for request in json.load(sys.stdin):
        try:
            answers.append(read(request))
        except Exception as error:  # said for each file, so that one bad file does not hide the others
            answers.append({"error": f"{type(error).__name__}: {error}"})
    json.dump(answers, sys.stdout)


main()
