// Run by an old Node, and by nothing else: the built SDK with every newer method of the platform taken
// away. Arguments: the server's url, how to reach it, and on which wire. Prints what it saw as JSON.
import { createRequire } from "node:module";

/** What some runtime of README's table lacks; each with what has it first. */
const NEWER = [
  [Promise, ["withResolvers", "try"]],
  [URL, ["canParse", "parse"]],
  [String.prototype, ["isWellFormed", "toWellFormed"]],
  [
    Array.prototype,
    ["findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with", "group"],
  ],
  [Array, ["fromAsync"]],
  [Object, ["groupBy", "hasOwn"]],
  [Map, ["groupBy"]],
  [AbortSignal, ["any", "timeout"]],
  [Set.prototype, ["union", "intersection", "difference", "isSubsetOf"]],
  [globalThis, ["reportError"]],
];

const [url, transport, wire] = process.argv.slice(2);
const room = `built-${transport}-${wire}`;
const { token } = await (
  await fetch(`${url}/v1/guests`, { method: "POST", body: JSON.stringify({ name: "Old" }) })
).json();
for (const [owner, names] of NEWER) for (const name of names) hide(owner, name);
hide(globalThis.crypto, "randomUUID");

const { RealtimeClient } = await import("hibiki/client");
const client = new RealtimeClient({ url, token: () => token, transport, wire });
const handle = client.room(room);
const seen = [];
handle.on("new_message", ({ content }) => seen.push(content));
await new Promise((resolve) => handle.on("joined_room", resolve));
const receipts = [await handle.send("響き 👍", { data: { a: [1, 2.5, null] } })];
receipts.push(await handle.edit(receipts[0].savedId, "edited"));
receipts.push(await handle.react(receipts[0].savedId, "👍"));
const { messages } = await handle.history();
const used = handle.transport;
await client.close();

const required = createRequire(import.meta.url)("hibiki/client");
const { version } = createRequire(import.meta.url)("hibiki/package.json");
console.log(
  JSON.stringify({
    node: process.version,
    used,
    seen,
    stored: receipts.map(({ savedId }) => savedId),
    history: messages.map(({ content }) => content),
    required: Object.keys(required).sort(),
    version,
  }),
);
process.exit(0);

/** Takes something away from the SDK alone: the platform's own fetch and WebSocket lean on it. */
function hide(owner, name) {
  const original = owner[name];
  Object.defineProperty(owner, name, {
    configurable: true,
    get: () => (callerOf(new Error().stack).includes("/dist/client/") ? undefined : original),
  });
}

/** Who reads the property: the line of a stack after the message and the getter. */
function callerOf(stack) {
  return stack.split("\n")[2] ?? "";
}
