/**
 * Node's `process.nextTick` for socket.io, which runs each handler by it: one that throws harms its own
 * packet alone, as it would not on Node, where it ends the process.
 */
export function nextTick(act: (...args: unknown[]) => unknown, ...args: unknown[]): void {
  queueMicrotask(() => {
    try {
      act(...args);
    } catch (error) {
      console.error(error);
    }
  });
}
