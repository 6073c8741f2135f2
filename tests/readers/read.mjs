// Reads arrays of zarr v3 with zarrita. Standard input is a JSON list of { path, array, out }; "array" is the path inside a group.
// Elements are written to "out" in C order, little-endian; standard output is a JSON list of what else the reader says, in the same
// order. Of what fails only "error" is said.
import { readFileSync, writeFileSync } from "node:fs";
import { readFile, open as openFile } from "node:fs/promises";
import { join } from "node:path";
import * as zarr from "zarrita";

// Older releases of node lack this type; zarrita only keeps such elements, so their bits can be kept as integers.
globalThis.Float16Array ??= class Float16Array extends Uint16Array {};

// A folder, as zarrita wants a store: whole objects, and ranges for the chunks of shards.
class Folder {
    constructor(root) {
        this.root = root;
    }

    async get(key) {
        return await absentIfMissing(() => readFile(join(this.root, key)).then((bytes) => new Uint8Array(bytes)));
    }

    async getRange(key, range) {
        return await absentIfMissing(async () => {
            const file = await openFile(join(this.root, key));
            try {
                const { size } = await file.stat();
                const start = "suffixLength" in range ? size - range.suffixLength : range.offset;
                const length = "suffixLength" in range ? range.suffixLength : range.length;
                const bytes = new Uint8Array(length);
                const { bytesRead } = await file.read(bytes, 0, length, start);
                return bytes.subarray(0, bytesRead);
            } finally {
                await file.close();
            }
        });
    }
}

async function absentIfMissing(read) {
    try {
        return await read();
    } catch (error) {
        if (error.code === "ENOENT") {
            return undefined;
        }
        throw error;
    }
}

async function read({ path, array: inside, out }) {
    const root = zarr.root(new Folder(path));
    const top = await zarr.open.v3(root);
    const array = inside ? await zarr.open.v3(root.resolve(inside), { kind: "array" }) : top;
    const { data, shape, stride } = await zarr.get(array);
    let expected = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
        if (stride[axis] !== expected) {
            throw new Error(`strides ${stride} of shape ${shape} are not in C order`);
        }
        expected *= shape[axis];
    }
    // An array of bools keeps a byte for each.
    writeFileSync(out, new Uint8Array(data.buffer, data.byteOffset, data.byteLength ?? data.length));
    return {
        kind: top.kind, shape, dtype: array.dtype, chunks: array.chunks, names: array.dimensionNames ?? null, attributes: top.attrs,
    };
}

const answers = [];
for (const request of JSON.parse(readFileSync(0, "utf8"))) {
    try {
        answers.push(await read(request));
    } catch (error) {
        answers.push({ error: `${error.name}: ${error.message}` });
    }
}
process.stdout.write(JSON.stringify(answers));
