/** What a world was like, in numbers. */
export interface Account {
  readonly seed: number;
  readonly hours: number;
  readonly frames: number;
  readonly stored: number;
  readonly lives: number;
  readonly crashes: number;
  readonly notices: number;
  readonly probes: number;
  /** The same for the same seed and hours. */
  readonly trace: string;
}
