import type { OpenApiDocument } from "../../src/edge/openapi/document.ts";
import type { Json } from "../../src/protocol/json.ts";

type Named = Readonly<Record<string, { readonly value?: Json; readonly $ref?: string }>>;

/** What an answer's body is, as the document has it. */
export interface Media {
  readonly schema: object;
  readonly "x-event-data"?: object;
  readonly examples?: Named;
}

/** An answer of the document. */
export interface Response {
  readonly headers?: Readonly<
    Record<string, { readonly required: boolean; readonly schema: object }>
  >;
  readonly content?: Readonly<Record<string, Media>>;
}

/** An operation of the document, and where it stands in it. */
export interface DocumentOperation {
  readonly method: string;
  /** With `{parameters}`. */
  readonly path: string;
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header";
    readonly required: boolean;
    readonly schema: object;
    readonly examples?: Named;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response>>;
}

/** A documented request: the parts that share an example's name. */
export interface DocumentExample {
  readonly operation: DocumentOperation;
  readonly name: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly status: number;
  readonly answer: Json | undefined;
}

/** Every operation of a document. */
export function operationsOf({ paths }: OpenApiDocument): readonly DocumentOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => ({ ...operation, method, path }) as DocumentOperation,
    ),
  );
}

/** The examples of an operation, in the order in which the document has them. */
export function examplesOf(operation: DocumentOperation): readonly DocumentExample[] {
  const { parameters, requestBody, responses } = operation;
  const answers = Object.entries(responses)
    .filter(([status]) => Number(status) < 400)
    .map(([status, { content }]) => ({
      status: Number(status),
      media: Object.values(content ?? {})[0],
    }));
  const bodies = Object.values(requestBody?.content ?? {})[0]?.examples ?? {};
  const names = new Set([
    ...parameters.flatMap(({ examples = {} }) => Object.keys(examples)),
    ...Object.keys(bodies),
    ...answers.flatMap(({ media }) => Object.keys(media?.examples ?? {})),
  ]);
  const part = (place: string, name: string) =>
    Object.fromEntries(
      parameters.flatMap(({ in: where, name: parameter, examples }) => {
        const value = where === place ? examples?.[name]?.value : undefined;
        return value === undefined ? [] : [[parameter, String(value)]];
      }),
    );
  return [...names].map((name) => {
    // What has no body has no example in the document: then it is the one answer without.
    const answer =
      answers.find(({ media }) => media?.examples?.[name] !== undefined) ??
      answers.find(({ media }) => media === undefined);
    return {
      operation,
      name,
      path: part("path", name),
      query: part("query", name),
      headers: part("header", name),
      body: bodies[name]?.value,
      status: answer?.status ?? 0,
      answer: answer?.media?.examples?.[name]?.value,
    };
  });
}

/** The error codes that an operation says it may answer, each with its status. */
export function errorsOf({ responses }: DocumentOperation): readonly (readonly [string, number])[] {
  return Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([status, { content }]) =>
      Object.keys(content?.["application/json"]?.examples ?? {}).map(
        (code) => [code, Number(status)] as const,
      ),
    );
}
