import type * as z from "zod";
import { assertNever } from "../../protocol/assert-never.ts";
import type { SchemaWriter } from "./json-schema.ts";
import type { Answer, Content, Example, Operation } from "./operation.ts";
import { refusals } from "./refusals.ts";

/** Every answer of an operation, by status. */
export function answersOf(operation: Operation, schemas: SchemaWriter): object {
  const { answers, errors, examples } = operation;
  return {
    ...Object.fromEntries(
      answers.map((answer) => [answer.status, answerOf(answer, examples, schemas)]),
    ),
    ...refusals(errors, schemas),
  };
}

function answerOf(
  { status, description, content, others = [], headers = {} }: Answer,
  examples: readonly Example[],
  schemas: SchemaWriter,
): object {
  const named = Object.entries(headers).map(([name, { description, schema }]) => [
    name,
    { description, required: true, schema: schemas.body(schema) },
  ]);
  return {
    description,
    ...(named.length === 0 ? {} : { headers: Object.fromEntries(named) }),
    ...(content === undefined
      ? {}
      : {
          content: {
            ...contentOf(content, examplesOf(status, examples), schemas),
            ...Object.fromEntries(others.map((type) => [type, { schema: { type: "string" } }])),
          },
        }),
  };
}

function contentOf(content: Content, examples: object, schemas: SchemaWriter): object {
  switch (content.type) {
    case "application/json":
      return { [content.type]: { schema: schemas.body(content.schema), examples } };
    case "text/event-stream":
      return {
        [content.type]: {
          schema: { type: "string" },
          // OpenAPI 3.1 has no word for what an event's data is.
          "x-event-data": schemas.body(content.event),
          examples,
        },
      };
    case "application/x-ndjson":
      return { [content.type]: linesOf(content.line, examples, schemas) };
    case "text/plain":
      return { [content.type]: { schema: { type: "string" }, examples } };
    default:
      return assertNever(content);
  }
}

/** Lines of JSON: OpenAPI 3.1 has no word for what each one is. */
export function linesOf(line: z.ZodType, examples: object, schemas: SchemaWriter): object {
  return { schema: { type: "string" }, "x-line": schemas.body(line), examples };
}

function examplesOf(status: number, examples: readonly Example[]): object {
  return Object.fromEntries(
    examples
      .filter((example) => example.status === status && example.answer !== undefined)
      .map(({ name, summary, answer }) => [name, { summary, value: answer }]),
  );
}
