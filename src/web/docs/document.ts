/** A JSON Schema, as far as the page tells of it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The description of an HTTP API (OpenAPI 3.1), as far as the page tells of it. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
    readonly securitySchemes: Readonly<Record<string, { readonly description: string }>>;
  };
}

type Named = Readonly<Record<string, { readonly summary?: string; readonly value?: unknown }>>;

/** What a body is. */
export interface Media {
  readonly schema: Schema;
  /** What the data of each event of a stream is. */
  readonly "x-event-data"?: Schema;
  /** What each line is, of lines of JSON. */
  readonly "x-line"?: Schema;
  readonly examples?: Named;
}

/** An answer. */
export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<
    Record<string, { readonly description?: string; readonly required: boolean }>
  >;
  readonly content?: Readonly<Record<string, Media>>;
}

/** A parameter of a request. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly examples?: Named;
}

/** A request and everything that it can be answered, and where it stands in the document. */
export interface Operation {
  readonly method: string;
  /** With `{parameters}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

/** A documented request: the parts that share an example's name. */
export interface Example {
  readonly operation: Operation;
  readonly name: string;
  readonly summary: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

/** Every operation of a document. */
export function operationsOf({ paths }: Pick<OpenApi, "paths">): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => ({ ...operation, method, path }) as Operation,
    ),
  );
}

/** The examples of an operation, in the order in which the document has them. */
export function examplesOf(operation: Operation): readonly Example[] {
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
    // An answer without a body has no example in the document: then it is the one without.
    const answer =
      answers.find(({ media }) => media?.examples?.[name] !== undefined) ??
      answers.find(({ media }) => media === undefined);
    return {
      operation,
      name,
      summary: bodies[name]?.summary ?? answer?.media?.examples?.[name]?.summary ?? name,
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
export function errorsOf({ responses }: Operation): readonly (readonly [string, number])[] {
  return Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([status, { content }]) =>
      Object.keys(content?.["application/json"]?.examples ?? {}).map(
        (code) => [code, Number(status)] as const,
      ),
    );
}
