// Makes the console's types of what the gateway says about itself.
//
//     node contract/generate.mjs DOCUMENTS FOLDER
//
// DOCUMENTS holds openapi.json and a2ui.json, FOLDER gets api.ts, routes.ts and a2ui.ts. A test makes them
// again and fails where they differ from those that are kept.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import openapiTS, { astToString } from "openapi-typescript";

const HEADER = "// Made by contract/generate.mjs. Do not edit: change the models of the gateway, and make it again.\n\n";

/** Leaves out what the console has one type for anyway: the answers that tell an error. */
function withoutRefusals(document) {
  const paths = Object.entries(document.paths).map(([path, verbs]) => [
    path,
    Object.fromEntries(Object.entries(verbs).map(([verb, operation]) => [verb, onlySuccess(operation)])),
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}

function onlySuccess(operation) {
  const told = Object.entries(operation.responses).filter(([status]) => status.startsWith("2"));
  return { ...operation, responses: Object.fromEntries(told.map(([status, each]) => [status, each])) };
}

/** A schema with `$defs` as a document whose components they are. */
function asDocument({ $defs, $schema, ...root }, name) {
  const moved = JSON.parse(JSON.stringify({ ...$defs, [name]: root }).replaceAll("#/$defs/", "#/components/schemas/"));
  return { openapi: "3.1.0", info: { title: name, version: "1" }, paths: {}, components: { schemas: moved } };
}

function routesOf(document) {
  const routes = Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, { operationId, "x-role": role }]) => [operationId, verb.toUpperCase(), path, role]),
  );
  const lines = routes
    .filter(([operation]) => operation !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([operation, verb, path, role]) => `  "${operation}": ["${verb}", "${path}", "${role ?? ""}"],`);
  return `/** Where each operation is: its verb, its path, and the role that it takes. */\nexport const ROUTES = {\n${lines.join("\n")}\n} as const;\n`;
}

async function types(document) {
  return HEADER + astToString(await openapiTS(document, { emptyObjectsUnknown: true, arrayLength: false }));
}

const [documents, folder] = process.argv.slice(2);
const read = async (name) => JSON.parse(await readFile(join(documents, name), "utf-8"));
const openapi = await read("openapi.json");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "api.ts"), await types(withoutRefusals(openapi)));
await writeFile(join(folder, "routes.ts"), HEADER + routesOf(openapi));
await writeFile(join(folder, "a2ui.ts"), await types(asDocument(await read("a2ui.json"), "Document")));
