// Checks Kubernetes manifests against the schemas of Kubernetes and KEDA, fields that those do not know included.
// usage: node check.mjs FILE...   Says how many objects were looked at; each problem is a line on standard error, and then the exit code is 1.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { parseAllDocuments } from "yaml";

const require = createRequire(import.meta.url);

// By file: the packages export models only, which copy what they are given.
const schemas = {
  "apps/v1": (kind) => `./node_modules/kubernetes-models/_schemas/IoK8sApiAppsV1${kind}.js`,
  "keda.sh/v1alpha1": (kind) => `./node_modules/@kubernetes-models/keda/_schemas/KedaShV1alpha1${kind}.js`,
  "networking.k8s.io/v1": (kind) => `./node_modules/kubernetes-models/_schemas/IoK8sApiNetworkingV1${kind}.js`,
  "policy/v1": (kind) => `./node_modules/kubernetes-models/_schemas/IoK8sApiPolicyV1${kind}.js`,
  v1: (kind) => `./node_modules/kubernetes-models/_schemas/IoK8sApiCoreV1${kind}.js`,
};

// The schemas come as functions, which look at the fields that they know and leave others alone: so what they have not looked at, they do
// not know. A map is looked at whole.
function watched(value, path, seen) {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return Reflect.get(target, key);
      seen.add(`${path}/${key}`);
      return watched(target[key], `${path}/${key}`, seen);
    },
    ownKeys(target) {
      for (const key of Object.keys(target)) seen.add(`${path}/${key}`);
      return Reflect.ownKeys(target);
    },
  });
}

function* unknownFields(value, path, seen) {
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    const at = `${path}/${key}`;
    if (!seen.has(at)) yield `${at} is no field of it`;
    else yield* unknownFields(inner, at, seen);
  }
}

function* problemsOf(object) {
  const schema = schemas[object.apiVersion];
  if (!schema) {
    yield `no schema for apiVersion ${object.apiVersion}`;
    return;
  }
  let validate;
  try {
    ({ validate } = require(schema(object.kind)));
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    yield `${object.apiVersion} has no kind ${object.kind}`;
    return;
  }
  const seen = new Set();
  if (!validate(watched(object, "", seen))) {
    for (const error of validate.errors) yield `${error.instancePath || "/"} ${error.keyword} ${JSON.stringify(error.params)}`;
    return;
  }
  yield* unknownFields(object, "", seen);
}

let objects = 0;
let problems = 0;
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"), { uniqueKeys: true })) {
    const found = document.errors.map((error) => error.message);
    const object = document.toJS();
    if (found.length === 0) found.push(...problemsOf(object));
    for (const problem of found) console.error(`${basename(file)}: ${object?.kind} ${object?.metadata?.name}: ${problem}`);
    problems += found.length;
    objects++;
  }
}
console.log(`${objects} objects`);
process.exitCode = problems > 0 ? 1 : 0;
