/**
 * Bounds that are part of the protocol and not settings, each with its reason. Sizes are in UTF-16
 * code units (`Chars`), in bytes (`Bytes`), or in whichever of the two a message is made of (`Units`);
 * durations are in milliseconds (`Ms`).
 */
export const BOUNDS = {
  /** A user id is a key in storage and travels with every message. */
  userIdChars: 128,
  userNameChars: 80,
  /** A UUID is 36; room for a prefix, and small enough to sit in every log row. */
  messageIdChars: 128,
  mentions: 20,
  /** Application data beside a message: enough for an attachment's description, not for the file. */
  messageDataBytes: 4 * 1024,
  publishEventChars: 64,
  publishDataBytes: 16 * 1024,
  /** What a person shows of itself: a colour, a cursor, a status, not a document. */
  presenceDataBytes: 2 * 1024,
  /** What all people of a room show together: it is in memory, and in the greeting of whoever joins. */
  presenceRoomBytes: 1024 * 1024,
  /** Event names whose last value a topic keeps: each is handed to everyone who joins. */
  topicEvents: 64,
  /** A notification is a line in a list, not a document. */
  notificationTypeChars: 64,
  notificationTitleChars: 256,
  notificationBodyChars: 2_000,
  notificationUrlChars: 2_000,
  notificationDataBytes: 4 * 1024,
  /** Notifications marked as read by name at once: a page of them. */
  notificationIds: 200,
  emojiChars: 32,
  /** Distinct emoji on one message, and reactions in all: they sit in the message's own row. */
  emojiPerMessage: 32,
  reactionsPerMessage: 500,
  /** Deleting a message blanks each edit of it, in one turn of the room. */
  editsPerMessage: 500,
  /**
   * Newest events in which a room that has slept looks for whom its senders told of messages lately:
   * what a full minute of 166 events a second leaves. A sender's quota is counted on from there.
   */
  toldSearched: 10_000,
  /**
   * Nesting of each JSON value in a stranger's payload. The server wraps it deeper (a message in a
   * page of history in a greeting), and encoders and decoders of other languages stop at 32 or 100.
   */
  dataDepth: 16,
  /** How long an import may stall between two chunks, in milliseconds: the room is closed meanwhile. */
  archiveChunkMs: 30_000,
  /**
   * Nesting of a whole line of an import: a payload holds values of {@link dataDepth}, and readers
   * of the room must be able to encode and decode it.
   */
  archiveDepth: 32,
  /**
   * Nesting of a whole MessagePack frame: each level costs a decoder some hundred bytes. Wide
   * enough to be decoded when it is refused for its nesting, so that the refusal names its messageId.
   */
  msgpackDepth: 1_024,
  /** Ten bad frames in a row are a broken or hostile client (close 4400). */
  badFramesInARow: 10,
  /** How long a messageId is remembered (P5.2). */
  dedupeWindowMs: 5 * 60_000,
  /**
   * Accepted keys that a room keeps hashed in memory, four bytes each: 4 MB in a room of 3,500 events a
   * second, a few kilobytes in most. The log answers for what is older.
   */
  keysKept: 1_048_576,
  /** Keys of one piece of that memory. The newest piece knows where each stands; of the others the log must be asked. */
  keysPerSegment: 4_096,
  /**
   * Rows of the log that may be read a second to find requests sent again, by everyone and by one
   * sender. A row takes about 0.15 µs, so all of it is 2 % of the room's thread.
   */
  roomScanRowsPerSecond: 100_000,
  roomScanRowsBurst: 2_000_000,
  senderScanRowsPerSecond: 20_000,
  senderScanRowsBurst: 500_000,
  /**
   * Rows of the log that `HISTORY_MAX_MESSAGES` keeps: so many a message, for its edits and reactions,
   * and so many more, for a room of few messages. One message could hold a million reactions else.
   */
  rowsPerMessageKept: 3,
  rowsKeptBeyond: 1_000,
  /** Keys looked up in the log by one statement, which binds 100 values at most. */
  keysAtOnce: 90,
  /** Rows whose keys one statement hands over: with keys of full length a text of under 1 MB, of the 2 MB there may be. */
  keysLoaded: 1_000,
  /** Newest events in which the reaction that another one repeats is looked for. */
  reactionsSearched: 1_000,
  /** Deleted messages that are passed on the way to the newest ones: a join must not read a whole log of them. */
  deletedPassed: 1_000,
  /** A page of history, and the most a join may bring. */
  historyDefault: 50,
  historyMax: 200,
  /** A page of history or of an inbox ends here, and says that there is more: many at once must fit. */
  pageBytes: 256 * 1024,
  /** The history in a greeting, which has no next page of its own. */
  greetingBytes: 1024 * 1024,
  /**
   * People shown to a newcomer, the first to come. A room of thousands would send the whole list to
   * each of thousands; `GET /users` has it all.
   */
  usersOnJoin: 1_000,
  /** Receipts handed to a newcomer: the furthest ones; more would make joining a big room slow. */
  readsOnJoin: 1_000,
  /** A batch frame is cut here, so that a burst of long messages stays digestible to the reader. */
  batchChars: 512 * 1024,
  /**
   * What a flush hands the platform in one turn. The platform copies it and writes nothing before
   * the turn is over: a whole flush to a thousand readers could be hundreds of megabytes. So many sends
   * take some 25 ms; so many UTF-16 units of text, or bytes, a part of the object's 128 MB.
   */
  portionSends: 1_024,
  portionUnits: 8 * 1024 * 1024,
  /**
   * A line of an import. The platform's row holds 2 MB, and a line is a row and its names; it may be
   * longer where text was escaped.
   */
  archiveLineBytes: 4 * 1024 * 1024,
  /** What is read of a room at once to export it, and stored at once of an import. */
  archivePortionChars: 256 * 1024,
  /** Imports that a log remembers to have gone on from, the newest: after each, old cursors hold. */
  formerLives: 8,
  /** What a resume over a connection may bring (P4.3): beyond it the client starts anew. */
  resumeBytes: 4 * 1024 * 1024,
  /**
   * A resume goes out in portions of this; the next when the peer shows that it reads, or as long as
   * the room's budget for what is unread is far from spent.
   */
  catchUpPortionUnits: 256 * 1024,
  /** What may wait behind a resume before the peer is taken for one that does not read. */
  catchUpWaitingUnits: 2 * 1024 * 1024,
  /** How often a room looks for pings of those that it holds a portion back from. */
  catchUpLookMs: 2_000,
  /** An epoch is a UUID; room for another scheme. */
  epochChars: 64,
  /**
   * What may wait for a slow reader of an event stream, in the Worker's memory that it shares with
   * every other. Beyond it the reader is dropped, and resumes from what it has.
   */
  streamQueueBytes: 1024 * 1024,
  /**
   * The same of what a reader missed and is owed at once. Wider, so that a long absence is caught up
   * with in one go; bounded, for a few readers that resume and never read would take all 128 MB.
   */
  streamOwedBytes: 4 * 1024 * 1024,
  /** How long a reader that is owed more than that has to take it, before it is let go of. */
  streamDrainMs: 30_000,
  /** Proxies drop a response that is silent for about 30 s. */
  streamCommentMs: 15_000,
  /** How long an EventSource waits before it comes back. */
  streamRetryMs: 2_000,
  /** Below the 30 s after which proxies and browsers give up on a request. */
  pollWaitMaxSeconds: 25,
  /** An answer to a poll is cut here; the next one goes on from there. */
  pollPageChars: 1024 * 1024,
  /** Requests over HTTP are as many as over so many sockets, where a user's sockets have no limit. */
  requestConnections: 10,
  /** The platform allows 32,768 hibernatable sockets an object; the rest is kept for adapters. */
  connectionsPerRoom: 32_000,
  /** How old the time may be at which a plain client was heard, as its hibernating socket keeps it. */
  heardKeptMs: 60_000,
  /** Frames waiting for one flush, and their size. Beyond it the room is overloaded and says so. */
  queuedFrames: 20_000,
  /** Objects of one class share 128 MB: a stalled room must not take it all. */
  queuedBytes: 16 * 1024 * 1024,
  /** The id of a mark is a UUID; room for another scheme. */
  markIdChars: 64,
  /**
   * What a connection is sent between two marks, at most one of which is on its way (P3.11). An answer
   * wakes the room and costs about 70 µs with its mark: at 1 MiB less than what was sent in between.
   */
  markBytes: 1024 * 1024,
  /**
   * The first mark comes after this or, so that not all of a room answer at once, up to twice this;
   * then it is known who answers. Whoever has not by the second figure may be one that reads nothing.
   */
  firstMarkBytes: 256 * 1024,
  doubtedBytes: 768 * 1024,
  /**
   * What may have been sent to all such together, before one is called back: half of what may be
   * unread, for chance may call some that read before the first that does not.
   */
  doubtedTotalBytes: 24 * 1024 * 1024,
  /**
   * How long the socket of somebody who was called back may take to end, before it is taken for one
   * that does not read; and how often a crowd is looked at for whom to call back.
   */
  recallAnswerMs: 1_000,
  recallLookMs: 250,
  /**
   * From here on counts what a connection that answers marks has not shown to have read: as much again
   * as lies between two marks, for answers that are on their way. Up to so many of them are debtors,
   * the largest first; in a larger crowd, and where one alone owes too much, an answer is awaited for
   * so long, in milliseconds.
   */
  markShareBytes: 2 * 1024 * 1024,
  markDebtors: 64,
  markAnswerMs: 3_000,
  /** How much is sent to a silent connection between two looks at whether it still pings. */
  unreadLookBytes: 1024 * 1024,
  /**
   * What all connections of a room may owe together: the object has 128 MB, and most of the rest is
   * the platform's own. A share counts from the second figure on, which a peer that pings every 30 s
   * owes in a room of 140 KB/s; and what was sent longer ago than the last one, in milliseconds, does
   * not count any more. More than the third that owe half a share are no few that stopped reading but a
   * crowd in a very busy room, whose pings are yet to come: each has its own limit, and its heartbeat.
   * To ask a thousand for their pings costs some milliseconds, so a crowd is asked that seldom.
   */
  unreadTotalBytes: 48 * 1024 * 1024,
  unreadShareBytes: 4 * 1024 * 1024,
  unreadDebtors: 24,
  unreadCrowdLookMs: 2_000,
  unreadWindowMs: 40_000,
  /**
   * Notices of a room that may wait for inboxes, some 300 bytes each: bringing them looks at all that
   * wait, a few times a message that tells somebody. It takes ten inboxes that are out of order.
   */
  noticesWaiting: 10_000,
  /**
   * Dead letters that a room keeps, the newest: what a webhook was sent for hours while it was away. The
   * oldest go first, and are counted.
   */
  deadLetters: 1_000,
  deadLetterBytes: 4 * 1024 * 1024,
  /** The largest state of an own kind's room: told whole to whoever joins, and its row written whole. */
  stateChars: 128 * 1024,
  /**
   * How often a room's state is told to those who do not fold it themselves, in milliseconds apart:
   * nobody sees more than ten a second, and each may be 128 KiB.
   */
  stateGapMs: 100,
  /** An answer to a query is made anew for each who asks: a page of something, and not all of it. */
  queryOutputBytes: 64 * 1024,
  /** What the queries of one flush may be answered together, which waits in memory until it is sent. */
  queryFlushBytes: 4 * 1024 * 1024,
  /** A query's input over HTTP is a part of the address, of which proxies pass on some 8 KB. */
  queryInputChars: 4 * 1024,
  /**
   * What one rule may ask for, and all of that together: each costs the flush, and a loop in a rule must
   * not cost the room.
   */
  ruleCalls: 100,
  ruleBytes: 1024 * 1024,
  /**
   * An event as a schema or a rule makes it. The platform's row holds 2 MB: one that does not fit would
   * fail the transaction, and everybody else's events with it.
   */
  eventBytes: 1024 * 1024,
  /** What a timer's rule is handed: it stands in memory as long as it waits. */
  timerDataBytes: 2 * 1024,
  /**
   * What may wait for reviews: behind one frame of a connection, of one person, and in a room. A person
   * with ten connections and a moderator that takes 2 s is far below its share; the room's is a small
   * part of the object's 128 MB. Each look under way is a call to somewhere else.
   */
  reviewLineFrames: 100,
  reviewPersonFrames: 200,
  reviewPersonBytes: 1024 * 1024,
  reviewFrames: 10_000,
  reviewBytes: 8 * 1024 * 1024,
  reviewsAtOnce: 1_000,
  /** People in memory of whom a room knows that they have written; the others are looked up. */
  writersRemembered: 5_000,
  /**
   * Events of an older release's log that are searched, newest first, for those who have written; who
   * wrote before that is known by a receipt, or when coming or writing again.
   */
  writersSearched: 10_000,
  /** Receipts kept in a room, the furthest: guests leave one each, for ever. */
  receiptsKept: 5_000,
  /** Typing is dropped by receivers after this long, so no timer runs in the room. */
  typingExpiresMs: 6_000,
  /** Grace beyond `heartbeatMs` before a silent peer is closed. */
  heartbeatGraceMs: 10_000,
  /** A token minted by this server lives at most a day. */
  tokenTtlMaxSeconds: 86_400,
  tokenTtlDefaultSeconds: 3_600,
  /** Clocks differ: a token may begin, and have been issued, so far ahead of ours (P2.4). */
  clockLeewaySeconds: 30,
  /** A guest who stays away for longer comes back as somebody new. */
  guestReturnSeconds: 30 * 86_400,
  /** Guests made from one address in a minute, where no binding counts them for all isolates. */
  guestsPerMinute: 60,
  /** Every pattern stands in each guest's token, which must fit into a header. */
  guestRooms: 32,
  /** RFC 7518 §3.2: an HS256 secret has at least as many bits as its hash. */
  secretBytesMin: 32,
  /** Each may be tried for each token. */
  secrets: 8,
  /** A token is a header; longer ones do not fit through proxies. */
  tokenChars: 8 * 1024,
  /** A request for a token holds its grants, which the token must hold as well. */
  tokenRequestBytes: 16 * 1024,
  /** A ban lasts at most a year. */
  banMaxSeconds: 366 * 86_400,
} as const;
