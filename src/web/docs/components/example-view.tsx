import { curl } from "../curl.ts";
import type { Example } from "../document.ts";

/** An example: what to type, and what comes back. */
export function ExampleView({ example, origin }: { example: Example; origin: string }) {
  const { summary, status, answer, operation } = example;
  const id = `${operation.operationId}-${example.name}`;
  return (
    <details class="example" id={id}>
      <summary>
        {summary} <span class="status">{status}</span>
      </summary>
      {status === 101 ? null : <Code text={curl(origin, example)} />}
      {answer === undefined ? null : <Code text={shown(answer)} />}
    </details>
  );
}

function Code({ text }: { text: string }) {
  return (
    <pre>
      <code>{text}</code>
    </pre>
  );
}

function shown(answer: unknown): string {
  return typeof answer === "string" ? answer : JSON.stringify(answer, null, 2);
}
