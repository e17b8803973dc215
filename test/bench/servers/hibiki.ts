import { join } from "node:path";
import { shippedBundle, workerBundle } from "../../support/machine/bundle.ts";
import { Child } from "../../support/machine/child.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { ROOT } from "../../support/machine/paths.ts";
import { freePort, untilListening } from "../../support/machine/port.ts";
import { startWorkerd } from "../../support/machine/workerd.ts";
import { RAISED_LIMITS } from "../../support/raised-limits.ts";
import { WRANGLER_DEV } from "../options.ts";
import { AUTH_SECRET, type HibikiWish, hibikiDialect } from "./hibiki-dialect.ts";
import { Running, type Server } from "./server.ts";

const MARKS = "durable, acked, history, resume";

/** How Hibiki is served. */
export interface HibikiServing extends HibikiWish {
  readonly vars?: Readonly<Record<string, string>>;
  /** The bundle it runs, as a path; the shipped one when absent. */
  readonly bundle?: string | undefined;
  /** Data of an earlier life; it stays when the server stops. */
  readonly folder?: string;
  /** Puts an entry in front that counts what is billed and what wakes the room (workers/counting-objects.ts). */
  readonly counting?: boolean;
}

/** Starts the shipped bundle on bare workerd, and reports its metrics as a deployment does. */
export async function startHibiki(serving: HibikiServing): Promise<Running> {
  const port = await freePort();
  const folder = serving.folder ?? temporaryFolder();
  const shipped = serving.bundle ?? (await shippedBundle());
  const entry =
    serving.counting === true ? { "counting.js": workerBundle("counting-objects") } : {};
  const child = await startWorkerd({
    folder,
    port,
    modules: { ...entry, "index.js": shipped },
    className: "RoomObject",
    binding: "ROOM",
    moreClasses: { METRICS: "MetricsObject" },
    vars: { AUTH_SECRET, ...RAISED_LIMITS, ...serving.vars },
  });
  const kept = serving.folder === undefined ? folder : undefined;
  return new Running(hibikiDialect(port, serving), port, [child], kept);
}

/** Frames with the subprotocol, so batches. */
export const hibiki: Server = {
  name: "hibiki",
  marks: MARKS,
  isOurs: true,
  start: (bundle) => startHibiki({ wire: "json", bundle }),
};

/** One frame a message, for clients without a subprotocol. */
export const hibikiPlain: Server = {
  name: "hibiki-plain",
  marks: `${MARKS}; no subprotocol`,
  isOurs: true,
  start: (bundle) => startHibiki({ wire: "plain", bundle }),
};

/** Values that are published and not stored, by clients that ask for their echo as the SDK does: live cursors. */
export const hibikiPublish: Server = {
  name: "hibiki-publish",
  marks: "values of `publish`, not stored, told to all; the SDK leaves out its own",
  isOurs: true,
  start: (bundle) =>
    startHibiki({ wire: "json", says: "values", query: "history=0&echo=true", bundle }),
};

/** The same by clients that do not ask for it: their own are cut out of what they are sent. */
export const hibikiPublishUnechoed: Server = {
  name: "hibiki-publish-unechoed",
  marks: "values of `publish`, not stored, told to the others alone",
  isOurs: true,
  start: (bundle) => startHibiki({ wire: "json", says: "values-unechoed", bundle }),
};

/** What people show of themselves, as cursors that move. */
export const hibikiPresence: Server = {
  name: "hibiki",
  marks: "`presence`, told to the others, to newcomers too; conflated to 30 a second and person",
  isOurs: true,
  start: (bundle) => startHibiki({ wire: "json", says: "presence", bundle }),
};

/** Under `wrangler dev`, whose proxy is measured with it. */
export const hibikiDev: Server = {
  name: WRANGLER_DEV,
  marks: `${MARKS}; wrangler dev, its proxy included`,
  start: async () => {
    const port = await freePort();
    const folder = temporaryFolder();
    const vars = Object.entries({ AUTH_SECRET, ...RAISED_LIMITS });
    const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
    const address = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
    const settings = vars.flatMap(([name, value]) => ["--var", `${name}:${value}`]);
    const child = Child.start(
      process.execPath,
      [wrangler, "dev", ...address, "--persist-to", folder, ...settings],
      { cwd: ROOT, env: { CI: "true", WRANGLER_SEND_METRICS: "false" } },
    );
    await untilListening(port, child);
    return new Running(hibikiDialect(port, { wire: "json" }), port, [child], folder);
  },
};
