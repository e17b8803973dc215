import type { Schema } from "../document.ts";
import { refName, schemaWords } from "../schema-words.ts";
import { Inline } from "./rich-text.tsx";

/** What a value must be: in a few words, and what is inside of it. */
export function Shape({ schema }: { schema: Schema }) {
  const { $ref, properties, required = [], items, additionalProperties } = schema;
  const choices = schema.anyOf ?? schema.oneOf;
  if ($ref !== undefined) return <ShapeLink name={refName($ref)} />;
  if (choices !== undefined) {
    return (
      <>
        one of
        <ul class="choices">
          {choices.map((choice) => (
            <li>
              <Shape schema={choice} />
            </li>
          ))}
        </ul>
      </>
    );
  }
  if (items !== undefined) {
    return (
      <>
        {schemaWords(schema)} of <Shape schema={items} />
      </>
    );
  }
  if (properties !== undefined) {
    return (
      <dl class="fields">
        {Object.entries(properties).map(([name, property]) => (
          <Field name={name} schema={property} required={required.includes(name)} />
        ))}
      </dl>
    );
  }
  if (typeof additionalProperties === "object") {
    return (
      <>
        by name: <Shape schema={additionalProperties} />
      </>
    );
  }
  return <span class="kind">{schemaWords(schema)}</span>;
}

/** A named value: a field of a body, or a parameter. */
export function Field(props: {
  name: string;
  schema: Schema;
  required: boolean;
  description?: string | undefined;
}) {
  const description = props.description ?? props.schema.description;
  return (
    <>
      <dt>
        <code>{props.name}</code>
        {props.required ? <span class="required">required</span> : null}
      </dt>
      <dd>
        {description === undefined ? null : (
          <>
            <Inline text={description} />{" "}
          </>
        )}
        <Shape schema={props.schema} />
      </dd>
    </>
  );
}

function ShapeLink({ name }: { name: string }) {
  return <a href={`#shape-${name}`}>{name}</a>;
}
