import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { SAMPLE } from "../../../src/edge/openapi/sample.ts";
import { PERMISSIONS } from "../../../src/protocol/grant.ts";
import type { Example } from "../../../src/web/docs/document.ts";
import { app } from "./app.ts";
import { tokenFor } from "./tokens.ts";

/** A documented request, and what is to be different about it this time. */
export interface Change {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What to bring instead of what the document asks for; `""` for nothing. */
  readonly auth?: string;
  readonly vars?: object;
}

/** Sends a documented request to the Worker. */
export async function send(example: Example, change: Change = {}): Promise<Response> {
  const { operation } = example;
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent({ ...example.path, ...change.path }[name] ?? ""),
  );
  const url = new URL(path, "https://edge.test");
  for (const [name, value] of Object.entries({ ...example.query, ...change.query })) {
    url.searchParams.set(name, value);
  }
  const auth = change.auth ?? (await credentialOf(example));
  const body = "body" in change ? change.body : example.body;
  const request = new Request(url, {
    method: operation.method.toUpperCase(),
    headers: {
      ...example.headers,
      ...(auth === "" ? {} : { Authorization: `Bearer ${auth}` }),
      ...change.headers,
    },
    // Lines are text already.
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return app.fetch(request, { ...env, ...change.vars }, createExecutionContext());
}

/** The token of whoever the examples are about, who may do everything. */
export function sampleToken(): Promise<string> {
  return tokenFor(SAMPLE.userId, { name: "Ada", rooms: { "*": PERMISSIONS } });
}

async function credentialOf({ operation, query }: Example): Promise<string> {
  const schemes = operation.security.flatMap((scheme) => Object.keys(scheme));
  if (schemes.length === 0) return "";
  return schemes.includes("token") && query["as"] === undefined ? sampleToken() : env.API_KEY;
}
