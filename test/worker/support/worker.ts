/** The Worker as it is deployed, and what tests have beside it. */
export {
  DocumentObject,
  default,
  MetricsObject,
  RoomObject,
  SocketioObject,
} from "../../../src/index.ts";
export { EchoObject } from "../host/echo.ts";
