import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { type ByteReader, Malformed } from "./byte-reader.ts";
import { nestingOf } from "./json-nesting.ts";

/** What an item holds, by the number it is written with (yjs 13.6.33, src/structs/Item.js, `contentRefs`). */
const DELETED = 1;
const JSON_VALUES = 2;
const BINARY = 3;
const STRING = 4;
const EMBED = 5;
const FORMAT = 6;
const TYPE = 7;
const ANY = 8;
const SUBDOCUMENT = 9;

/** Shared types that are written with a name (yjs, src/structs/ContentType.js): an XML element and a hook. */
const NAMED_TYPES: ReadonlySet<number> = new Set([3, 5]);
const LAST_TYPE = 6;

const TOO_DEEP = "a value nests too deeply";

/** Whether what an item holds is a shared type, in which others may stand. */
export function isType(kind: number): boolean {
  return kind === TYPE;
}

/**
 * Reads the content of an item and keeps nothing of it.
 *
 * @returns how many clocks it takes.
 * @throws {Malformed} where Yjs would throw, or read something else than what is there.
 */
export function readContent(reader: ByteReader, kind: number): number {
  switch (kind) {
    case DELETED:
      return reader.uint();
    case JSON_VALUES: {
      const count = reader.uint();
      for (let index = 0; index < count; index++) readJson(reader, "undefined");
      return count;
    }
    case BINARY:
      reader.view();
      return 1;
    case STRING:
      return reader.textUnits();
    case EMBED:
      readJson(reader);
      return 1;
    case FORMAT:
      reader.text();
      readJson(reader);
      return 1;
    case TYPE:
      readType(reader);
      return 1;
    case ANY: {
      const count = reader.uint();
      for (let index = 0; index < count; index++) readAny(reader, YJS_BOUNDS.depth);
      return count;
    }
    case SUBDOCUMENT: {
      reader.text();
      if (isNothing(readAny(reader, YJS_BOUNDS.depth)))
        throw new Malformed("a document within it has no options");
      return 1;
    }
    default:
      throw new Malformed("an item holds no known content");
  }
}

function readType(reader: ByteReader): void {
  const type = reader.uint();
  if (type > LAST_TYPE) throw new Malformed("an item holds no known shared type");
  if (NAMED_TYPES.has(type)) reader.text();
}

/** Values as older releases of Yjs wrote them. `except` is the one text there that is no JSON. */
function readJson(reader: ByteReader, except?: string): void {
  const text = reader.text();
  if (text === except) return;
  try {
    JSON.parse(text);
  } catch {
    throw new Malformed("a value is not JSON");
  }
  if (nestingOf(text) > YJS_BOUNDS.depth) throw new Malformed(TOO_DEEP);
}

/** The first byte of a value (lib0, src/decoding.js, `readAnyLookupTable`). */
const ANY_UNDEFINED = 127;
const ANY_NULL = 126;
const ANY_INTEGER = 125;
const ANY_FLOAT32 = 124;
const ANY_FLOAT64 = 123;
const ANY_BIGINT = 122;
const ANY_FALSE = 121;
const ANY_TRUE = 120;
const ANY_STRING = 119;
const ANY_OBJECT = 118;
const ANY_ARRAY = 117;
const ANY_BINARY = 116;

/** Reads lib0's `readAny`, of which nothing is kept but its first byte, which is handed back. */
function readAny(reader: ByteReader, levels: number): number {
  const kind = reader.byte();
  switch (kind) {
    case ANY_UNDEFINED:
    case ANY_NULL:
    case ANY_FALSE:
    case ANY_TRUE:
      break;
    case ANY_INTEGER:
      reader.skipInt();
      break;
    case ANY_FLOAT32:
      reader.skip(4);
      break;
    case ANY_FLOAT64:
    case ANY_BIGINT:
      reader.skip(8);
      break;
    case ANY_STRING:
      reader.text();
      break;
    case ANY_BINARY:
      reader.view();
      break;
    case ANY_OBJECT:
    case ANY_ARRAY:
      readMany(reader, kind === ANY_OBJECT, levels);
      break;
    default:
      throw new Malformed("a value is of no known type");
  }
  return kind;
}

function readMany(reader: ByteReader, areNamed: boolean, levels: number): void {
  if (levels === 0) throw new Malformed(TOO_DEEP);
  const count = reader.uint();
  for (let index = 0; index < count; index++) {
    if (areNamed) reader.text();
    readAny(reader, levels - 1);
  }
}

function isNothing(kind: number): boolean {
  return kind === ANY_UNDEFINED || kind === ANY_NULL;
}
