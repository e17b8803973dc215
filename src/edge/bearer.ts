import { isApiKey } from "../auth/api-key.ts";
import type { Settings } from "../protocol/settings.ts";

/** What a request brings as `Authorization: Bearer` (RFC 6750 §2.1). */
export function bearerToken({ headers }: Request): string | undefined {
  const header = headers.get("Authorization");
  // RFC 9110 §11.1: the scheme is case-insensitive.
  return header === null ? undefined : /^bearer +(\S+)$/i.exec(header.trim())?.[1];
}

/** Whether a request brings the API key. */
export async function isBackend(request: Request, { auth }: Settings): Promise<boolean> {
  const header = bearerToken(request);
  if (header === undefined || auth.apiKeys.length === 0) return false;
  return isApiKey(header, auth.apiKeys);
}
