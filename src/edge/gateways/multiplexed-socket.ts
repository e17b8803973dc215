import { PING, PONG } from "../../protocol/client-frame.ts";
import { answerTo, CLOSES, type Close, closeFor } from "../../protocol/close.ts";
import { CLOSE_CODES } from "../../protocol/close-code.ts";
import { encodeFrame } from "../../protocol/codec.ts";
import { cursorOf } from "../../protocol/cursor.ts";
import { ProtocolError, type Refusal, refusal } from "../../protocol/error.ts";
import { type GatewayFrame, readGatewayFrame } from "../../protocol/gateway-frame.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { OTHER_USERS_TOKEN, OUR_FAULT, TOKEN_EXPIRED } from "../../protocol/refusals.ts";
import { RoomStamp } from "../../protocol/room-frame.ts";
import type { Wire } from "../../protocol/subprotocol.ts";
import { isLongerThan } from "../../protocol/utf8.ts";
import { tokenCaller, type UserCaller } from "../caller.ts";
import { Backlog } from "./backlog.ts";
import { GatewayQuota } from "./gateway-quota.ts";
import { type Left, RoomSet } from "./room-set.ts";
import type { RoomsCall } from "./room-visitor.ts";

/** Silence beyond the heartbeat that is allowed for, in milliseconds, as a room allows it (P3.7). */
const HEARTBEAT_GRACE_MS = 10_000;

const NOT_JOINED = refusal("conflict", 'You are not in this room: enter it by "join" first.');
const ALREADY_JOINED = refusal("conflict", "You are in this room already, or are entering it.");
const TOO_MANY_HELD = refusal(
  "rate_limited",
  "You are still entering this room, and too much waits for it.",
  1_000,
);

/** What answers a frame, or tells of something that none asked for. */
interface Reply {
  readonly type: string;
  readonly room?: string | undefined;
  readonly messageId?: string | undefined;
  readonly payload?: unknown;
}

/**
 * Many rooms over one WebSocket (P20). The client's socket ends in the Worker, which holds an ordinary
 * connection to each room; what rooms say is passed on unread.
 */
export class MultiplexedSocket {
  readonly #call: RoomsCall;
  readonly #socket: WebSocket;
  readonly #wire: Wire;
  readonly #rooms: RoomSet;
  readonly #stamps = new Map<string, RoomStamp>();
  readonly #quota: GatewayQuota;
  readonly #backlog: Backlog;
  readonly #heartbeat: number;
  #caller: UserCaller;
  #tokenEnd: number | null = null;
  #heardAt = Date.now();
  #badFrames = 0;
  readonly #closed = Promise.withResolvers<void>();
  #isOver = false;

  /** @param socket the Worker's end, not yet accepted. */
  constructor(call: RoomsCall, caller: UserCaller, socket: WebSocket, wire: Wire) {
    this.#call = call;
    this.#caller = caller;
    this.#socket = socket;
    this.#wire = wire;
    const { limits } = call.settings;
    this.#quota = new GatewayQuota(limits, this.#heardAt);
    this.#backlog = new Backlog(wire !== "plain");
    const options = { wire, transport: "websocket" } as const;
    this.#rooms = new RoomSet(call, caller, options, {
      heard: (room, message) => this.#passOn(room, message),
      left: (room, why) => this.#roomLeft(room, why),
    });
    socket.addEventListener("message", ({ data }) => this.#hear(data));
    socket.addEventListener("close", ({ code, reason, wasClean }) =>
      this.#gone({ code, reason, clean: wasClean }),
    );
    socket.addEventListener("error", () => this.#gone(CLOSES.socketError));
    socket.binaryType = "arraybuffer";
    socket.accept();
    const silenceMs =
      wire === "plain" ? limits.plainSilenceMs : limits.heartbeatMs + HEARTBEAT_GRACE_MS;
    this.#heartbeat = setInterval(() => {
      if (Date.now() - this.#heardAt > silenceMs) this.#end(CLOSES.heartbeatLost);
    }, limits.heartbeatMs);
    this.#setTokenEnd();
  }

  /** Resolves when the client's socket is over. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  #hear(raw: string | ArrayBuffer): void {
    if (this.#isOver) return;
    const now = Date.now();
    this.#heardAt = now;
    this.#backlog.heard();
    if (raw === PING) {
      this.#socket.send(PONG);
      return;
    }
    const { frameBytes } = this.#call.settings.limits;
    if (isLonger(raw, frameBytes)) {
      this.#expel(refusal("too_large", `A frame is at most ${frameBytes} bytes.`));
      return;
    }
    if (this.#caller.identity.expiresAt <= now) {
      this.#expel(TOKEN_EXPIRED);
      return;
    }
    const read = readGatewayFrame(this.#wire, raw);
    if (read.ok && read.frame.type === "to_room" && read.frame.isReadMark) {
      const { room } = read.frame;
      // Asked for by the room, which counts it for nothing itself (P3.11).
      if (this.#backlog.answered(room)) {
        this.#rooms.say(room, raw);
        return;
      }
    }
    const taken = this.#quota.take(raw, now);
    if (taken.verdict === "flooding") {
      this.#expel(refusal("rate_limited", "Too many frames; slow down."));
    } else if (taken.verdict === "refused") {
      const error = refusal(
        "rate_limited",
        "Too many frames or bytes over all rooms; wait and send again.",
        taken.retryAfterMs,
      );
      this.#refuse(error, read);
    } else if (read.ok) {
      this.#badFrames = 0;
      this.#take(read.frame, raw, read.messageId);
    } else {
      this.#refuse(read.error, read);
      this.#badFrames += 1;
      if (this.#badFrames >= BOUNDS.badFramesInARow) this.#expel(TEN_BAD_FRAMES);
    }
  }

  #take(frame: GatewayFrame, raw: string | ArrayBuffer, messageId: string | undefined): void {
    switch (frame.type) {
      case "ping":
        this.#reply({ type: "pong" });
        return;
      case "join": {
        const { room, payload } = frame;
        if (this.#rooms.has(room)) {
          this.#refuse(ALREADY_JOINED, { room, messageId });
          return;
        }
        const { since, epoch, ...entering } = payload;
        void this.#rooms.join(room, { ...entering, cursor: cursorOf(since, epoch) });
        return;
      }
      case "leave": {
        const { room, payload } = frame;
        if (this.#rooms.leave(room, payload.back ? CLOSES.comingBack : CLOSES.leftRoom)) {
          const { code, reason } = CLOSES.leftRoom;
          this.#roomLeft(room, { code, reason });
        } else this.#refuse(NOT_JOINED, { room, messageId });
        return;
      }
      case "refresh_token":
        void this.#renew(frame.payload.token, raw, messageId);
        return;
      case "to_room": {
        const { room } = frame;
        const said = this.#rooms.say(room, raw);
        if (said === "not joined") this.#refuse(NOT_JOINED, { room, messageId });
        else if (said === "too much") this.#refuse(TOO_MANY_HELD, { room, messageId });
      }
    }
  }

  async #renew(token: string, raw: string | ArrayBuffer, messageId?: string): Promise<void> {
    const { address, identity } = this.#caller;
    try {
      const renewed = await tokenCaller(token, address, this.#call.settings);
      if (renewed.identity.userId !== identity.userId) throw ProtocolError.of(OTHER_USERS_TOKEN);
      this.#caller = renewed;
    } catch (error) {
      const refused = error instanceof ProtocolError ? error.refusal : OUR_FAULT;
      this.#refuse(refused, { messageId });
      return;
    }
    if (this.#isOver) return;
    this.#rooms.renew(this.#caller);
    // Each room verifies it for itself, and says so with its name.
    this.#rooms.sayToAll(raw);
    this.#setTokenEnd();
    const expiresAt = iso(this.#caller.identity.expiresAt);
    this.#reply({ type: "token_refreshed", messageId, payload: { expiresAt } });
  }

  #passOn(room: string, message: string | ArrayBuffer): void {
    let stamp = this.#stamps.get(room);
    if (stamp === undefined) {
      stamp = new RoomStamp(room);
      this.#stamps.set(room, stamp);
    }
    this.#socket.send(stamp.on(message));
    this.#backlog.send(room, message);
    // It comes back, and misses nothing; what waits for it here is the memory of all.
    if (this.#backlog.units > this.#call.settings.limits.unreadBytes) this.#end(CLOSES.notReading);
  }

  #roomLeft(room: string, { code, reason, error }: Left): void {
    this.#stamps.delete(room);
    this.#backlog.left(room);
    this.#reply({
      type: "left",
      room,
      payload: { code, reason, ...(error === undefined ? {} : { error }) },
    });
    // Ten bad frames are the client's whole fault, and a token is that of all rooms.
    if (code === CLOSE_CODES.badFrames.code && error === undefined) this.#end(closeOfBadFrames());
    else if (code === CLOSE_CODES.tooLarge.code) this.#end({ code, reason, clean: true });
  }

  #refuse(error: Refusal, { room, messageId }: Pick<Reply, "room" | "messageId">): void {
    this.#reply(
      messageId === undefined
        ? { type: "error", room, payload: error }
        : { type: "ack", room, messageId, payload: { success: false, error } },
    );
  }

  #reply({ type, room, messageId, payload }: Reply): void {
    if (this.#isOver) return;
    const frame = {
      type,
      ...(room === undefined ? {} : { room }),
      ...(messageId === undefined ? {} : { messageId }),
      timestamp: iso(Date.now()),
      ...(payload === undefined ? {} : { payload }),
    };
    this.#socket.send(encodeFrame(this.#wire, frame));
  }

  #expel(error: Refusal): void {
    this.#reply({ type: "error", payload: error });
    this.#end(closeFor(error.code));
  }

  /** Ends the client's socket, and all rooms by the same close. */
  #end(close: Close): void {
    if (this.#isOver) return;
    this.#over(close);
    this.#socket.close(close.code, close.reason);
  }

  /** The client's socket has ended. */
  #gone({ code, reason, clean }: Close): void {
    if (this.#isOver) return;
    // Who was cut off may be back in a moment: rooms are told so by a code of theirs.
    const answer = clean ? answerTo(code) : CLOSE_CODES.comingBack.code;
    this.#over({ code: answer, reason: clean ? reason : "", clean });
    if (clean) this.#socket.close(answer, reason);
  }

  #over(close: Close): void {
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#tokenEnd);
    this.#rooms.close(close);
    this.#closed.resolve();
  }

  #setTokenEnd(): void {
    clearTimeout(this.#tokenEnd);
    const inMs = Math.max(0, this.#caller.identity.expiresAt - Date.now());
    this.#tokenEnd = setTimeout(() => this.#expel(TOKEN_EXPIRED), inMs);
  }
}

const TEN_BAD_FRAMES = refusal(
  "invalid_frame",
  `${BOUNDS.badFramesInARow} bad frames in a row; see the protocol.`,
);

function closeOfBadFrames(): Close {
  return closeFor(TEN_BAD_FRAMES.code);
}

function isLonger(raw: string | ArrayBuffer, bytes: number): boolean {
  return typeof raw === "string" ? isLongerThan(raw, bytes) : raw.byteLength > bytes;
}
