import { errorsOf, examplesOf, type Operation, type Parameter } from "../document.ts";
import { ExampleView } from "./example-view.tsx";
import { Inline } from "./rich-text.tsx";
import { Field, Shape } from "./shape.tsx";

const PLACES = { path: "In the path", query: "In the query", header: "Headers" } as const;

/** Everything about one request. */
export function OperationView({ operation, origin }: { operation: Operation; origin: string }) {
  const { operationId: id, method, path, summary, description, parameters } = operation;
  const body = Object.values(operation.requestBody?.content ?? {})[0];
  const answers = Object.entries(operation.responses).filter(([status]) => Number(status) < 400);
  const errors = errorsOf(operation);
  const examples = examplesOf(operation);
  return (
    <article class="operation" id={id} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>
        <a href={`#${id}`}>{summary}</a>
      </h3>
      <p class="request">
        <span class={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code>
      </p>
      <p>
        <Inline text={description} /> <AccessWords security={operation.security} />
      </p>
      {(["path", "query", "header"] as const).map((place) => (
        <Parameters title={PLACES[place]} parameters={parameters.filter((p) => p.in === place)} />
      ))}
      {body === undefined ? null : (
        <section>
          <h4>{body["x-line"] === undefined ? "Body, JSON" : "Body, lines of JSON"}</h4>
          <Shape schema={body["x-line"] ?? body.schema} />
        </section>
      )}
      <section>
        <h4>Answers</h4>
        <dl class="fields">
          {answers.map(([status, answer]) => (
            <>
              <dt>
                <code>{status}</code>
              </dt>
              <dd>
                {answer.description} <AnswerHeaders headers={Object.keys(answer.headers ?? {})} />
                {Object.entries(answer.content ?? {}).map(([type, media]) => (
                  <>
                    <code>{type}</code>:{" "}
                    <Shape schema={media["x-event-data"] ?? media["x-line"] ?? media.schema} />
                  </>
                ))}
              </dd>
            </>
          ))}
        </dl>
        {errors.length === 0 ? null : (
          <p class="errors">
            Errors:{" "}
            {errors.map(([code, status]) => (
              <a href={`#error-${code}`}>
                {status} {code}
              </a>
            ))}
          </p>
        )}
      </section>
      {examples.length === 0 ? null : (
        <section>
          <h4>Examples</h4>
          {examples.map((example) => (
            <ExampleView example={example} origin={origin} />
          ))}
        </section>
      )}
    </article>
  );
}

function Parameters({ title, parameters }: { title: string; parameters: readonly Parameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <section>
      <h4>{title}</h4>
      <dl class="fields">
        {parameters.map(({ name, required, description, schema }) => (
          <Field name={name} schema={schema} required={required} description={description} />
        ))}
      </dl>
    </section>
  );
}

function AnswerHeaders({ headers }: { headers: readonly string[] }) {
  if (headers.length === 0) return null;
  return (
    <>
      With{" "}
      {headers.map((name, i) => (
        <>
          {i === 0 ? "" : " and "}
          <code>{name}</code>
        </>
      ))}
      .{" "}
    </>
  );
}

function AccessWords({ security }: { security: Operation["security"] }) {
  if (security.length === 0) return <>Needs no token.</>;
  const needsKey = !security.some((scheme) => "token" in scheme);
  return needsKey ? <>Needs the API key.</> : <>Needs a token, or the API key.</>;
}
