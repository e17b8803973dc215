import type { ServerOptions } from "socket.io";
import * as z from "zod";

/** Options of a server of Socket.IO that mean here what they mean on Node. */
export interface SocketioOptions {
  /**
   * Whether clients that were away are told what they missed, and for how long what they missed is kept: a
   * day, unless it says otherwise. Without it none of them recovers, and nothing is stored for it.
   */
  readonly connectionStateRecovery?: {
    readonly maxDisconnectionDuration?: number;
    readonly skipMiddlewares?: boolean;
  };
  /** How long a client may be in no namespace, in milliseconds; 45,000 when absent. */
  readonly connectTimeout?: number;
  /** Whether dynamic namespaces are forgotten when they are empty. */
  readonly cleanupEmptyChildNamespaces?: boolean;
}

/** Options that were looked at. */
export interface CheckedOptions {
  readonly recovers: boolean;
  readonly maxDisconnectionDurationMs: number;
  readonly server: Partial<ServerOptions>;
}

const DAY_MS = 86_400_000;
/** Timers take no longer ones. */
const TIMER_MS = 2 ** 31 - 1;

const OPTIONS = z.strictObject({
  connectionStateRecovery: z
    .strictObject({
      maxDisconnectionDuration: z.number().positive().optional(),
      skipMiddlewares: z.boolean().optional(),
    })
    .optional(),
  connectTimeout: z.number().positive().max(TIMER_MS).optional(),
  cleanupEmptyChildNamespaces: z.boolean().optional(),
});

/** What is said elsewhere, by its name on Node. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  adapter: "hubs are joined without one",
  cors: "it is the setting ALLOWED_ORIGINS of the deployment",
  path: "it is /socket.io/",
  pingInterval: "it is the setting SOCKETIO_PING_INTERVAL_MS of the deployment",
  pingTimeout: "it is the setting SOCKETIO_PING_TIMEOUT_MS of the deployment",
  transports: "clients choose between polling and WebSockets",
};

/** @throws {TypeError} that names what is wrong, and what to do. */
export function checkedOptions(options: SocketioOptions): CheckedOptions {
  for (const name of Object.keys(Object(options))) {
    if (Object.hasOwn(ELSEWHERE, name)) {
      throw new TypeError(`socketio(): there is no option "${name}": ${ELSEWHERE[name]}.`);
    }
  }
  const parsed = OPTIONS.safeParse(options);
  if (!parsed.success) {
    throw new TypeError(`socketio(): ${z.prettifyError(parsed.error)}`);
  }
  const {
    connectionStateRecovery: recovery,
    connectTimeout,
    cleanupEmptyChildNamespaces,
  } = parsed.data;
  const { maxDisconnectionDuration = DAY_MS, skipMiddlewares = true } = recovery ?? {};
  return {
    recovers: recovery !== undefined,
    maxDisconnectionDurationMs: maxDisconnectionDuration,
    server: {
      ...(connectTimeout === undefined ? {} : { connectTimeout }),
      ...(cleanupEmptyChildNamespaces === undefined ? {} : { cleanupEmptyChildNamespaces }),
      ...(recovery === undefined
        ? {}
        : { connectionStateRecovery: { maxDisconnectionDuration, skipMiddlewares } }),
    },
  };
}
