type Sqlite = typeof import("node:sqlite");

/**
 * Node's own SQLite, looked up when it is needed: imported by name, the whole kit could not even be
 * loaded where there is none, and nobody would be told why.
 *
 * @throws {Error} that says which Node has it.
 */
export function sqlite(): Sqlite {
  const { process } = globalThis;
  // Absent before Node 20.16.
  const lookUp: ((id: string) => object | undefined) | undefined = process.getBuiltinModule;
  const found = lookUp?.("node:sqlite");
  if (found === undefined) throw new Error(tooOld(process.version));
  return found as Sqlite;
}

function tooOld(version: string): string {
  return `hibiki/testing runs rooms on Node's own SQLite, which is there from Node 22.13 on; this is Node ${version}. Run the tests with a newer one: npm i -D node@24 brings it along for npm's scripts.`;
}
