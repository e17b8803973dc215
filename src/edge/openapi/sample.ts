/** The people and things that the examples are about. */
export const SAMPLE = {
  room: "general",
  userId: "ada",
  epoch: "0b0e7ad4-5e32-4b0a-9d5c-6f1f3f0c1a11",
  timestamp: "2026-09-01T09:30:00.000Z",
  later: "2026-09-01T10:30:00.000Z",
  token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEifQ.signature",
} as const;

/** A message of the room. */
export const SAMPLE_MESSAGE = {
  seq: 1,
  messageId: "8a0c3f7e-6f0f-4a86-9d3c-0c7f0f6f2b11",
  userId: SAMPLE.userId,
  userName: "Ada",
  content: "Hello from the edge",
  timestamp: SAMPLE.timestamp,
} as const;

/** A notification of Ada's inbox. */
export const SAMPLE_NOTIFICATION = {
  seq: 1,
  id: "invoice-7",
  type: "invoice",
  title: "Invoice 7 is paid",
  body: "Thank you.",
  url: "/invoices/7",
  timestamp: SAMPLE.timestamp,
  read: false,
} as const;
