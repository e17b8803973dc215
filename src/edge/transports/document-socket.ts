import { ADMISSION_HEADER } from "../../protocol/admission.ts";
import { writeDocumentAdmission } from "../../protocol/document-admission.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { refusalSchema } from "../../protocol/error-schema.ts";
import { refuseWithout } from "../../protocol/permission.ts";
import type { RoomName } from "../../protocol/room-name.ts";
import type { Settings } from "../../protocol/settings.ts";
import { YJS_SUBPROTOCOL } from "../../protocol/yjs-subprotocol.ts";
import { callerOf } from "../caller.ts";
import { callDocument } from "../document-stub.ts";
import type { Env } from "../env.ts";
import type { Gate } from "../gate.ts";
import { urlOf } from "../input.ts";
import { requireOrigin } from "../origin.ts";
import { ownAnswer } from "./own-answer.ts";

/** Somebody at the door of a document. */
export interface EditorCall {
  readonly request: Request;
  readonly env: Env;
  readonly settings: Settings;
  readonly gate: Gate;
  readonly document: RoomName;
}

/** The name that a client offers this wire by; `undefined` when it offers none, as the stock one does. */
export function documentSubprotocol({ headers }: Request): typeof YJS_SUBPROTOCOL | undefined {
  const offered = (headers.get("Sec-WebSocket-Protocol") ?? "").split(",");
  return offered.some((name) => name.trim() === YJS_SUBPROTOCOL) ? YJS_SUBPROTOCOL : undefined;
}

/**
 * An editor's socket: the document's very own, so that the Worker is out of the way.
 *
 * @throws {ProtocolError} for whatever keeps it out, the document's own refusal included.
 */
export async function openDocumentSocket(call: EditorCall): Promise<Response> {
  const { request, env, settings, gate, document } = call;
  requireOrigin(request, settings);
  const caller = await callerOf(request, env, settings);
  if (caller.kind === "backend") {
    throw new ProtocolError("unauthorized", "The API key is for HTTP; an editor needs a token.");
  }
  const { permissions, expiresAt, authority } = await gate.permit(document, caller, {
    request,
    env,
    staying: true,
  });
  const cannot = refuseWithout(["read"], { permissions });
  if (cannot !== undefined) throw ProtocolError.of(cannot);
  const { userId, name } = caller.identity;
  const canWrite = permissions.includes("write");
  const byRule = authority === undefined ? {} : { authority };
  const admission = writeDocumentAdmission({
    editor: { userId, name, canWrite, expiresAt, address: caller.address, ...byRule },
    isNamed: documentSubprotocol(request) !== undefined,
    wantsAccess: urlOf(request).searchParams.get("access") === "true",
  });
  const headers = new Headers({ Upgrade: "websocket", [ADMISSION_HEADER]: admission });
  const response = await callDocument(env, document, (stub) =>
    stub.fetch("https://document/", { headers }),
  );
  if (response.status === 101) return compressedAlone(request, ownAnswer(response));
  throw ProtocolError.of(refusalSchema.parse(await response.json()));
}

/**
 * Has each frame compressed by itself where the client compresses (RFC 7692 §7.1.1.1). By default the
 * platform looks for likeness in the last 32 KiB of frames, which took a third of a document's CPU.
 */
function compressedAlone(request: Request, answer: Response): Response {
  const offer = request.headers.get("Sec-WebSocket-Extensions") ?? "";
  if (/\bpermessage-deflate\b/.test(offer)) {
    const kind = "permessage-deflate; server_no_context_takeover";
    answer.headers.set("Sec-WebSocket-Extensions", kind);
  }
  return answer;
}
