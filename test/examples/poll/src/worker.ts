import { hibiki } from "hibiki/server";
import { Hono } from "hono";
import { poll } from "./poll";
import { polls } from "./polls";

const realtime = hibiki({ kinds: [polls] });

export class RoomObject extends realtime.objects.RoomObject {}

const app = new Hono<{ Bindings: Cloudflare.Env }>();

/** Opens a poll: of course a team's own page would ask who does so. */
app.post("/polls/:name", async (c) => {
  const { question, options } = await c.req.json<{ question: string; options: string[] }>();
  const room = realtime.room(c.env, poll, `poll:${c.req.param("name")}`);
  await room.send("opened", { question, options }, { key: `open ${question}` });
  return c.json(await room.state(), 201);
});

app.route("/", realtime.app);

export default app;
