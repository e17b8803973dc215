import { ExtData, encode } from "@msgpack/msgpack";

/** A frame that no honest client sends. */
export interface Hostile {
  readonly kind: string;
  readonly data: string | Buffer;
  readonly binary: boolean;
}

const TYPES = [
  "send_message",
  "edit_message",
  "delete_message",
  "react",
  "typing_start",
  "read_messages",
  "publish",
  "refresh_token",
  "joined_room",
  "ack",
  "constructor",
  "__proto__",
  "",
];
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  -(2 ** 63),
  "__proto__",
  "\u200b \ufeff",
  "..",
  "",
  "x".repeat(5_000),
  "\u0000",
  "\ud800",
  [],
  {},
  [[[]]],
  { constructor: { prototype: { polluted: 1 } } },
  { seq: "1" },
];

type Random = () => number;

function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

function object(random: Random): Record<string, unknown> {
  const payload = Object.fromEntries(
    [
      "content",
      "seq",
      "upTo",
      "emoji",
      "event",
      "data",
      "token",
      "mentions",
      "replyTo",
      "prototype",
    ]
      .filter(() => random() < 0.5)
      .map((name) => [name, pick(random, VALUES)]),
  );
  return {
    type: random() < 0.8 ? pick(random, TYPES) : pick(random, VALUES),
    ...(random() < 0.6
      ? { messageId: random() < 0.5 ? `m${random()}` : pick(random, VALUES) }
      : {}),
    ...(random() < 0.8 ? { payload: random() < 0.7 ? payload : pick(random, VALUES) } : {}),
    userId: "root",
  };
}

const TEXT: Readonly<Record<string, (random: Random) => string | Buffer>> = {
  "wrong types": (random) => JSON.stringify(object(random)),
  "cut json": (random) => {
    const text = JSON.stringify(object(random));
    return text.slice(0, Math.floor(random() * text.length));
  },
  noise: (random) =>
    Array.from({ length: 40 }, () => String.fromCharCode(random() * 65_536)).join(""),
  "deep array": (random) => "[".repeat(1 + random() * 30_000),
  "deep object": (random) => {
    const depth = Math.floor(1 + random() * 5_000);
    return `${'{"payload":'.repeat(depth)}1${"}".repeat(depth)}`;
  },
  "prototype keys": (random) =>
    `{"type":"publish","__proto__":{"type":"x"},"payload":{"event":"e","data":{"__proto__":{"polluted":${random()}}}}}`,
  "deep data": (random) => {
    const depth = 14 + Math.floor(random() * 80);
    const data = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    return `{"type":"send_message","messageId":"d${random()}","payload":{"content":"x","data":${data}}}`;
  },
  "rounded number": (random) =>
    `{"type":"send_message","messageId":"n${random()}","payload":{"content":"x","data":{"id":653247040368672768}}}`,
  "key of the prototype": (random) =>
    `{"type":"react","messageId":"k${random()}","payload":{"seq":1,"emoji":"__proto__"}}`,
  "nothing to see": (random) =>
    `{"type":"send_message","messageId":"b${random()}","payload":{"content":"\\u200b \\u202e"}}`,
  "huge number": () => `{"type":"read_messages","payload":{"upTo":1${"0".repeat(400)}}}`,
  "lone surrogate": () => '{"type":"send_message","messageId":"s","payload":{"content":"\\ud800"}}',
  "at the limit": () => JSON.stringify({ type: "publish", payload: "x".repeat(65_000) }),
  "over the limit": (random) => "x".repeat(65_537 + random() * 1_000),
  "invalid utf-8": () => Buffer.from([0x7b, 0xff, 0xfe, 0xc0, 0x80, 0x7d]),
};

const BINARY: Readonly<Record<string, (random: Random) => Uint8Array>> = {
  "msgpack wrong types": (random) => encode(object(random)),
  "msgpack cut": (random) => encode(object(random)).subarray(0, Math.floor(random() * 20)),
  "msgpack extension": () => encode(new ExtData(42, new Uint8Array(8))),
  "msgpack date and bytes": () =>
    encode({ type: "publish", payload: { event: "e", data: [new Date(), new Uint8Array(3)] } }),
  "msgpack array that claims 4 billion": () => new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]),
  "msgpack lists that claim much, in each other": (random) => {
    const claim = pick(random, [8_000, 1_000_000, 16_000_000]);
    const header = [
      pick(random, [0xdd, 0xdf]),
      ...new Uint8Array(new Uint32Array([claim]).buffer).reverse(),
    ];
    return Uint8Array.from(
      Array(1 + Math.floor(random() * 30))
        .fill(header)
        .flat(),
    );
  },
  "msgpack text that claims 4 billion": () => new Uint8Array([0xdb, 0xff, 0xff, 0xff, 0xff, 0x41]),
  "msgpack deep": (random) => new Uint8Array(Math.floor(1 + random() * 30_000)).fill(0x91),
  "msgpack 64-bit": () =>
    encode(
      { type: "publish", payload: { event: "e", data: 2n ** 64n - 1n } },
      { useBigInt64: true },
    ),
  "msgpack key that is no text": () => new Uint8Array([0x81, 0x92, 0x01, 0x02, 0x80]),
  "msgpack lone surrogate": () =>
    new Uint8Array([0x81, 0xa3, 0xed, 0xa0, 0x80, 0xa3, 0xed, 0xb0, 0x80]),
  "msgpack proto": () => new Uint8Array([0x81, 0xa9, ...Buffer.from("__proto__"), 0x80]),
  bytes: (random) => Uint8Array.from({ length: 64 }, () => random() * 256),
};

/** The next hostile frame. */
export function hostile(random: Random): Hostile {
  if (random() < 0.6) {
    const kind = pick(random, Object.keys(TEXT));
    const data = TEXT[kind]?.(random) ?? "";
    return { kind, data, binary: false };
  }
  const kind = pick(random, Object.keys(BINARY));
  return { kind, data: Buffer.from(BINARY[kind]?.(random) ?? []), binary: true };
}
