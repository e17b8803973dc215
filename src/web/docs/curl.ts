import type { Example } from "./document.ts";

/** An example as a command for a shell, with `$TOKEN` or `$API_KEY` for whoever sends it. */
export function curl(origin: string, example: Example): string {
  const { operation, headers, body } = example;
  const method = operation.method.toUpperCase();
  const lines = [
    `curl ${[...flagsOf(example), ...(method === "GET" ? [] : ["-X", method])].map((f) => `${f} `).join("")}${quoted(origin + targetOf(example))}`,
    ...credentialOf(example),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined
      ? []
      : [`-H ${quoted(`Content-Type: ${typeOf(example)}`)}`, `-d ${quoted(textOf(body))}`]),
  ];
  return lines.join(" \\\n  ");
}

function typeOf({ operation: { requestBody } }: Example): string {
  return Object.keys(requestBody?.content ?? {})[0] ?? "application/json";
}

/** Lines are text already. */
function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** A stream is to be shown as it comes. */
function flagsOf({ operation: { responses } }: Example): readonly string[] {
  return responses["200"]?.content?.["text/event-stream"] === undefined ? [] : ["-N"];
}

function targetOf({ operation, path, query }: Example): string {
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    // A colon may stand in a path as it is (RFC 3986 §3.3).
    encodeURIComponent(path[name] ?? "").replaceAll("%3A", ":"),
  );
  const search = new URLSearchParams(query).toString();
  return search === "" ? filled : `${filled}?${search}`;
}

function credentialOf({ operation: { security }, query }: Example): readonly string[] {
  const schemes = security.flatMap((scheme) => Object.keys(scheme));
  if (schemes.length === 0) return [];
  const name = schemes.includes("token") && query["as"] === undefined ? "$TOKEN" : "$API_KEY";
  return [`-H "Authorization: Bearer ${name}"`];
}

/** A word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
