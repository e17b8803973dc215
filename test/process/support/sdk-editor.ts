import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type * as Y from "yjs";
import type {
  ClientOptions,
  DocumentOptions,
  RealtimeClient,
  RealtimeError,
  SharedDocument,
  StatusChange,
} from "../../../src/client/index.ts";
import { ROOT } from "../../support/machine/paths.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { CutSockets } from "./cut-sockets.ts";

let built: typeof RealtimeClient | undefined;

/** The client of the SDK as npm publishes it. */
export async function builtClient(): Promise<typeof RealtimeClient> {
  if (built === undefined) {
    execFileSync(process.execPath, [join(ROOT, ".scripts/build-client.mjs")], { cwd: ROOT });
    const path: string = join(ROOT, "dist/client/index.js");
    ({ RealtimeClient: built } = (await import(path)) as { RealtimeClient: typeof RealtimeClient });
  }
  return built;
}

/** How an editor comes in. */
export interface SdkOptions extends DocumentOptions, Pick<Partial<ClientOptions>, "token"> {
  /** What its token says beside whose it is. */
  readonly claims?: object;
}

/** A person with the built SDK in one document. */
export class SdkEditor {
  readonly client: RealtimeClient;
  readonly document: SharedDocument;
  readonly sockets: CutSockets;
  readonly statuses: StatusChange[] = [];
  readonly errors: RealtimeError[] = [];

  private constructor(client: RealtimeClient, document: SharedDocument, sockets: CutSockets) {
    this.client = client;
    this.document = document;
    this.sockets = sockets;
    document.on("status", (change) => this.statuses.push(change));
    document.on("error", (error) => this.errors.push(error));
  }

  /** Opens a document. */
  static async open(
    url: string,
    name: string,
    userId: string,
    {
      claims = {},
      token = () => tokenFor(userId, SECRETS.AUTH_SECRET, claims),
      ...options
    }: SdkOptions = {},
  ): Promise<SdkEditor> {
    const Client = await builtClient();
    const sockets = new CutSockets();
    const client = new Client({ url, token, environment: sockets.environment });
    return new SdkEditor(client, await client.document(name, options), sockets);
  }

  get text(): Y.Text {
    return this.document.doc.getText("text");
  }

  /** Names of those whose cursors it sees, itself included, in order. */
  get present(): readonly string[] {
    const states = [...this.document.awareness.getStates().values()];
    return states.flatMap((state) => state["name"] ?? []).sort();
  }

  type(text: string): void {
    this.text.insert(this.text.length, text);
  }

  show(name: string): void {
    this.document.awareness.setLocalStateField("name", name);
  }

  async stop(): Promise<void> {
    await this.client.close();
    this.document.doc.destroy();
  }
}
