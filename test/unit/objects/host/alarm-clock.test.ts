import { expect, it } from "vitest";
import { AlarmClock } from "../../../../src/objects/host/alarm-clock.ts";

const T0 = Date.UTC(2026, 0, 1);
const MONTH_MS = 30 * 86_400_000;

/** The one alarm of an object's storage, and how often it was written. */
class Alarm {
  at: number | null = null;
  writes = 0;
  failing = false;

  async getAlarm(): Promise<number | null> {
    return this.at;
  }

  async setAlarm(at: number): Promise<void> {
    if (this.failing) throw new Error("disk full");
    this.writes += 1;
    this.at = at;
  }
}

it("is armed for the earliest, and written only when that moves up", async () => {
  const alarm = new Alarm();
  const clock = new AlarmClock(alarm);
  await clock.wakeBy(T0, undefined);
  await clock.wakeBy(T0, T0 + 9, undefined, T0 + 5);
  await clock.wakeBy(T0, T0 + 7);
  expect([alarm.at, alarm.writes]).toEqual([T0 + 5, 1]);
  await clock.wakeBy(T0, T0 + 3);
  expect([alarm.at, alarm.writes]).toEqual([T0 + 3, 2]);
  clock.wentOff(T0 + 3);
  await clock.wakeBy(T0, T0 + 7);
  expect(alarm.at).toBe(T0 + 7);
});

it("remembers what an earlier life had armed", async () => {
  const alarm = new Alarm();
  alarm.at = T0 + 5;
  const clock = new AlarmClock(alarm);
  expect(await clock.load(T0)).toBe(T0 + 5);
  await clock.wakeBy(T0, T0 + 7);
  expect(alarm.writes).toBe(0);
});

it("looks no further ahead than a month: the platform refuses dates after 2189", async () => {
  const alarm = new Alarm();
  await new AlarmClock(alarm).wakeBy(T0, Date.UTC(2286, 0, 1));
  expect(alarm.at).toBe(T0 + MONTH_MS);
});

it("is not armed when that could not be stored, and is so by the next who asks", async () => {
  const alarm = new Alarm();
  const clock = new AlarmClock(alarm);
  alarm.failing = true;
  await expect(clock.wakeBy(T0, T0 + 5)).rejects.toThrow("disk full");
  alarm.failing = false;
  await clock.wakeBy(T0, T0 + 5);
  expect(alarm.at).toBe(T0 + 5);
});

it.each([
  ["a fraction is the whole millisecond after it", T0 + 9.25, T0 + 10],
  ["now is the next millisecond: within the alarm the platform would drop it", T0, T0 + 1],
  ["what is overdue is the next millisecond", T0 - 60_000.5, T0 + 1],
])("sets whole milliseconds after now: %s", async (_, due, at) => {
  const alarm = new Alarm();
  await new AlarmClock(alarm).wakeBy(T0, due);
  expect(alarm.at).toBe(at);
});

it("never sets the very time that is running, though it went off before its time", async () => {
  const alarm = new Alarm();
  const clock = new AlarmClock(alarm);
  await clock.wakeBy(T0, T0 + 9);
  expect(clock.wentOff(T0 + 9)).toBe(false);
  await clock.wakeBy(T0 + 8, T0 + 9);
  expect(alarm.at).toBe(T0 + 10);
  const next = new AlarmClock(alarm);
  expect(next.wentOff(T0 + 10)).toBe(true);
  await next.wakeBy(T0 + 8, T0 + 9.5);
  expect(alarm.at).toBe(T0 + 11);
});

it("believes no time that has long passed, neither an earlier life's nor its own", async () => {
  const alarm = new Alarm();
  const clock = new AlarmClock(alarm);
  await clock.wakeBy(T0, T0 + 5);
  await clock.wakeBy(T0 + 1_000, T0 + 2_000);
  expect([alarm.at, alarm.writes]).toEqual([T0 + 5, 1]);
  await clock.wakeBy(T0 + 60_000, T0 + 70_000);
  expect([alarm.at, alarm.writes]).toEqual([T0 + 70_000, 2]);
  const later = new AlarmClock(alarm);
  expect(await later.load(T0 + 70_000)).toBe(T0 + 70_000);
  await later.wakeBy(T0 + 70_000, T0 + 70_000);
  expect(alarm.at).toBe(T0 + 70_001);
});
