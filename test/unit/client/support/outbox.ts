import type { FakeSocket } from "./fake-network.ts";

/** What became of a promise: its value, or its error. */
export async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

/** The contents of the messages that were sent, in order. */
export function contents(socket: FakeSocket): readonly (string | undefined)[] {
  return socket.of("send_message").map((sent) => sent.payload?.content);
}
