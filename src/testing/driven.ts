/**
 * The same object, whose promises pass time by themselves: whoever waits for an answer needs no clock.
 *
 * @param awaiting what becomes of each promise that one of its methods answers.
 */
export function driven<T extends object>(
  object: T,
  awaiting: (answer: Promise<unknown>) => Promise<unknown>,
): T {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        const answer: unknown = Reflect.apply(value, target, args);
        return answer instanceof Promise ? awaiting(answer) : answer;
      };
    },
  });
}
