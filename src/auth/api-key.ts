/**
 * Whether what was presented is the API key, in time that tells nothing about where they differ:
 * both are hashed first, so length leaks nothing either.
 */
export async function isApiKey(presented: string, apiKey: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(presented), digest(apiKey)]);
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
