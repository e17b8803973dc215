import type { SavedGame } from "../../game/keeping.ts";
import type { RunningGame } from "../../game/running-game.ts";
import type { View } from "../../game/view.ts";
import type { Counted } from "../../protocol/ack.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { Refusal } from "../../protocol/error.ts";
import { GAME_BOUNDS } from "../../protocol/game-limits.ts";
import type { GameState } from "../../protocol/game-state.ts";
import { iso } from "../../protocol/iso.ts";
import type { Json } from "../../protocol/json.ts";
import { refuseWithout } from "../../protocol/permission.ts";
import type { Connection } from "../../room/connections/connection.ts";
import type { RoomFrame } from "../../room/frame.ts";
import type { ClockStanding, RoomClock, Standpoint, Wronged } from "../../room/hooks/clock.ts";
import { RuleFailure } from "../../room/hooks/rule-failure.ts";

/** The clock of a room in which a game goes on. */
export class GameClock implements RoomClock {
  readonly unreadBytes = GAME_BOUNDS.unreadBytes;
  readonly #running: RunningGame;
  readonly #connections: ReadonlyMap<string, Connection>;
  readonly #failed: (failure: unknown) => void;
  /** What those are told who see the same, of the last tick. */
  readonly #standpoints = new Map<View, Standpoint>();
  #refused: Wronged[] = [];
  #tickedAt = 0;
  #unsaved: SavedGame | undefined;

  constructor(
    running: RunningGame,
    connections: ReadonlyMap<string, Connection>,
    failed: (failure: unknown) => void,
  ) {
    this.#running = running;
    this.#connections = connections;
    this.#failed = failed;
  }

  get dueAt(): number | undefined {
    return this.#running.dueAt;
  }

  get waitsUntil(): number {
    return this.#running.waitsUntil;
  }

  get hasUnsaved(): boolean {
    return this.#unsaved !== undefined;
  }

  get standing(): ClockStanding {
    const { tick, players, skippedTicks } = this.#running;
    return { tick, players, skippedTicks };
  }

  hears(type: string): boolean {
    return type === "player_input";
  }

  hear({ payload }: RoomFrame, { id, session }: Connection, now: number): Refusal | undefined {
    const denied = refuseWithout(["write"], session);
    if (denied !== undefined) return denied;
    // As the parser put it out.
    const error = this.#running.hear(id, payload as Json, now);
    this.#report();
    return error;
  }

  outcomeOf({ id }: Connection): Counted | Refusal {
    return this.#running.outcomeOf(id);
  }

  enter({ id, session }: Connection, now: number): void {
    const { userId, name, transport, backend: isBackend = false } = session;
    // A stream only hears.
    const mayPlay = transport === "websocket" && mayWrite(session);
    const newcomer = { connectionId: id, userId, name, mayPlay, isBackend };
    const error = this.#running.enter(newcomer, now);
    if (error !== undefined) this.#refused.push({ connectionIds: [id], error });
    this.#report();
  }

  leave({ id }: Connection, mayComeBack: boolean, now: number): void {
    this.#running.leave(id, mayComeBack, now);
    if (this.#running.dueAt === undefined) this.#save(now, true);
    this.#report();
  }

  /** Lets those go who were waited for; what that changes is kept also when nobody else is here. */
  leaveGone(now: number): void {
    const wereGone = this.#running.leaveGone(now);
    if (wereGone && this.#running.dueAt === undefined) this.#save(now, true);
    this.#report();
  }

  tick(now: number): boolean {
    for (const { id, session } of this.#connections.values()) {
      // By another token, or by its rule, it may not play any more.
      if (!mayWrite(session)) this.#running.rise(id, false, now);
    }
    const hasTicked = this.#running.advance(now);
    if (!hasTicked) return false;
    this.#standpoints.clear();
    this.#tickedAt = now;
    this.#save(now, false);
    this.#report();
    return true;
  }

  standpointOf({ id }: Connection): Standpoint {
    const view = this.#running.viewOf(id);
    const known = this.#standpoints.get(view);
    if (known !== undefined) return known;
    const made = new ViewPoint(view, this.#tickedAt);
    this.#standpoints.set(view, made);
    return made;
  }

  takeWronged(): readonly Wronged[] {
    return [...this.#refused.splice(0), ...this.#running.takeWronged()];
  }

  /** What a flush is to store. */
  takeUnsaved(): SavedGame | undefined {
    const unsaved = this.#unsaved;
    this.#unsaved = undefined;
    return unsaved;
  }

  /** This could not be stored; it is tried again with what comes after it, or itself when nothing does. */
  notSaved(saved: SavedGame): void {
    this.#running.notSaved();
    if (this.#running.dueAt === undefined) this.#unsaved ??= saved;
  }

  #save(now: number, isLast: boolean): void {
    this.#unsaved = this.#running.save(now, isLast) ?? this.#unsaved;
  }

  #report(): void {
    for (const { hook, thrown } of this.#running.takeFailures()) {
      this.#failed(new RuleFailure(hook, thrown));
    }
  }
}

/** What those are told of a tick who see the same. */
class ViewPoint implements Standpoint {
  readonly told: EncodedFrame;
  readonly view: View;
  readonly #timestamp: string;
  #whole: EncodedFrame | undefined;

  constructor(view: View, at: number) {
    this.view = view;
    this.#timestamp = iso(at);
    this.told = this.#frame(view.told);
  }

  get whole(): EncodedFrame {
    this.#whole ??= this.#frame(this.view.whole);
    return this.#whole;
  }

  #frame(payload: GameState): EncodedFrame {
    return EncodedFrame.of({ type: "game_state", timestamp: this.#timestamp, payload });
  }
}

function mayWrite({ permissions }: Connection["session"]): boolean {
  return permissions.includes("write");
}
