// Publishes CPU, memory and requests of the machine it runs on, once a second, for the dashboard:
//
//   npm run dev, then npm run example:metrics, then open http://localhost:8787/dashboard
//
// Where the server is: npm run example:metrics -- 8788, or -- https://edge.example; a port or an
// address, from the environment's URL or PORT when it is not given. Settings by environment: API_KEY
// (the one in .dev.vars when absent), TOPIC.
import { readFileSync } from "node:fs";
import { cpus, freemem, totalmem } from "node:os";

/** Where `npm run dev` is. */
const DEV_PORT = 8_787;
const EVERY_MS = 1_000;

const url = addressOf(
  process.argv[2] ?? process.env["URL"] ?? process.env["PORT"] ?? String(DEV_PORT),
);
const topic = process.env["TOPIC"] ?? "metrics";
const apiKey = process.env["API_KEY"] ?? devVar("API_KEY");
const keySource = process.env["API_KEY"] === undefined ? ".dev.vars" : "the environment";

const MIB = 1_048_576;

type Numbers = Readonly<Record<string, number>>;

if (apiKey === undefined) {
  console.error("There is no API key: set API_KEY, or run `npm ci` here, which makes .dev.vars.");
  process.exit(1);
}

console.log(`Trying ${url} with the API key of ${keySource}; topic ${topic}.`);

let before = counters();
let isUp: boolean | undefined;

setInterval(async () => {
  const now = counters();
  const values = measure(before, now);
  before = now;
  await Promise.all(Object.entries(values).map(([event, data]) => publish(event, data)));
}, EVERY_MS);

/** The server that a port or an address names, without a slash at the end. */
function addressOf(text: string): string {
  const address = URL.parse(/^\d+$/.test(text) ? `http://localhost:${text}` : text);
  if (address?.protocol === "http:" || address?.protocol === "https:") {
    return address.href.replace(/\/$/, "");
  }
  console.error(`${text} is neither a port nor an http address: npm run example:metrics -- 8788`);
  process.exit(1);
}

/** What the machine has counted since it was started. */
function counters() {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (of: (one: (typeof times)[number]) => number) =>
    times.reduce((total, one) => total + of(one), 0);
  return {
    atMs: performance.now(),
    userMs: sum(({ user, nice }) => user + nice),
    systemMs: sum(({ sys, irq }) => sys + irq),
    idleMs: sum(({ idle }) => idle),
    requests: requestsSoFar(),
  };
}

type Counters = ReturnType<typeof counters>;

/** What happened between two looks at the counters, by event name. */
function measure(from: Counters, to: Counters): Readonly<Record<string, Numbers>> {
  const spent = (of: "userMs" | "systemMs" | "idleMs") => to[of] - from[of];
  const allMs = Math.max(spent("userMs") + spent("systemMs") + spent("idleMs"), 1);
  const percent = (ms: number) => round((100 * ms) / allMs);
  const seconds = Math.max((to.atMs - from.atMs) / 1_000, 0.001);
  return {
    "CPU, %": { user: percent(spent("userMs")), system: percent(spent("systemMs")) },
    "memory, MiB": { used: round(usedBytes() / MIB), total: round(totalmem() / MIB) },
    ...(from.requests === undefined || to.requests === undefined
      ? {}
      : {
          "requests a second": {
            accepted: round((to.requests.accepted - from.requests.accepted) / seconds),
            made: round((to.requests.made - from.requests.made) / seconds),
          },
        }),
  };
}

function usedBytes(): number {
  // What Linux uses for caches it gives back when asked: it is not used up.
  const available = field("/proc/meminfo", /^MemAvailable:\s+(\d+) kB/m);
  return totalmem() - (available === undefined ? freemem() : available * 1_024);
}

/** A request as the kernel sees it: a TCP connection that was accepted or made. Linux alone tells. */
function requestsSoFar() {
  const made = field("/proc/net/snmp", /^Tcp: (?:-?\d+ ){4}(\d+)/m);
  const accepted = field("/proc/net/snmp", /^Tcp: (?:-?\d+ ){5}(\d+)/m);
  return made === undefined || accepted === undefined ? undefined : { made, accepted };
}

async function publish(event: string, data: Numbers): Promise<void> {
  try {
    const response = await fetch(`${url}/v1/rooms/topic:${topic}/publish`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      // A reader who is slow gets the newest value, not all that were missed.
      body: JSON.stringify({ event, data, conflate: true }),
      signal: AbortSignal.timeout(5_000),
    });
    if (response.ok) return tell(true, `Publishing to ${url}/dashboard?topic=${topic}`);
    if (response.status === 401 || response.status === 403) {
      console.error(`${url} does not take this API key: set API_KEY to the server's.`);
      process.exit(1);
    }
    tell(false, `${url} answers ${response.status}: ${await response.text()}`);
  } catch {
    tell(
      false,
      `Nothing answers at ${url}. Start the server with \`npm run dev\`, or say where it is: \`npm run example:metrics -- <port or address>\`. Still trying.`,
    );
  }
}

/** Says how it goes when that changes. */
function tell(up: boolean, words: string): void {
  if (isUp === up) return;
  isUp = up;
  (up ? console.log : console.error)(words);
}

function field(path: string, pattern: RegExp): number | undefined {
  const found = read(path)?.match(pattern)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** A secret of this checkout's `wrangler dev`. */
function devVar(name: string): string | undefined {
  const line = read(".dev.vars")?.match(new RegExp(`^${name}=(.*)$`, "m"));
  return line?.[1]?.replace(/^"(.*)"$/, "$1");
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
