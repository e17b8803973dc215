/**
 * Whether what was presented is one of the API keys, in time that tells nothing about where they
 * differ: all are hashed first, so length leaks nothing either, and all are compared.
 */
export async function isApiKey(presented: string, apiKeys: readonly string[]): Promise<boolean> {
  const given = await digest(presented);
  let isOne = false;
  for (const key of await Promise.all(apiKeys.map(digest))) {
    let difference = 0;
    for (let i = 0; i < given.length; i++) difference |= (given[i] ?? 0) ^ (key[i] ?? 0);
    isOne = difference === 0 || isOne;
  }
  return isOne;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
