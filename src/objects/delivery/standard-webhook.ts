/** What a webhook's endpoint checks a message by: Standard Webhooks 1.0.0, "Signature scheme". */
export interface SignedHeaders {
  readonly "webhook-id": string;
  /** Seconds since the epoch, of this attempt. */
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

const PREFIX = "whsec_";
/** Bytes of a secret, by the specification. */
const SECRET_BYTES = { min: 24, max: 64 };

/** The keys that a webhook's messages are signed by: more than one while a secret is replaced. */
export class WebhookKeys {
  readonly #keys: readonly Promise<CryptoKey>[];

  /**
   * @param secrets of a webhook, with spaces between: `whsec_` and 24 to 64 bytes in base64, each.
   * @throws {TypeError} that says what a secret must be, and shows none.
   */
  constructor(secrets: string) {
    const keys = secrets.split(/\s+/).filter((secret) => secret !== "");
    if (keys.length === 0) throw new TypeError(`A webhook needs a secret: ${WHAT_IT_IS}.`);
    this.#keys = keys.map(keyOf);
  }

  /**
   * Signs a message.
   *
   * @param id the same at each attempt: an endpoint that has seen it takes it for done.
   * @param at now, milliseconds since the epoch.
   */
  async sign(id: string, body: string, at: number): Promise<SignedHeaders> {
    const seconds = String(Math.floor(at / 1000));
    const content = new TextEncoder().encode(`${id}.${seconds}.${body}`);
    const signatures = await Promise.all(
      this.#keys.map(async (key) => {
        const signature = await crypto.subtle.sign("HMAC", await key, content);
        return `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`;
      }),
    );
    return {
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": signatures.join(" "),
    };
  }
}

const WHAT_IT_IS = `"${PREFIX}" and ${SECRET_BYTES.min} to ${SECRET_BYTES.max} random bytes in base64`;

function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = bytesOf(secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
}

function bytesOf(secret: string): Uint8Array<ArrayBuffer> {
  const fault = new TypeError(`The secret of a webhook must be ${WHAT_IT_IS}.`);
  if (!secret.startsWith(PREFIX)) throw fault;
  let text: string;
  try {
    text = atob(secret.slice(PREFIX.length));
  } catch {
    throw fault;
  }
  if (text.length < SECRET_BYTES.min || text.length > SECRET_BYTES.max) throw fault;
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
