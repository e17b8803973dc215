import type { LiveRoom } from "../client/live-room.ts";
import type { AnyContract } from "../contract/contract.ts";

/**
 * The same room, whose answers pass time by themselves: whoever waits for one needs no clock.
 *
 * @param awaiting what becomes of each promise that one of its methods answers.
 */
export function driven<C extends AnyContract>(
  room: LiveRoom<C>,
  awaiting: <T>(answer: Promise<T>) => Promise<T>,
): LiveRoom<C> {
  const send: LiveRoom<C>["send"] = async (type, data, options = {}) => {
    const given = new AbortController();
    try {
      return await awaiting(room.send(type, data, { signal: given.signal, ...options }));
    } finally {
      // What nobody waits for any more is not sent again.
      given.abort();
    }
  };
  return new Proxy(room, {
    get(target, name) {
      if (name === "send") return send;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        const answer: unknown = Reflect.apply(value, target, args);
        return answer instanceof Promise ? awaiting(answer) : answer;
      };
    },
  });
}
