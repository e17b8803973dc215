import { Ajv2020 } from "ajv/dist/2020.js";

/** Checks values by the schemas of an OpenAPI or AsyncAPI document, with fields it does not tell of forbidden. */
export class DocumentValidator {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });

  constructor(document: object) {
    this.#ajv.addFormat("date-time", (text) => !Number.isNaN(Date.parse(text)));
    this.#ajv.addSchema(closed(document) as object, "document");
  }

  /** What is wrong with a value by the schema at a place of the document; "" when nothing is. */
  problems(place: readonly (string | number)[], value: unknown): string {
    const pointer = place.map((part) => `/${escaped(String(part))}`).join("");
    const validate = this.#ajv.getSchema(`document#${pointer}`);
    if (validate === undefined) throw new Error(`There is no schema at ${pointer}.`);
    return validate(value) ? "" : `${pointer}: ${this.#ajv.errorsText(validate.errors)}`;
  }
}

/** RFC 6901 §3, in a URI's fragment. */
function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, closed(item)] as const);
  const isOpen = "properties" in value && !("additionalProperties" in value);
  return { ...Object.fromEntries(entries), ...(isOpen ? { additionalProperties: false } : {}) };
}
