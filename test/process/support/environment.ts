/** A number that whoever runs the tests may set, for a longer soak or another seed; empty is not set. */
export function fromEnv(name: string, fallback: number): number {
  const given = process.env[name]?.trim() ?? "";
  if (given === "") return fallback;
  const value = Number(given);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`${name} must be a whole number, and is ${JSON.stringify(given)}.`);
}
