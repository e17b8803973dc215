import type * as z from "zod";
import type { ErrorCode } from "../../protocol/error.ts";
import type { BodySchemas } from "../../protocol/http-body-schema.ts";
import type { Json } from "../../protocol/json.ts";
import type { Tag } from "./tag.ts";

/** Who an operation is for: anyone, whoever has a token or the API key, or the API key alone. */
export type Access = "anyone" | "user" | "backend";

/** One request of the HTTP API and everything that it can be answered. */
export interface Operation {
  /** What generated clients call it. */
  readonly id: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As the router has it: `/v1/rooms/:room/messages`. */
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  /** Of a deployment's body schemas, for some bounds are settings. */
  readonly body?: (bodies: BodySchemas) => z.ZodType;
  /** A body of lines, each JSON like this, in place of one of JSON. */
  readonly lines?: z.ZodType;
  /** What a body of bytes is, in place of one of JSON. */
  readonly bytes?: string;
  readonly answers: readonly Answer[];
  readonly errors: readonly ErrorCode[];
  readonly examples: readonly Example[];
}

/** An answer that is no error. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly content?: Content;
  /** Other types of the same answer, where the query asks for them. */
  readonly others?: readonly ("text/plain" | "application/octet-stream")[];
  readonly headers?: Readonly<Record<string, AnswerHeader>>;
}

/** What the body of an answer is. */
export type Content =
  | { readonly type: "application/json"; readonly schema: z.ZodType }
  /** `event` is what the data of each event is. */
  | { readonly type: "text/event-stream"; readonly event: z.ZodType }
  /** `line` is what each line is. */
  | { readonly type: "application/x-ndjson"; readonly line: z.ZodType }
  | { readonly type: "text/plain" };

/** A header that an answer always has. */
export interface AnswerHeader {
  readonly description: string;
  readonly schema: z.ZodType;
}

/** A request as somebody would send it, and its answer. */
export interface Example {
  /** Joins the parts of the example in the document, where they stand far from each other. */
  readonly name: string;
  readonly summary: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly status: number;
  /** The body of the answer; text for what is not JSON. */
  readonly answer?: Json;
}
