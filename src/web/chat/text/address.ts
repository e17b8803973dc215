/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?…。、）)\]}*]+$/u;

/** A closing bracket stays when the address itself opened one, as Wikipedia's do. */
export function trimAddress(address: string): string {
  const trimmed = address.replace(TRAILING, "");
  const cut = address.slice(trimmed.length);
  return cut.startsWith(")") && trimmed.includes("(") ? `${trimmed})` : trimmed;
}

/** Where an address leads; `undefined` for anything but http and https. */
export function readAddress(address: string): string | undefined {
  const url = parseAddress(address);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}

/** As `URL.parse` does, which Safari has from 18 on. */
export function parseAddress(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}
