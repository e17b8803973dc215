import type { TestRoom } from "../../src/testing/test-room.ts";
import type { Dice } from "./dice.ts";
import type { Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** One thing that goes wrong; says what. */
export type Mishap = (world: Stage, dice: Dice) => string;

/** What goes wrong, and how often by comparison. */
export const MISHAPS: readonly (readonly [weight: number, mishap: Mishap])[] = [
  [8, crash],
  [10, hibernate],
  [12, cut],
  [6, stall],
  [6, offline],
  [5, lid],
  [5, switchOff],
  [4, slowDisk],
  [3, fullDisk],
  [3, jumpServer],
  [3, jumpDevice],
  [2, deploy],
  [1, kick],
  [1, erase],
];

function someRoom(world: Stage, dice: Dice): TestRoom | undefined {
  return dice.pick(world.server.rooms);
}

function somebody(world: Stage, dice: Dice): Person | undefined {
  return dice.pick(world.people.filter(({ isHere }) => isHere));
}

/** When an end notices that a connection is gone, in milliseconds; often it does not. */
function noticedMs(dice: Dice): number | undefined {
  return dice.weighted([
    [4, dice.whole(0, 200)],
    [3, dice.whole(200, 60_000)],
    [3, undefined],
  ]);
}

function crash(world: Stage, dice: Dice): string {
  const room = someRoom(world, dice);
  if (room === undefined) return "nothing";
  world.crash(room);
  return `crash ${room.name}`;
}

function hibernate(world: Stage, dice: Dice): string {
  const room = someRoom(world, dice);
  return `hibernate ${room?.name} ${room?.hibernate()}`;
}

function cut(world: Stage, dice: Dice): string {
  const person = somebody(world, dice);
  person?.device.cut({ clientMs: noticedMs(dice), serverMs: noticedMs(dice) });
  return `cut ${person?.userId}`;
}

function stall(world: Stage, dice: Dice): string {
  const person = somebody(world, dice);
  const ms = dice.whole(100, 45_000);
  for (const line of person?.device.lines ?? []) line.stall(ms);
  return `stall ${person?.userId} ${ms}`;
}

function offline(world: Stage, dice: Dice): string {
  const person = somebody(world, dice);
  if (person === undefined) return "nothing";
  const { device } = person;
  const ms = dice.wait(dice.pick([2_000, 60_000, 3_600_000]) ?? 1);
  device.goOffline({ clientMs: noticedMs(dice), serverMs: noticedMs(dice) });
  world.later(ms, () => device.goOnline());
  return `offline ${person.userId} ${ms}`;
}

function lid(world: Stage, dice: Dice): string {
  const person = somebody(world, dice);
  if (person === undefined) return "nothing";
  const { device } = person;
  const ms = dice.wait(dice.pick([5_000, 600_000, 4 * 3_600_000]) ?? 1);
  device.sleep(ms);
  // Nobody keeps a connection open that says nothing for long.
  if (ms > 60_000) device.cut({ clientMs: ms + 1, serverMs: noticedMs(dice) });
  world.later(ms + 1, () => device.wake("visible"));
  return `lid ${person.userId} ${ms}`;
}

function switchOff(world: Stage, dice: Dice): string {
  const person = somebody(world, dice);
  if (person === undefined) return "nothing";
  const ms = dice.wait(dice.pick([3_000, 400_000, 10 * 3_600_000]) ?? 1);
  person.switchOff(noticedMs(dice));
  world.later(ms, () => world.visit(person));
  return `off ${person.userId} ${ms}`;
}

function slowDisk(world: Stage, dice: Dice): string {
  const before = world.diskMs;
  world.diskMs = dice.whole(50, 2_000);
  world.later(dice.whole(1_000, 20_000), () => {
    world.diskMs = before;
  });
  return `disk ${world.diskMs}`;
}

function fullDisk(world: Stage, dice: Dice): string {
  const room = someRoom(world, dice);
  if (room === undefined) return "nothing";
  world.fillDisk(room);
  world.later(dice.whole(100, 15_000), () => {
    room.disk.database.failing = false;
    world.ledger(room.name).forget();
  });
  return `full ${room.name}`;
}

function jumpServer(world: Stage, dice: Dice): string {
  const { wall } = world.server;
  const ms = dice.pick([-86_400_000, -600_000, -5_000, 5_000, 240_000, 600_000, 86_400_000]) ?? 0;
  wall.skewMs = dice.chance(0.4) ? 0 : ms;
  return `server's clock ${wall.skewMs}`;
}

function jumpDevice(world: Stage, dice: Dice): string {
  const person = somebody(world, dice);
  const ms = dice.pick([-90_000_000, -600_000, -5_000, 5_000, 600_000, 90_000_000]) ?? 0;
  if (person !== undefined) person.device.wall.skewMs = dice.chance(0.3) ? 0 : ms;
  return `clock of ${person?.userId} ${ms}`;
}

function deploy(world: Stage, dice: Dice): string {
  world.configure(dice.pick(["0", "75", "200"]) ?? "75");
  for (const room of world.server.rooms) world.crash(room);
  return "deploy";
}

function kick(world: Stage, dice: Dice): string {
  const person = somebody(world, dice);
  const room = dice.pick(world.rooms);
  if (person === undefined || room === undefined) return "nothing";
  const banMs = dice.chance(0.5) ? 0 : dice.whole(1_000, 60_000);
  world.server.room(room).kick(person.userId, banMs);
  world.later(banMs + dice.whole(1_000, 20_000), () => world.visit(person));
  return `kick ${person.userId} ${room} ${banMs}`;
}

function erase(world: Stage, dice: Dice): string {
  const room = dice.pick(world.rooms);
  if (room === undefined) return "nothing";
  world.server.room(room).erase();
  world.later(dice.whole(1_000, 20_000), () => world.comeBack());
  return `erase ${room}`;
}
