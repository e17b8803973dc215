import { hibiki } from "hibiki/server";
import { Hono } from "hono";
import { AgentsObject } from "./agents";
import { rules } from "./rules";

const realtime = hibiki({
  chat: rules,
  webhooks: [
    {
      name: "tickets",
      url: (env) => env.TICKETS_URL,
      secret: (env) => env.TICKETS_SECRET,
      events: ["new_message"],
      rooms: "support-*",
    },
  ],
});

export { AgentsObject };
export class RoomObject extends realtime.objects.RoomObject {}

const app = new Hono<{ Bindings: Cloudflare.Env }>();

app.use("/desk/*", async (c, next) => {
  if (c.req.header("Authorization") !== `Bearer ${c.env.API_KEY}`)
    return c.text("Who are you?", 401);
  return next();
});
app.put("/desk/agents/:id", async (c) => {
  await c.env.AGENTS.getByName("desk").hire(c.req.param("id"));
  return c.body(null, 204);
});
app.delete("/desk/agents/:id", async (c) => {
  await c.env.AGENTS.getByName("desk").dismiss(c.req.param("id"));
  return c.body(null, 204);
});

app.route("/", realtime.app);

export default app;
