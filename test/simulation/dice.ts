/** Chance, the same for the same random numbers. */
export class Dice {
  /** From 0 up to 1. */
  readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  /** Whether something happens that happens so often. */
  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number from one up to another, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1));
  }

  /** How long until something comes that comes every so often by chance: whole, at least 1. */
  wait(mean: number): number {
    return Math.max(1, Math.round(-Math.log(1 - this.random()) * mean));
  }

  /** One of several. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  /** One of several, by their weights. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T | undefined {
    let left = this.random() * items.reduce((sum, [weight]) => sum + weight, 0);
    return items.find(([weight]) => {
      left -= weight;
      return left < 0;
    })?.[1];
  }
}
