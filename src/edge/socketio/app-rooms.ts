import type { Close } from "../../protocol/close.ts";
import type { Cursor } from "../../protocol/cursor.ts";
import { ProtocolError } from "../../protocol/error.ts";
import type { User } from "../../protocol/message.ts";
import { isWrittenMark } from "../../protocol/written-mark.ts";
import type { AppRooms, Member, RoomsListener } from "../../socketio/app/ports.ts";
import type { UserCaller } from "../caller.ts";
import { RoomSet } from "../gateways/room-set.ts";
import { type RoomsCall, roomVisitor } from "../gateways/room-visitor.ts";
import { callRoom } from "../room-stub.ts";
import { answerToMark } from "../transports/inner-socket.ts";

/** Acts once the client has read all that was sent to it before; never, when it goes away before. */
type WhenRead = (act: () => void) => void;

/** What carries a client, and knows what it has read. */
export interface ReadingConnection {
  readonly whenRead: WhenRead;
  readonly transport: "polling" | "websocket";
}

/** The rooms of one client of the default app of Socket.IO: an ordinary connection to each. */
export class SocketioRooms implements AppRooms {
  readonly #call: RoomsCall;
  readonly #callerOf: (member: Member) => UserCaller;
  readonly #rooms: RoomSet;
  #caller: UserCaller;

  constructor(
    call: RoomsCall,
    member: Member,
    callerOf: (member: Member) => UserCaller,
    listener: RoomsListener,
    { transport, whenRead }: ReadingConnection,
  ) {
    this.#call = call;
    this.#callerOf = callerOf;
    this.#caller = callerOf(member);
    this.#rooms = new RoomSet(
      call,
      this.#caller,
      { wire: "json", transport: "websocket", via: `socketio_${transport}` },
      {
        heard: (room, message) => {
          // Its wire is JSON text.
          if (typeof message !== "string") return;
          // What the Worker reads at once its client may not have read.
          if (isWrittenMark(message)) whenRead(() => this.send(room, answerToMark(message)));
          else listener.frames(room, message);
        },
        left: (room, { code, reason, error }) =>
          listener.left(room, { code, reason, clean: true }, error),
      },
    );
  }

  join(room: string, how: { readonly cursor?: Cursor; readonly history: number }): void {
    void this.#rooms.join(room, how);
  }

  send(room: string, frame: string): void {
    this.#rooms.say(room, frame);
  }

  leave(room: string, close: Close): void {
    this.#rooms.leave(room, close);
  }

  async users(name: string): Promise<readonly User[]> {
    const { room, actor } = await roomVisitor(this.#call, this.#caller, name, { staying: false });
    const result = await callRoom(this.#call.env, room, (stub) => stub.users(actor));
    if (!result.ok) throw ProtocolError.of(result.error);
    return result.value;
  }

  renew(member: Member): void {
    this.#caller = this.#callerOf(member);
    this.#rooms.renew(this.#caller);
    const payload = { token: member.token };
    this.#rooms.sayToAll(JSON.stringify({ type: "refresh_token", payload }));
  }

  close(close: Close): void {
    this.#rooms.close(close);
  }
}
