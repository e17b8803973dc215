/** The client SDK, as `hibiki/client`. */
export type { ErrorCode, Refusal } from "../protocol/error.ts";
export type { Permission } from "../protocol/grant.ts";
export type { DocumentVersion, RestoredVersion, VersionPage } from "../protocol/http-answer.ts";
export type { Json } from "../protocol/json.ts";
export type { DeletedMessage, Message, PresentUser, Reactions, User } from "../protocol/message.ts";
export type {
  Notification,
  NotificationPage,
  NotificationsRead,
} from "../protocol/notification.ts";
export type {
  Greeting,
  JoinedInbox,
  JoinedRoom,
  JoinedTopic,
  LastValue,
  MessagePage,
  ServerFrameOf,
} from "../protocol/server-frame.ts";
export type { NotificationQuery, PageQuery } from "./address.ts";
export { type ClientOptions, RealtimeClient, type RoomOptions } from "./client.ts";
export type { Deadline } from "./deadline.ts";
export type { DocumentEvents, DocumentOptions } from "./document-event.ts";
export type { VersionQuery } from "./document-versions.ts";
export type { EnteredRoom } from "./entered-room.ts";
export type {
  Cancel,
  Environment,
  HttpBody,
  HttpRequest,
  HttpResponse,
  Socket,
  SocketEvents,
  WakeCause,
} from "./environment.ts";
export {
  type ClientErrorCode,
  type Outcome,
  RealtimeError,
  type RealtimeErrorCode,
} from "./error.ts";
export type { GameRoom } from "./game-room.ts";
export type {
  FieldsOf,
  GameEvents,
  GameOptions,
  GamePerson,
  GamePlayer,
  InputOf,
  SharedOf,
} from "./game-types.ts";
export type { Inbox } from "./inbox.ts";
export type { InboxEvents } from "./inbox-event.ts";
export type { Jsonable, Published, RoomTypes } from "./jsonable.ts";
export { type LiveRoom, refusal } from "./live-room.ts";
export type {
  Acts,
  CodeOf,
  Hearable,
  Heard,
  LiveRefusal,
  LiveSendOptions,
  PersonHere,
  ReadSeq,
  RoomRefusal,
  Sendable,
  Sent,
  You,
} from "./live-types.ts";
export type { Receipt } from "./outbox-entry.ts";
export type { ReactOptions, Room, SendOptions } from "./room.ts";
export type {
  PendingFrame,
  Reset,
  RoomEvents,
  RoomStatus,
  StatusChange,
  StatusReason,
  TypedMessage,
} from "./room-event.ts";
export type { SharedDocument } from "./shared-document.ts";
export type { TokenOption } from "./token-source.ts";
export type { Topic } from "./topic.ts";
export type { LastValues, TopicEvents, TypedValue } from "./topic-event.ts";
export type { MultiplexOption, TransportName } from "./transport.ts";
export type { TransportOption } from "./transport-option.ts";
export type { PublishOptions } from "./uplink.ts";
export { uuid } from "./uuid.ts";
export type { ClientWire } from "./wire-codec.ts";
