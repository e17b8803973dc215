// Run by an old Node, and by nothing else: the built SDK, and contracts, with every newer method of the
// platform taken away. Arguments: what to take away, as JSON; the server's url, how to reach it, and on
// which wire. Prints what it saw as JSON.
import { createRequire } from "node:module";

const [newer, url, transport, wire] = process.argv.slice(2);
const room = `built-${transport}-${wire}`;
const { token } = await (
  await fetch(`${url}/v1/guests`, { method: "POST", body: JSON.stringify({ name: "Old" }) })
).json();
for (const [owner, names] of JSON.parse(newer)) {
  const [of, ...parts] = owner.split(".");
  const whose = parts.reduce((value, part) => value[part], globalThis[of]);
  for (const name of names) hide(whose, name);
}

const { RealtimeClient } = await import("hibiki/client");
const { contract, server } = await import("hibiki");
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
const errors = [];
handle.on("error", ({ code }) => errors.push(code));
const said = [handle.publish("pointer", { y: 2, x: 1 })];
handle.typing();
handle.read(receipts[0].savedId);
const others = [client.inbox(), client.topic("built")];
await Promise.all(
  others.map((other) => new Promise((resolve) => other.on("joined_room", resolve))),
);
const poll = client.room(pollContract(), `poll:${room}`);
const { seq } = await poll.send("vote", { option: "soup" }, { optimistic: true });
said.push(poll.signal("hover", { option: "soup" }));
const tally = await poll.query("tally", { least: 1 });
const votes = Object.values(poll.state.votes);
const plan = await client.document(room);
plan.doc.getText().insert(0, "響き");
const written = await plan.whenSaved().then(
  () => plan.doc.getText().toString(),
  ({ code }) => code,
);
await client.close();

const required = createRequire(import.meta.url)("hibiki/client");
const { version } = createRequire(import.meta.url)("hibiki/package.json");
console.log(
  JSON.stringify({
    node: process.version,
    used,
    written,
    seen,
    stored: receipts.map(({ savedId }) => savedId),
    history: messages.map(({ content }) => content),
    said,
    poll: { seq, tally, votes },
    errors,
    required: Object.keys(required).sort(),
    version,
  }),
);
process.exit(0);

/** Takes something away from what we ship alone: the platform's own fetch and WebSocket lean on it. */
function hide(owner, name) {
  const original = owner[name];
  Object.defineProperty(owner, name, {
    configurable: true,
    get: () =>
      /\/dist\/(client|server)\//.test(callerOf(new Error().stack)) ? undefined : original,
  });
}

/** The contract of the server's polls (test/fixtures/kinds/poll.ts), with schemas that take anything. */
function pollContract() {
  const any = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
  return contract("poll", {
    events: { vote: any, closed: server(any), announced: server(any) },
    signals: { hover: any },
    state: any,
    initial: { open: true, votes: {} },
    apply: {
      vote: (state, { data, actorId }) => ({
        ...state,
        votes: { ...state.votes, [actorId]: data.option },
      }),
      closed: (state) => ({ ...state, open: false }),
    },
    queries: { tally: { input: any, output: any } },
    timers: { deadline: any },
    errors: ["closed", "no_such_option"],
  });
}

/** Who reads the property: the line of a stack after the message and the getter. */
function callerOf(stack) {
  return stack.split("\n")[2] ?? "";
}
