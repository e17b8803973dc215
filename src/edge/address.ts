/** What of a request says where it comes from. */
export interface AddressHints {
  readonly headers: Headers;
  /** What the platform knows about it; workerd by itself tells the socket's own address there. */
  readonly cf?: unknown;
}

/**
 * The address that limits count by. It is read from the one header that our own proxy sets, and
 * from no other: a client may send any. Of a list the last counts, which the nearest proxy added;
 * what stands before it is hearsay. Without such a header it is the socket's own address where the
 * platform tells it, and else everyone is one.
 *
 * A home or a phone gets a whole IPv6 /64, so the rest of the address would let one person count
 * as many.
 */
export function addressOf(
  { headers, cf }: AddressHints,
  trustedIpHeader: string | undefined,
): string {
  const told = trustedIpHeader === undefined ? null : headers.get(trustedIpHeader);
  return normalized(told?.split(",").at(-1)) ?? normalized(socketAddress(cf)) ?? "unknown";
}

function socketAddress(cf: unknown): string | undefined {
  if (typeof cf !== "object" || cf === null || !("clientIp" in cf)) return undefined;
  return typeof cf.clientIp === "string" ? cf.clientIp : undefined;
}

const IPV4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/;
/** An IPv4 address as a socket of both kinds tells it (RFC 4291 §2.5.5.2). */
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;
const IPV6 = /^[0-9a-f:.]{2,45}$/i;

function normalized(text: string | undefined): string | undefined {
  const address = text
    ?.trim()
    .replace(/^\[([^\]]*)\](?::\d{1,5})?$/, "$1")
    .replace(MAPPED_IPV4, "");
  if (address === undefined) return undefined;
  const v4 = IPV4.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  return IPV6.test(address) && address.includes(":") ? prefix64(address.toLowerCase()) : undefined;
}

function prefix64(ip: string): string {
  const [head = "", tail] = ip.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0");
  const all = [...groups, ...(tail === undefined ? [] : [...gap, ...rest])];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
