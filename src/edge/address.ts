/**
 * The address that limits count by. A home or a phone gets a whole IPv6 /64, so the rest of the
 * address would let one person count as many. Without the edge's header everyone is one.
 */
export function addressOf(headers: Headers): string {
  const ip = headers.get("CF-Connecting-IP") ?? "unknown";
  return ip.includes(":") ? prefix64(ip) : ip;
}

function prefix64(ip: string): string {
  const [head = "", tail] = ip.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0");
  return [...groups, ...(tail === undefined ? [] : gap), ...rest].slice(0, 4).join(":");
}
