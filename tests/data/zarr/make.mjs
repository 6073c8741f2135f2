// Writes the arrays of zarr version 3 in this folder. Needs npm's zarrita 0.7.5 and @zarrita/storage. Run in this folder: node make.mjs
// Element i is i * 7919 modulo 253, times -1000 where the type has room for it.
import * as fs from "node:fs";
import { FileSystemStore } from "@zarrita/storage";
import * as zarr from "zarrita";

const shape = [20, 17];
const bytes = (endian) => ({ name: "bytes", configuration: { endian } });
const blosc = (cname, shuffle, typesize) =>
  ({ name: "blosc", configuration: { cname, clevel: 5, shuffle, blocksize: 0, typesize } });
const arrays = {
  v3_transpose_big: [Int32Array, "int32", -1000,
    [{ name: "transpose", configuration: { order: [1, 0] } }, bytes("big"), { name: "zstd", configuration: { level: 3 } }]],
  v3_blosc_lz4_bits: [Float64Array, "float64", -1000, [bytes("little"), blosc("lz4", "bitshuffle", 8)]],
  v3_blosc_zstd_bytes: [Uint16Array, "uint16", 1, [bytes("little"), blosc("zstd", "shuffle", 2)]],
};

for (const [name, [ArrayType, dtype, factor, codecs]] of Object.entries(arrays)) {
  fs.rmSync(`${name}.zarr`, { recursive: true, force: true });
  const store = new FileSystemStore(`${process.cwd()}/${name}.zarr`);
  const array = await zarr.create(zarr.root(store), { shape, chunkShape: [8, 10], dtype, codecs, fillValue: 0 });
  const data = Array.from({ length: shape[0] * shape[1] }, (_, i) => ((i * 7919) % 253) * factor);
  await zarr.set(array, null, { data: ArrayType.from(data), shape, stride: [shape[1], 1] });
}
