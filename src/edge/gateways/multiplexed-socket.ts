import { PING, PONG } from "../../protocol/client-frame.ts";
import { answerTo, CLOSES, type Close, closeFor } from "../../protocol/close.ts";
import { CLOSE_CODES } from "../../protocol/close-code.ts";
import { encodeFrame, isLonger } from "../../protocol/codec.ts";
import { cursorOf } from "../../protocol/cursor.ts";
import { ProtocolError, type Refusal, refusal } from "../../protocol/error.ts";
import { Expiry, type ExpiryPorts } from "../../protocol/expiry.ts";
import { type GatewayFrame, readGatewayFrame } from "../../protocol/gateway-frame.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { refusalOf } from "../../protocol/refusal-of.ts";
import {
  FLOODING,
  frameTooLarge,
  OTHER_USERS_TOKEN,
  TOKEN_EXPIRED,
  TOO_MANY_BAD_FRAMES,
} from "../../protocol/refusals.ts";
import { RoomStamp } from "../../protocol/room-stamp.ts";
import { silenceMs } from "../../protocol/silence.ts";
import type { Wire } from "../../protocol/subprotocol.ts";
import { utf8Bytes } from "../../protocol/utf8.ts";
import { GatewayQuota } from "../../room/quota/gateway-quota.ts";
import { tokenCaller, type UserCaller } from "../caller.ts";
import { Backlog } from "./backlog.ts";
import { type Left, RoomSet } from "./room-set.ts";
import type { RoomsCall } from "./room-visitor.ts";

const NOT_JOINED = refusal("conflict", 'You are not in this room: enter it by "join" first.');
const ALREADY_JOINED = refusal("conflict", "You are in this room already, or are entering it.");
const TOO_MANY_HELD = refusal(
  "rate_limited",
  "You are still entering this room, and too much waits for it.",
  1_000,
);

/** Codes by which a room ends a connection whose client is at fault wherever it speaks. */
const ENDS_ALL: ReadonlySet<number> = new Set([
  CLOSE_CODES.badFrames.code,
  CLOSE_CODES.tooLarge.code,
]);

const CLOCK: ExpiryPorts = {
  now: Date.now,
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

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
  readonly #expiry: Expiry;
  #caller: UserCaller;
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
    const options = { wire, transport: "websocket", via: "multiplexed" } as const;
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
    const mostMs = silenceMs(wire, limits);
    this.#heartbeat = setInterval(() => {
      if (Date.now() - this.#heardAt > mostMs) this.#end(CLOSES.heartbeatLost);
    }, limits.heartbeatMs);
    this.#expiry = new Expiry(CLOCK, () => this.#expel(TOKEN_EXPIRED));
    this.#expiry.set(caller.identity.expiresAt);
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
      this.#expel(frameTooLarge(frameBytes));
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
    const bytes = typeof raw === "string" ? utf8Bytes(raw) : raw.byteLength;
    // Each room verifies a new token for itself.
    const isForAll = read.ok && read.frame.type === "refresh_token";
    const taken = this.#quota.take(bytes, now, isForAll ? Math.max(1, this.#rooms.size) : 1);
    if (taken.verdict === "flooding") {
      this.#expel(FLOODING);
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
      if (this.#badFrames >= BOUNDS.badFramesInARow) this.#expel(TOO_MANY_BAD_FRAMES);
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
      this.#refuse(refusalOf(error), { messageId });
      return;
    }
    if (this.#isOver) return;
    this.#rooms.renew(this.#caller);
    // Each room verifies it for itself, and says so with its name.
    this.#rooms.sayToAll(raw);
    const { expiresAt: at } = this.#caller.identity;
    this.#expiry.set(at);
    const expiresAt = iso(at);
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
    // Bad frames and too long ones are the client's fault, and not one room's matter.
    const isAllOver = ENDS_ALL.has(code) && error === undefined;
    if (isAllOver) this.#end({ code, reason, clean: true });
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
    this.#expiry.stop();
    this.#rooms.close(close);
    this.#closed.resolve();
  }
}
