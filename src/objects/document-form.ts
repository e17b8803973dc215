import type { Building } from "../document/building.ts";
import { type ExportedText, exportJson, exportText } from "../document/export.ts";
import { parseRoots } from "../document/root-type.ts";
import { foldUpdates } from "../document/tail.ts";
import { assertNever } from "../protocol/assert-never.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import type { DocumentForm } from "./document-api.ts";
import type { RoomResult } from "./room-api.ts";

/** How many roots a refusal names, and how much of each name. */
const NAMED_ROOTS = 10;
const NAMED_CHARS = 40;

const encoder = new TextEncoder();

/** Writes a document, of which there are these parts, in one of its forms. */
export function writeForm(
  parts: readonly Uint8Array[],
  form: DocumentForm,
): RoomResult<Uint8Array> {
  switch (form.as) {
    case "update":
      return { ok: true, value: foldUpdates(parts) };
    case "json":
      return writeJson(parts, form.roots);
    case "text":
      return writeText(exportText(parts, form.root));
    default:
      return assertNever(form);
  }
}

/** Why a document was not built in memory. */
export function notBuilt(building: Exclude<Building<unknown>, { kind: "built" }>): Refusal {
  if (building.kind === "broken") {
    return refusal("conflict", `The document cannot be built: ${building.reason.slice(0, 200)}.`);
  }
  const { bytes } = building;
  return refusal(
    "too_large",
    `It takes ${bytes} bytes, and the server builds at most ${YJS_BOUNDS.builtBytes}; read the document with as=update and build it yourself.`,
  );
}

function writeJson(parts: readonly Uint8Array[], text: string | undefined): RoomResult<Uint8Array> {
  const named = text === undefined ? undefined : parseRoots(text);
  if (named?.ok === false) {
    return { ok: false, error: refusal("invalid_request", `roots: ${named.fault}`) };
  }
  const building = exportJson(parts, named?.roots);
  if (building.kind !== "built") return { ok: false, error: notBuilt(building) };
  return { ok: true, value: encoder.encode(JSON.stringify(building.value)) };
}

function writeText(building: Building<ExportedText>): RoomResult<Uint8Array> {
  if (building.kind !== "built") return { ok: false, error: notBuilt(building) };
  const { value } = building;
  if (value.kind === "text") return { ok: true, value: encoder.encode(value.text) };
  const names = value.roots.slice(0, NAMED_ROOTS).map((name) => name.slice(0, NAMED_CHARS));
  const message =
    names.length === 0
      ? "The document has no text: name a root with root=, or read it with as=json."
      : `The document has more than one text: name it with root=, of ${names.join(", ")}.`;
  return { ok: false, error: refusal("invalid_request", message) };
}
